"""The order of work: components of a graph, and steps towards goals, against what they have to be."""

from __future__ import annotations

import random

import pytest

from nosyncio.ordering import Goal, components, steps


def _reachable(needs: list[list[int]], start: int) -> set[int]:
    found = {start}
    waiting = [start]
    while waiting:
        for other in needs[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_components_are_those_that_reach_each_other(seed: int) -> None:
    chance = random.Random(seed)
    size = chance.randint(1, 14)
    needs = [sorted(chance.sample(range(size), chance.randint(0, min(3, size)))) for _ in range(size)]
    reach = [_reachable(needs, node) for node in range(size)]
    expected = {tuple(other for other in sorted(reach[node]) if node in reach[other]) for node in range(size)}
    found = components(needs)
    assert sorted(map(tuple, found)) == sorted(expected)
    place = {node: number for number, members in enumerate(found) for node in members}
    assert all(place[other] <= place[node] for node in range(size) for other in needs[node]), "what is needed comes first"


def test_a_long_chain_and_a_long_circle() -> None:
    length = 20_000
    chain = [[node + 1] if node + 1 < length else [] for node in range(length)]
    assert components(chain) == [[node] for node in reversed(range(length))]
    circle = [[(node + 1) % length] for node in range(length)]
    assert components(circle) == [list(range(length))]


def _goals(*needs: int) -> list[Goal]:
    return [Goal(bits, (number,)) for number, bits in enumerate(needs)]


def test_what_several_need_is_done_with_the_first_of_them() -> None:
    assert steps(_goals(0b011, 0b101), int.bit_count) == [(0b011, [0]), (0b100, [1])]


def test_leaves_come_first_then_what_reaches_most() -> None:
    assert steps(_goals(0b111, 0b111, 0b111, 0b001, 0b010), int.bit_count) == [(0b001, [3]), (0b010, [4]), (0b100, [0, 1, 2])]
    assert steps(_goals(0b001, 0b010, 0b010), int.bit_count) == [(0b010, [1, 2]), (0b001, [0])]


def test_what_is_begun_is_finished_before_something_else() -> None:
    goals = _goals(0b0011, 0b0101, 0b1000, 0b1000)
    assert steps(goals, int.bit_count) == [(0b1000, [2, 3]), (0b0011, [0]), (0b0100, [1])]
    assert steps([*goals, *_goals(0b10000)], int.bit_count)[1:] == [(0b10000, [4]), (0b0011, [0]), (0b0100, [1])]


def test_less_work_comes_first_then_the_first_key() -> None:
    assert steps(_goals(0b011, 0b100), int.bit_count) == [(0b100, [1]), (0b011, [0])]
    assert steps(_goals(0b10, 0b01), int.bit_count) == [(0b10, [0]), (0b01, [1])]


@pytest.mark.parametrize("seed", range(40))
def test_each_step_reaches_something_and_no_less_would(seed: int) -> None:
    chance = random.Random(seed)
    goals = _goals(*(chance.randint(1, 2**8 - 1) for _ in range(chance.randint(1, 12))))
    done, reached = 0, []
    for bits, numbers in steps(goals, int.bit_count):
        assert bits, "a step does something"
        assert not bits & done, "nothing is done twice"
        left = [goal.needs & ~done for number, goal in enumerate(goals) if number not in reached]
        assert not any(needs != bits and needs & ~bits == 0 for needs in left), "a part of it would reach something"
        done |= bits
        assert numbers == [number for number, goal in enumerate(goals) if number not in reached and goal.needs & ~done == 0]
        reached += numbers
    assert sorted(reached) == list(range(len(goals)))
