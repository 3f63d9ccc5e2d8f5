"""The parts of a report that a terminal may colour."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TypeAlias

from nosyncio.model import Span


class Part(enum.Enum):
    PATH = "path"
    CODE = "code"
    SOURCE = "source"
    MARK = "mark"
    HINT = "hint"
    BAD = "bad"
    GOOD = "good"


Paint: TypeAlias = Callable[[str, Part], str]


def shown(path: str) -> str:
    """A path as one line that a terminal can print: what is not printable is written as an escape."""
    return path if path.isprintable() else "".join(char if char.isprintable() else ascii(char)[1:-1] for char in path)


def spelled(name: str) -> str:
    """A qualified name as code spells it: built-ins have no module."""
    return name.removeprefix("builtins.")


def plain(piece: str, part: Part) -> str:
    """No colour."""
    return piece


def excerpt(span: Span, line: str) -> str:
    """The text of a call on the line that it begins on."""
    return line.rstrip()[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]
