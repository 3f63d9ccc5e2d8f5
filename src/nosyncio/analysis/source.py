"""Bytes to a syntax tree, with every way in which that fails named."""

from __future__ import annotations

import ast
import codecs
import io
import re
import sys
import tokenize
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):
    """Why a file has no tree: a reason for people, and the line (from 1) where one is to blame."""

    reason: str
    line: int | None = None


class TooDeep(Unreadable):
    """The source nests deeper than what is left of this Python's stack."""

    def __init__(self) -> None:
        super().__init__("nested too deeply for Python's stack")


def with_stack(work: Callable[[], Result]) -> Result:
    """What `work` gives. How deep a file may nest must not depend on who calls: what is too deep here gets a stack of its own."""
    try:
        return work()
    except TooDeep:
        with ThreadPoolExecutor(max_workers=1) as fresh:
            return fresh.submit(work).result()


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a piece of one, as text and as a tree. above: how many lines of the file stand above it."""

    text: str
    tree: ast.Module
    above: int = 0


def decode(data: bytes) -> str:
    """The text of a source file, decoded as Python would: byte order mark, coding cookie, UTF-8; newlines made uniform.

    Raises Unreadable for an unknown encoding, undecodable bytes, or a NUL byte.
    """
    if b"\0" in data:
        raise Unreadable("source contains a NUL byte", data.count(b"\n", 0, data.index(b"\0")) + 1)
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except LookupError:
        raise Unreadable(f"{encoding} is no encoding of text", 1) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"not valid {encoding}: byte 0x{error.object[error.start]:02x}", line) from None
    except UnicodeError:
        raise Unreadable(f"not valid {encoding}") from None
    return normalized(text)


def _encoding(data: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        contradicts = data.startswith(codecs.BOM_UTF8) and "problem" in error.msg
        reason = "the byte order mark says UTF-8, the coding cookie something else" if contradicts else error.msg
        raise Unreadable(reason, 1) from None


def normalized(text: str) -> str:
    """`text` with the newlines that Python sees, and without a byte order mark."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def parse(text: str, above: int = 0) -> Source:
    """The tree of `text`; `above` as in `Source`. Raises Unreadable for whatever this Python cannot parse, saying why in one
    line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(_explain(error), error.lineno or None) from None
    except (RecursionError, MemoryError):
        raise TooDeep from None
    except ValueError as error:
        raise Unreadable(str(error)) from None
    return Source(text, tree, above)


# What only a newer Python parses, the newest first: version, pattern on the source line, pattern on how this Python refuses.
_ANY = re.compile("")
_NEWER_SYNTAX = (
    ((3, 14), re.compile(r"""(?<![\w'"])(?:t|rt|tr)['"]""", re.IGNORECASE), _ANY),
    ((3, 14), re.compile(r"^\s*except\s*\*?\s*\w[\w.]*\s*,"), _ANY),
    ((3, 13), re.compile(r"^\s*(?:type|(?:async\s+)?def|class)\s+\w+\s*\[[^\](]*="), _ANY),
    ((3, 12), re.compile(r"^\s*(?:type\s+\w+.*=|(?:(?:async\s+)?def|class)\s+\w+\s*\[)"), _ANY),
    ((3, 12), _ANY, re.compile("^f-string")),
    ((3, 12), re.compile(r"""(?<!\w)r?fr?(["'])(?:(?!\1).)*\{(?:(?!\1|\}).)*\1""", re.IGNORECASE), _ANY),
    ((3, 11), re.compile(r"^\s*except\s*\*|\[[^\]]*\*\w|\*\w+\s*:\s*\*"), _ANY),
)
_PYTHON_2 = (
    (re.compile(r"^\s*(?:print\s+[^(=\s]|exec\s+['\"\w]|raise\s+\w+\s*,|except\s+[\w.]+\s*,\s*[a-z_]\w*\s*:)"), _ANY),
    (re.compile(r"\bur['\"]|\d+L\b|<>|`[^`]+`|^\s*def\s+\w+\((?:[^()]*,)?\s*\(", re.IGNORECASE), _ANY),
    (_ANY, re.compile("^leading zeros in decimal integer")),
)


def _explain(error: SyntaxError) -> str:
    """One line for people: the parser's message, and the Python version that would take the code where we can tell."""
    message = " ".join((error.msg or "invalid syntax").split())
    line = error.text or ""
    if any(on_line.search(line) and on_message.search(message) for on_line, on_message in _PYTHON_2):
        return f"syntax error: {message}; this looks like Python 2"
    for (major, minor), on_line, on_message in _NEWER_SYNTAX:
        if sys.version_info[:2] < (major, minor) and on_line.search(line) and on_message.search(message):
            running = f"{sys.version_info[0]}.{sys.version_info[1]}"
            return (
                f"syntax error: {message}; this looks like code for Python {major}.{minor}: "
                f"run nosyncio with that version or a later one, this is {running}"
            )
    return f"syntax error: {message}"
