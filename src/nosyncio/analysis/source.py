"""Bytes to a syntax tree, with every way in which that fails named."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):
    """Why a file has no tree: a reason for people, and the line (from 1) where one is to blame."""

    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file as text and as a tree."""

    text: str
    tree: ast.Module


def decode(data: bytes) -> str:
    """The text of a source file, decoded as Python would: byte order mark, coding cookie, UTF-8; newlines made uniform.

    Raises Unreadable for an unknown encoding, undecodable bytes, or a NUL byte.
    """
    if b"\0" in data:
        raise Unreadable("source contains a NUL byte", data.count(b"\n", 0, data.index(b"\0")) + 1)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"not valid {error.encoding}: byte 0x{data[error.start]:02x}", line) from None
    except (SyntaxError, LookupError) as error:
        raise Unreadable(str(error.msg if isinstance(error, SyntaxError) else error), 1) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def parse(text: str) -> Source:
    """The tree of `text`. Raises Unreadable for whatever this Python cannot parse, saying why in one line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(_explain(error), error.lineno) from None
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply to be parsed") from None
    except ValueError as error:
        raise Unreadable(str(error)) from None
    return Source(text, tree)


_NEWER_SYNTAX = (
    # What only a newer Python parses, and how this one words its refusal: (version, pattern on the source line).
    ((3, 14), re.compile(r"""(?<![\w'"])(t|rt|tr)(['"])|^\s*except\s+[\w.]+\s*,""", re.IGNORECASE)),
    ((3, 12), re.compile(r"^\s*type\s+\w+.*=|^\s*(async\s+)?def\s+\w+\s*\[|^\s*class\s+\w+\s*\[|(?<!\w)[rR]?[fF]['\"]")),
    ((3, 11), re.compile(r"^\s*except\s*\*|\[[^\]]*\*\w+")),
    ((3, 13), re.compile(r"\[\s*\w+\s*=")),
)

_PYTHON_2 = re.compile(r"^\s*(print\s+[^(=\s]|exec\s+['\"\w]|raise\s+\w+\s*,|except\s+\w+\s*,\s*\w+\s*:)|\bur?['\"]|\d+L\b|<>")


def _explain(error: SyntaxError) -> str:
    """One line for people: the parser's message, and the Python version that would take the code where we can tell."""
    message = " ".join((error.msg or "invalid syntax").split())
    line = error.text or ""
    if _PYTHON_2.search(line):
        return f"syntax error: {message} (this looks like Python 2)"
    for version, pattern in _NEWER_SYNTAX:
        if sys.version_info[:2] < version and pattern.search(line):
            return (
                f"syntax error: {message} (if this is newer syntax, run nosyncio with Python {version[0]}.{version[1]} or later; "
                f"this is {sys.version_info[0]}.{sys.version_info[1]})"
            )
    return f"syntax error: {message}"
