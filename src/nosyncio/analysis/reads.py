"""What an answer hangs on: the modules whose facts it was made from, and the questions to the whole project on the way.

Noted where facts are read (`Module.facts`) and where an index is asked, so that nothing can be forgotten; a table that keeps
answers keeps with each what it hangs on. What is hung on has a number. A set of many numbers, a *bundle*, has one, too, below 0,
and stands for them from then on: most answers hang on a few modules, and some on thousands by way of one other answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Set
from typing import Any, Generic, TypeVar

from nosyncio.analysis.sets import NOTHING, Numbers, packed, unpacked

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


_MOST_SHARED = 100_000
_MOST_MEMBERS = 32
"""More are bundled."""


class Reads:
    """Notes what is read. `seen`: what was, since somebody last began."""

    __slots__ = ("_bundles", "_members", "_numbers", "_places", "_sets", "_tables", "names", "seen")

    def __init__(self, names: Iterable[Hashable] = ()) -> None:
        """`names`: those that have numbers already, in order."""
        self.seen: set[int] = set()
        self.names: list[Hashable] = list(names)
        self._numbers: dict[Hashable, int] = {name: number for number, name in enumerate(self.names)}
        self._sets: dict[Numbers, Numbers] = {}
        self._bundles: list[Numbers] = []
        self._places: dict[Numbers, Numbers] = {}
        self._members: dict[int, bytes] = {}
        self._tables: list[dict[Any, tuple[Any, Numbers]]] = []

    def number(self, name: Hashable) -> int:
        """The number of something that can be read."""
        known = self._numbers.get(name)
        if known is None:
            known = self._numbers[name] = len(self.names)
            self.names.append(name)
        return known

    def note(self, name: Hashable) -> None:
        self.seen.add(self.number(name))

    def note_all(self, numbers: Numbers | bytes) -> None:
        """Note all that is in a set."""
        self.seen |= self._loose(numbers)

    def known(self, name: Hashable) -> Numbers:
        """The number of what somebody read, as a set; nothing for anything else."""
        known = self._numbers.get(name)
        return NOTHING if known is None else frozenset((known,))

    def begin(self) -> set[int]:
        """Begin to note for an answer of its own. What comes back is for `end`, which must follow whatever happens between."""
        before = self.seen
        self.seen = set()
        return before

    def end(self, before: set[int]) -> Numbers:
        """What was read since `begin`. Whoever called for the answer has read that, too."""
        own = self._shared(frozenset(self.seen))
        before |= own
        self.seen = before
        return own

    def during(self, work: Callable[[], Value]) -> tuple[Value, Numbers]:
        """What `work` gives, and what it read."""
        before = self.begin()
        try:
            value = work()
        finally:
            own = self.end(before)
        return value, own

    def aside(self, work: Callable[[], Value]) -> Value:
        """What `work` gives; what it reads is not noted, because somebody else sees to it."""
        before = self.begin()
        try:
            return work()
        finally:
            self.seen = before

    def watch(self, table: dict[Any, tuple[Any, Numbers]]) -> None:
        """Take care of a table of answers, each with what it hangs on: `forget` is about all of these."""
        self._tables.append(table)

    def forget(self, stale: Set[int]) -> None:
        """Drop all answers that hang on one of these, because it is another now."""
        found = self.holding(stale)
        for table in self._tables:
            for key in [key for key, (_, own) in table.items() if not found.isdisjoint(own)]:
                del table[key]

    # ------------------------------------------------------------------------------------------------------------------- sets

    def union(self, numbers: Numbers | bytes, more: Numbers | bytes) -> Numbers | bytes:
        """What one of two sets holds."""
        return self._shared(self._loose(numbers) | self._loose(more)) if more else numbers

    def holding(self, stale: Set[int]) -> frozenset[int]:
        """These, and the bundles that hold one of them, for `hangs_on`. It is right until something is read."""
        found = set(stale)
        for place, bundle in enumerate(self._bundles if found else ()):  # each holds older ones alone
            if not found.isdisjoint(bundle):
                found.add(~place)
        return frozenset(found)

    def packed(self, numbers: Numbers | bytes) -> bytes:
        """A set in the other form."""
        return numbers if isinstance(numbers, bytes) else packed(self.members(numbers))

    def members(self, numbers: Numbers | bytes) -> Iterable[int]:
        """What was read, of a set and of the bundles in it, each once."""
        if isinstance(numbers, bytes):
            return unpacked(numbers)
        found = set(numbers)
        for number in numbers:
            if number < 0:
                found.remove(number)
                found.update(unpacked(self._unbundled(number)))
        return found

    def _unbundled(self, number: int) -> bytes:
        """What was read, of a bundle."""
        waiting = [number]
        while number not in self._members:
            bundle = self._bundles[~waiting[-1]]
            missing = [inner for inner in bundle if inner < 0 and inner not in self._members]
            if missing:
                waiting += missing
            else:
                self._members[waiting.pop()] = self.packed(bundle)
        return self._members[number]

    def _loose(self, numbers: Numbers | bytes) -> Numbers:
        return self._shared(frozenset(unpacked(numbers))) if isinstance(numbers, bytes) else numbers

    def _shared(self, numbers: Numbers) -> Numbers:
        """The one object that stands for a set: most answers about a module hang on the same few others."""
        if len(numbers) > _MOST_MEMBERS:
            known = self._places.get(numbers)
            if known is None:
                known = self._places[numbers] = frozenset((~len(self._bundles),))
                self._bundles.append(numbers)
            return known
        if len(self._sets) > _MOST_SHARED:
            self._sets.clear()  # most are those of answers that are not kept
        return self._sets.setdefault(numbers, numbers)


class Kept(Generic[Key, Value]):
    """Answers, each with what it hangs on: whoever is given one has read that."""

    __slots__ = ("_answers", "_reads")

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._answers: dict[Key, tuple[Value, Numbers]] = {}
        reads.watch(self._answers)

    def __contains__(self, key: Key) -> bool:
        return key in self._answers

    def get(self, key: Key) -> Value | None:
        """The answer, if there is one."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._reads.seen |= found[1]
        return found[0]

    def keep(self, key: Key, value: Value, numbers: Numbers) -> None:
        """Keep an answer that hangs on `numbers`."""
        self._answers[key] = (value, numbers)

    def forget(self, key: Key) -> None:
        del self._answers[key]

    def discard(self, key: Key) -> None:
        """Forget an answer, if there is one."""
        self._answers.pop(key, None)

    def clear(self) -> None:
        self._answers.clear()

    def once(self, key: Key, work: Callable[[], Value]) -> Value:
        """The answer that `work` gives, the first time."""
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._reads.during(work)
        else:
            self._reads.seen |= found[1]
        return found[0]

    def settled(self, key: Key, meanwhile: Value, work: Callable[[], Value]) -> Value:
        """The same, for answers that may hang on themselves: to whoever asks again while it is worked out, it is `meanwhile`."""
        found = self._answers.get(key)
        if found is None:
            self._answers[key] = (meanwhile, NOTHING)
            try:
                found = self._reads.during(work)
            except BaseException:
                del self._answers[key]
                raise
            self._answers[key] = found
        else:
            self._reads.seen |= found[1]
        return found[0]
