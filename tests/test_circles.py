"""Types that hang on others: worked out once each, whatever is asked first, however far away, and whatever hangs on itself."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from nosyncio.analysis.circles import Circles
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.types import Literal, Type, Union, union

FAR = 300


class Asked:
    """Types of numbers: of each, a literal of its own and the types of those that it hangs on."""

    def __init__(self, hung_on: Sequence[Sequence[int]]) -> None:
        self.reads = Reads()
        self.circles = Circles(self.reads)
        self.hung_on = hung_on
        self.worked_out = 0

    def ask(self, number: int) -> Type:
        return self.circles.once(number, lambda: self._work(number))

    def literals(self, number: int) -> set[int]:
        found = self.ask(number)
        items = found.items if isinstance(found, Union) else (found,)
        return {value for item in items if isinstance(item, Literal) for value in item.values if isinstance(value, int)}

    def _work(self, number: int) -> Type:
        self.worked_out += 1
        self.reads.note(f"file {number}")
        return union([Literal((number,)), *map(self.ask, self.hung_on[number])])


def reached(hung_on: Sequence[Sequence[int]], number: int) -> set[int]:
    found = {number}
    waiting = [number]
    while waiting:
        waiting += (more := set(hung_on[waiting.pop()]) - found)
        found |= more
    return found


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=10, max_size=10), st.permutations(range(10)))
def test_in_small_circles_each_type_holds_all_that_it_hangs_on(hung_on: list[list[int]], order: list[int]) -> None:
    asked = Asked(hung_on)
    for number in order:
        assert asked.literals(number) == reached(hung_on, number)


@given(st.integers(0, FAR - 1), st.permutations(range(0, FAR, 7)))
def test_what_is_far_away_is_worked_out_before(first: int, order: list[int]) -> None:
    asked = Asked([[number - 1] if number else [] for number in range(FAR)])
    for number in (first, *order):
        assert asked.literals(number) == set(range(number + 1))
    assert asked.worked_out < 3 * FAR
    numbers = asked.reads.during(lambda: asked.ask(first))[1]
    assert {asked.reads.names[number] for number in asked.reads.members(numbers)} == {f"file {n}" for n in range(first + 1)}


def test_ways_under_many_tests_are_not_taken_one_by_one() -> None:
    asked = Asked([list(range(number)) for number in range(60)])  # `query = query.filter(...)` under sixty tests in a row
    assert asked.literals(59) == set(range(60))
    assert asked.worked_out < 1000


def test_ways_round_a_circle_are_not_taken_one_by_one() -> None:
    asked = Asked([list(range(40))] * 40)  # the same in a loop
    assert asked.literals(7) == set(range(40))
    assert asked.worked_out < 5000


def test_a_circle_that_is_too_long_ends() -> None:
    asked = Asked([[(number + 1) % FAR] for number in range(FAR)])
    assert 5 in asked.literals(5)
    assert asked.worked_out < 100 * FAR
