"""Sets of what answers hang on (`reads`), in two forms: an integer with these bits, or the members alone, for keeping."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property

_SOMETHING = re.compile(rb"[^\0]")
_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


class Numbers:
    """A set, to look whether others have something in common with it."""

    def __init__(self, held: frozenset[int]) -> None:
        self.members = held

    @classmethod
    def of(cls, numbers: int) -> Numbers:
        return cls(frozenset(_members(numbers)))

    @cached_property
    def bits(self) -> int:
        return sum(1 << number for number in self.members)


def hangs_on(numbers: int | bytes, stale: Numbers) -> bool:
    """Whether a set, in either form, has something in common with another."""
    if isinstance(numbers, int):
        return numbers & stale.bits != 0
    return not stale.members.isdisjoint(array("I", numbers))


def packed(numbers: int | bytes) -> bytes:
    """The other form: the members alone, in order, four bytes each. Most sets have few of many."""
    return numbers if isinstance(numbers, bytes) else array("I", _members(numbers)).tobytes()


def unpacked(numbers: int | bytes) -> int:
    """The first form again."""
    if isinstance(numbers, int):
        return numbers
    held = bytearray(array("I", numbers[-4:])[0] // 8 + 1 if numbers else 0)
    for number in array("I", numbers):
        held[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(held, "little")


def members(numbers: int | bytes) -> Iterable[int]:
    """What a set holds, in order."""
    return array("I", numbers) if isinstance(numbers, bytes) else _members(numbers)


def union(numbers: int | bytes, more: int) -> int | bytes:
    """What one of two sets holds."""
    if isinstance(numbers, int):
        return numbers | more
    return array("I", sorted({*members(numbers), *_members(more)})).tobytes() if more else numbers


def _members(numbers: int) -> Iterator[int]:
    data = numbers.to_bytes((numbers.bit_length() + 7) // 8, "little")
    for match in _SOMETHING.finditer(data):
        place = match.start()
        for bit in _BITS[data[place]]:
            yield place * 8 + bit
