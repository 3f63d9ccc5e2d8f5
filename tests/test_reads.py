"""What answers hang on: whatever is read on the way, however many bundles that makes, and in both forms."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from nosyncio.analysis.reads import Kept, Reads
from nosyncio.analysis.sets import Numbers, hangs_on

NAMES = [f"name {number}" for number in range(300)]
ANSWERS = 8
SOME_NAMES = st.sets(st.sampled_from(NAMES)) | st.integers(0, 200).map(lambda first: set(NAMES[first : first + 60]))
Said: TypeAlias = list[tuple[set[str], list[int]]]
"""For each answer the names that are read for it, and the answers before it that are asked for."""


@st.composite
def said(draw: st.DrawFn) -> Said:
    return [
        (draw(SOME_NAMES), draw(st.lists(st.integers(0, place - 1), max_size=3)) if place else []) for place in range(ANSWERS)
    ]


class Answers:
    """Answers that are given on demand, and kept, each with what it hangs on."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.reads = Reads(NAMES)
        self.kept: Kept[int, int] = Kept(self.reads)
        self.numbers: dict[int, Numbers] = {}

    def ask(self, place: int) -> int:
        return self.kept.once(place, lambda: self._work(place))

    def _work(self, place: int) -> int:
        names, others = self.said[place]
        for other in others:
            self.ask(other)
        for name in sorted(names):
            self.reads.note(name)
        return place

    def hung_on(self) -> Iterator[tuple[int, Numbers, set[str]]]:
        """Each answer, what it hangs on, and what it ought to."""
        ought: list[set[str]] = []
        for place, (names, others) in enumerate(self.said):
            ought.append(names.union(*(ought[other] for other in others)))
            yield place, self.reads.during(partial(self.ask, place))[1], ought[place]


@given(said())
def test_an_answer_hangs_on_all_that_was_read_for_it(said: Said) -> None:
    answers = Answers(said)
    for _, numbers, ought in answers.hung_on():
        for form in (numbers, answers.reads.packed(numbers)):
            assert {answers.reads.names[number] for number in answers.reads.members(form)} == ought
        assert list(answers.reads.members(answers.reads.packed(numbers))) == sorted(answers.reads.members(numbers))


@given(said(), st.sets(st.sampled_from(NAMES), max_size=3))
def test_what_hangs_on_something_is_forgotten_with_it(said: Said, edited: set[str]) -> None:
    answers = Answers(said)
    ought = {place: names for place, _, names in answers.hung_on()}
    stale = {number for name in edited for number in answers.reads.known(name)}
    found = answers.reads.holding(stale)
    for _, numbers, names in answers.hung_on():
        assert hangs_on(numbers, found) is hangs_on(answers.reads.packed(numbers), found) is bool(names & edited)
    answers.reads.forget(stale)
    assert {place for place in range(ANSWERS) if place in answers.kept} == {
        place for place, names in ought.items() if not names & edited
    }


@given(SOME_NAMES, SOME_NAMES)
def test_sets_are_the_same_in_both_forms(one: set[str], other: set[str]) -> None:
    reads = Reads()

    def forms(names: set[str]) -> Iterator[Numbers | bytes]:
        _, numbers = reads.during(lambda: deque(map(reads.note, sorted(names)), maxlen=0))
        yield from (numbers, reads.packed(numbers))

    for numbers in forms(one):
        for more in forms(other):
            assert {reads.names[number] for number in reads.members(reads.union(numbers, more))} == one | other
        assert reads.during(partial(reads.note_all, numbers))[1] == next(forms(one))


def test_what_is_worked_out_aside_is_not_noted() -> None:
    reads = Reads(NAMES)

    def work() -> None:
        reads.note(NAMES[0])
        reads.aside(lambda: reads.note(NAMES[1]))
        reads.note(NAMES[2])

    assert reads.during(work)[1] == {0, 2}
    assert reads.seen == {0, 2}
