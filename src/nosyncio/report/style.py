"""The parts of a report that a terminal may colour."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TypeAlias


class Part(enum.Enum):
    PATH = "path"
    CODE = "code"
    SOURCE = "source"
    MARK = "mark"
    HINT = "hint"
    BAD = "bad"
    GOOD = "good"


Paint: TypeAlias = Callable[[str, Part], str]


def plain(piece: str, part: Part) -> str:
    """No colour."""
    return piece
