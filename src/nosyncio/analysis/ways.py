"""The surest way from a function to each blocking call that it reaches, and of those the shortest: a search of the graph."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import NamedTuple

from nosyncio.analysis.graph import Graph
from nosyncio.analysis.types import Frame, Module, Step


class Found(NamedTuple):
    """A blocking call: in the body of which node, and the how manieth there; the steps that lead to it, itself last; how many
    of these hang on a test of unknown outcome."""

    number: int
    place: int
    steps: tuple[Step, ...]
    doubt: int


class _Way(NamedTuple):
    """How a search came to a node: the way to its caller, and the step there."""

    number: int
    before: _Way | None
    step: Step | None

    def steps(self) -> tuple[Step, ...]:
        """The steps from the start on."""
        steps: list[Step] = []
        way: _Way | None = self
        while way is not None and way.step is not None:
            steps.append(way.step)
            way = way.before
        return tuple(reversed(steps))


def surest_ways(graph: Graph, start: int, most_doubt: int, module_of: Callable[[int], Module]) -> list[Found]:
    """Dijkstra's: nodes in the order of what the way to them hangs on, then of its length; between equals, as found. most_doubt:
    more steps in doubt lead nowhere. module_of: the module of a node's function."""
    found: dict[Step, Found] = {}
    met: set[int] = set()
    waiting: list[tuple[int, int, int, _Way]] = [(0, 0, 0, _Way(start, None, None))]
    order = 0
    while waiting:
        doubt, length, _, way = heappop(waiting)
        if way.number in met:
            continue
        met.add(way.number)
        module, shown = module_of(way.number), graph.shown[way.number]
        for place, spot in enumerate(shown.own):
            last, more = Step(Frame(module, spot.scope), spot.place), doubt + spot.doubt
            known = found.get(last)
            if known is None or (more, length + 1) < (known.doubt, len(known.steps)):
                found[last] = Found(way.number, place, (*way.steps(), last), more)
        for run, spot in zip(graph.runs_of(way.number), shown.steps, strict=True):
            if doubt + spot.doubt <= most_doubt:
                step = Step(Frame(module, spot.scope), spot.place)
                for callee in graph.blocking_in(run):
                    order += 1
                    heappush(waiting, (doubt + spot.doubt, length + 1, order, _Way(callee, way, step)))
    return list(found.values())
