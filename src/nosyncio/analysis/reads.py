"""What an answer hangs on: the modules whose facts it was made from, and the questions to the whole project on the way.

Noted where facts are read (`Module.facts`) and where an index is asked, so that nothing can be forgotten; a table that keeps
answers keeps with each what it hangs on. What is hung on has a number, and a set of them is an integer with these bits.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

from nosyncio.analysis.sets import unpacked

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


_MOST_SHARED = 40_000


class Reads:
    """Notes what is read. `seen`: what was, since somebody last set it to 0."""

    __slots__ = ("_numbers", "_sets", "_tables", "names", "seen")

    def __init__(self, names: Iterable[Hashable] = ()) -> None:
        """`names`: those that have numbers already, in order."""
        self.seen = 0
        self.names: list[Hashable] = list(names)
        self._numbers: dict[Hashable, int] = {name: number for number, name in enumerate(self.names)}
        self._sets: dict[int, int] = {}
        self._tables: list[dict[Any, tuple[Any, int]]] = []

    def number(self, name: Hashable) -> int:
        """The number of something that can be read."""
        known = self._numbers.get(name)
        if known is None:
            known = self._numbers[name] = len(self.names)
            self.names.append(name)
        return known

    def bit(self, name: Hashable) -> int:
        """The same, as a set of its own."""
        return 1 << self.number(name)

    def note(self, name: Hashable) -> None:
        self.seen |= self.bit(name)

    def note_all(self, numbers: int | bytes) -> None:
        """Note all that is in a set."""
        self.seen |= self.shared(unpacked(numbers))

    def known(self, name: Hashable) -> int:
        """The same as `bit` of what somebody read; no number at all for anything else."""
        known = self._numbers.get(name)
        return 0 if known is None else 1 << known

    def begin(self) -> int:
        """Begin to note for an answer of its own. What comes back is for `end`, which must follow whatever happens between."""
        before = self.seen
        self.seen = 0
        return before

    def end(self, before: int) -> int:
        """What was read since `begin`. Whoever called for the answer has read that, too."""
        own = self.seen
        self.seen = before | own
        return self.shared(own)

    def during(self, work: Callable[[], Value]) -> tuple[Value, int]:
        """What `work` gives, and what it read."""
        before = self.begin()
        try:
            value = work()
        finally:
            own = self.end(before)
        return value, own

    def aside(self, work: Callable[[], Value]) -> Value:
        """What `work` gives; what it reads is not noted, because somebody else sees to it."""
        before = self.seen
        try:
            return work()
        finally:
            self.seen = before

    def watch(self, table: dict[Any, tuple[Any, int]]) -> None:
        """Take care of a table of answers, each with what it hangs on: `forget` is about all of these."""
        self._tables.append(table)

    def forget(self, numbers: int) -> None:
        """Drop all answers that hang on one of these, because it is another now."""
        for table in self._tables:
            for key in [key for key, (_, own) in table.items() if own & numbers]:
                del table[key]

    def shared(self, numbers: int) -> int:
        """The one object that stands for a set: most answers about a module hang on the same few others."""
        if len(self._sets) > _MOST_SHARED:
            self._sets.clear()  # most are those of answers that are not kept
        return self._sets.setdefault(numbers, numbers)


class Kept(Generic[Key, Value]):
    """Answers, each with what it hangs on: whoever is given one has read that."""

    __slots__ = ("_answers", "_reads")

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._answers: dict[Key, tuple[Value, int]] = {}
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

    def keep(self, key: Key, value: Value, numbers: int) -> None:
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
            self._answers[key] = (meanwhile, 0)
            try:
                found = self._reads.during(work)
            except BaseException:
                del self._answers[key]
                raise
            self._answers[key] = found
        else:
            self._reads.seen |= found[1]
        return found[0]
