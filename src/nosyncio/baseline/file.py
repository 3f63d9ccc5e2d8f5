"""The baseline as a file: TOML, one entry a line, sorted, the same bytes for the same entries.

A line says all of its entry, so that git can merge the lines of two branches. Where both took out neighbouring lines, git leaves
its conflict markers; as entries can only go, both sides together with what is found decide what is right (`both_sides`).

The file is not trusted: what it says is compared with what is found, and never opened or run.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from nosyncio import rules
from nosyncio.baseline.matching import Entries
from nosyncio.config import DEFAULT_BASELINE, Config, ConfigError, did_you_mean
from nosyncio.config.problems import first_problem
from nosyncio.model import Identity

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

VERSION = 1

_HEADER = f"""\
# Sync I/O that this project lives with for now. `nosyncio baseline update` takes out what is gone; it never adds.
# After a merge conflict in here run it, too: it takes both sides, and leaves what is still found.
version = {VERSION}
known = [
"""
_FOOTER = "]\n"

_MARKER = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?: .*)?$")
_ENTRY_LINE = re.compile(r"^\s*\{")
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
"""What TOML does not allow in a string, and what an editor would take for a new line or another direction."""


class BaselineError(ConfigError):
    """A baseline that can't be used. The message names the file, the place, and what would be right."""


class _Entry(msgspec.Struct, rename="kebab"):
    """An entry as TOML has it: an identity, in which what is empty may be left out."""

    path: str
    code: str
    callee: str
    function: str = ""
    leaf: str = ""
    leaf_path: str = ""
    leaf_function: str = ""

    def identity(self) -> Identity:
        return Identity(**msgspec.structs.asdict(self))


class _Document(msgspec.Struct):
    version: int
    known: tuple[_Entry, ...] = ()


def file_for(config: Config, root: Path) -> Path | None:
    """The baseline of a project: the one that its configuration names; where it names none, the one beside it, if there is one;
    none if it names the empty string.

    That it need not be named is safe: where the file is lost, more is reported, never less.
    """
    if config.baseline is not None:
        return root / config.baseline if config.baseline else None
    default = root / DEFAULT_BASELINE
    return default if os.path.lexists(default) else None


def written(entries: Entries) -> str:
    """The text of a baseline."""
    lines = [_line(identity) for identity in sorted(entries.elements())]
    return "".join([_HEADER, *lines, _FOOTER])


def _line(identity: Identity) -> str:
    fields = (f"{name.replace('_', '-')} = {_quoted(value)}" for name, value in zip(identity._fields, identity) if value)
    return f"  {{ {', '.join(fields)} }},\n"


def _quoted(value: str) -> str:
    return '"' + _ESCAPED.sub(lambda match: _escape(match[0]), value) + '"'


def _escape(char: str) -> str:
    return f"\\{char}" if char in '"\\' else f"\\u{ord(char):04x}"


def read(file: Path, *, mending: bool = False) -> Entries:
    """The entries of a baseline. `mending`: take both sides where a merge left conflict markers. Raises BaselineError."""
    text = text_of(file)
    marked = next((number for number, line in enumerate(text.split("\n"), 1) if _MARKER.match(line)), None)
    if marked is None:
        return _parsed(text, str(file))
    if not mending:
        raise BaselineError(f"{file}:{marked}: conflict markers of a merge; `nosyncio baseline update` mends that")
    ours, theirs = both_sides(text)
    return _parsed(ours, f"{file}: our side of the conflict") | _parsed(theirs, f"{file}: their side of the conflict")


def text_of(file: Path) -> str:
    """The text of a baseline, whatever it says, with newlines as they are written. Raises BaselineError."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise BaselineError(f"{file}: not a file")
        return file.read_bytes().decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BaselineError(f"{file}: not valid TOML: byte 0x{error.object[error.start]:02x} is not UTF-8") from None
    except FileNotFoundError:
        raise BaselineError(f"{file}: there is no such baseline; `nosyncio baseline create` writes one") from None
    except OSError as error:
        raise BaselineError(f"{file}: cannot be read: {error.strerror or error}") from None


def both_sides(text: str) -> tuple[str, str]:
    """Our whole file and theirs, of one with conflict markers. What both began with (`|||||||`) is left out."""
    ours: list[str] = []
    theirs: list[str] = []
    sides: tuple[list[str], ...] = (ours, theirs)
    for line in text.split("\n"):
        marker = _MARKER.match(line)
        if marker is None:
            for side in sides:
                side.append(line)
        else:
            sides = {"<": (ours,), "|": (), "=": (theirs,), ">": (ours, theirs)}[marker[1][0]]
    return "\n".join(ours), "\n".join(theirs)


def _parsed(text: str, where: str) -> Entries:
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise BaselineError(f"{where}: nested too deeply") from None
    except ValueError as error:  # of TOML, or of a number that Python does not take
        raise BaselineError(f"{where}: not valid TOML: {error}") from None
    if not document:
        return Counter()
    _check_version(document, where)
    problem = first_problem(document, msgspec.inspect.type_info(_Document))
    entries: Entries = Counter()
    if problem is None:
        for index, entry in enumerate(msgspec.convert(document, _Document).known):
            identity = entry.identity()
            fault = _fault(identity)
            if fault is not None:
                problem = f"known[{index}]: {fault}"
                break
            entries[identity] += 1
    if problem is not None:
        raise BaselineError(f"{where}{_line_of(problem, text)}: {problem}")
    return entries


def _check_version(document: Mapping[str, Any], where: str) -> None:
    version = document.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version != VERSION:
        newer = "; a newer nosyncio wrote it" if version > VERSION else ""
        raise BaselineError(f"{where}: version {version} is not known, only {VERSION}{newer}")


def _fault(identity: Identity) -> str | None:
    """Why no run can ever find what an entry says; None if one may."""
    for path in (identity.path, *filter(None, [identity.leaf_path])):
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or str(pure) != path or "\0" in path:
            return f"{path!r} is no path below the project's root"
    if identity.code not in rules.codes():
        return f"{identity.code!r} is no code{did_you_mean(identity.code, rules.codes())}"
    return None


def _line_of(problem: str, text: str) -> str:
    """`:LINE` of the entry that a problem is about, where each entry has a line of its own."""
    about = re.match(r"known\[(\d+)\]", problem)
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _ENTRY_LINE.match(line)]
    return f":{lines[int(about[1])]}" if about is not None and int(about[1]) < len(lines) else ""
