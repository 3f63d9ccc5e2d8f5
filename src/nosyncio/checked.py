"""What checking a file gives, before anything is selected or suppressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from nosyncio.analysis.facts import Comment
from nosyncio.model import Finding


class Checked(NamedTuple):
    """What checking a file gave: findings sorted by place, the comments that may suppress them, and why it failed if it did.
    `silencing` gives the (line, code) of its comments that take a call out of chains, wherever in the project these begin.
    `is_done`: it is async-only."""

    path: str
    findings: list[Finding]
    comments: Sequence[Comment]
    problem: str | None = None
    silencing: Callable[[], frozenset[tuple[int, str]]] = frozenset
    is_done: bool = False
