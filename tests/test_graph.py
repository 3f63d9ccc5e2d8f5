"""The call graph in numbers: who blocks is the least fixed point, whatever is looked at in which order, and outlives packing."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from nosyncio.analysis.graph import Graph, Looked, Runs, Shown
from nosyncio.analysis.reads import Reads

NODES = 7
RUNS = st.lists(
    st.lists(st.lists(st.integers(0, NODES - 1), min_size=1, max_size=3).map(tuple), min_size=1, max_size=2).map(tuple),
    max_size=3,
).map(tuple)
GRAPHS = st.lists(st.tuples(RUNS, st.booleans(), st.booleans()), min_size=NODES, max_size=NODES)


def graph_of(nodes: Sequence[tuple[Runs, bool, bool]]) -> Graph:
    graph = Graph()
    for number, (runs, has_own, _) in enumerate(nodes):
        assert graph.number(str(number).encode()) == number
        graph.put(number, Looked(runs, has_own, frozenset((number,))))
    return graph


def blocking(nodes: Sequence[tuple[Runs, bool, bool]]) -> set[int]:
    """The same, as it is said: by going round until nothing is new."""
    found: set[int] = set()
    while True:
        more = {
            number
            for number, (runs, has_own, is_filled) in enumerate(nodes)
            if not is_filled and (has_own or any(all(found & {*branch} for branch in run) for run in runs))
        }
        if more == found:
            return found
        found = more


@given(GRAPHS)
def test_what_blocks_is_the_least_fixed_point(nodes: list[tuple[Runs, bool, bool]]) -> None:
    graph = graph_of(nodes)
    asked: list[int] = []

    def is_filled(number: int) -> bool:
        asked.append(number)
        return nodes[number][2]

    graph.settle(range(NODES), is_filled)
    assert graph.all_blocking() == blocking(nodes)
    assert len(asked) == len(set(asked))
    again = graph_of([(runs, has_own, is_filled) for runs, has_own, is_filled in nodes])
    for number in reversed(range(NODES)):  # region by region: what is below first
        region = [one for one in again.below([number]) if again.blocks(one) is None]
        again.settle(region, lambda one: nodes[one][2])
    assert again.all_blocking() == graph.all_blocking()


@given(GRAPHS, st.sets(st.integers(0, NODES - 1)))
def test_above_and_below_are_each_others_converse(nodes: list[tuple[Runs, bool, bool]], some: set[int]) -> None:
    graph = graph_of(nodes)
    above = graph.above(some, lambda number: True)
    assert above == {number for number in range(NODES) if graph.below([number]) & some}
    assert graph.users(some) == {number for number in range(NODES) if some.intersection(graph.callees(number))}


@given(GRAPHS, GRAPHS)
def test_a_copy_tells_what_it_knows_more(nodes: list[tuple[Runs, bool, bool]], more: list[tuple[Runs, bool, bool]]) -> None:
    graph, copy = graph_of(nodes), graph_of(nodes)
    first, states = len(copy), bytes(copy.states)
    for number, (runs, has_own, _) in enumerate(more):
        new = copy.number(f"new {number}".encode())
        shifted = tuple(tuple(tuple(one + (one % 2) * NODES for one in branch) for branch in run) for run in runs)
        copy.put(new, Looked(shifted, has_own, frozenset((new,))))
        copy.shown[new] = Shown((), (), bytes([number]))
    graph.number(b"another")  # so that the same node has another number here
    news = copy.news(first, states, Reads().packed)
    graph.take(news, graph.numbers_of(news), lambda numbers: numbers)
    here = {key: number for number, key in enumerate(graph.keys)}
    for number, key in enumerate(copy.keys):
        known = [[[copy.keys[one] for one in branch] for branch in run] for run in copy.runs_of(number)]
        assert [[[graph.keys[one] for one in branch] for branch in run] for run in graph.runs_of(here[key])] == known
        assert list(Reads().members(graph.hung_on_by(here[key]))) == [number]
        assert graph.shown.get(here[key]) == copy.shown.get(number)


@given(GRAPHS)
def test_packed_it_says_the_same(nodes: list[tuple[Runs, bool, bool]]) -> None:
    graph = graph_of(nodes)
    graph.settle(range(NODES), lambda number: nodes[number][2])
    again = Graph(graph.keys, graph.packed_runs(), bytes(graph.states), map(Reads().packed, graph.sets), graph.hanging)
    assert again.is_whole
    for number in range(NODES):
        assert again.runs_of(number) == graph.runs_of(number)
        assert again.blocks(number) is graph.blocks(number)
        assert again.hanging_on({number}) == {number}
    again.forget([0])
    assert not again.is_known(0)
    assert again.blocks(0) is None
    assert not Graph(graph.keys, graph.packed_runs(), b"", graph.sets, graph.hanging).is_whole
