"""Sets of what answers hang on (`reads`), in two forms: as numbers, for working with; or packed, for keeping."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Set
from typing import TypeAlias

Numbers: TypeAlias = frozenset[int]
"""Numbers of `Reads`: of what was read, and, below 0, of sets of these."""

NOTHING: Numbers = frozenset()

Pack: TypeAlias = Callable[[Numbers | bytes], bytes]
"""Gives a set, in either form, in the packed one."""


def hangs_on(numbers: Numbers | bytes, stale: Set[int]) -> bool:
    """Whether a set, in either form, has something in common with another, which holds all sets that have."""
    return not stale.isdisjoint(array("I", numbers) if isinstance(numbers, bytes) else numbers)


def packed(members: Iterable[int]) -> bytes:
    """The numbers of what was read, none of them that of a set: in order, four bytes each."""
    return array("I", sorted(members)).tobytes()


def unpacked(numbers: bytes) -> Iterable[int]:
    """What a packed set holds, in order."""
    return array("I", numbers)
