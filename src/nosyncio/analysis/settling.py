"""Which functions block? Settled for a whole region of the call graph at a time, and brought from one state of the files to the
next: only what hangs on something that is another is looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis.bodies import Node
from nosyncio.analysis.graph import Graph, Looked, Shown
from nosyncio.analysis.numbering import Numbering
from nosyncio.analysis.sets import NOTHING
from nosyncio.analysis.ways import Found, surest_ways

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.runs import Run

_MOST = 4000
"""So many functions are looked at again before anybody asks for them, to see whether what is above them is as it was."""


class Seen(NamedTuple):
    """What a function runs, site by site, and whether its own body blocks."""

    runs: list[Run]
    has_own: bool


class Settling:
    """Keeps in a graph which nodes block."""

    def __init__(
        self,
        linker: Linker,
        graph: Graph,
        name: str,
        look: Callable[[Node], Seen],
        shown: Callable[[Node], tuple[Shown, object]],
        is_filled: Callable[[Node], bool],
        drop: Callable[[Node], None],
    ) -> None:
        """name: what answers are noted by, to tell those about one graph from others. shown: what ways through a function show
        of it, without the digest, and what that is of, in a form of which `repr` says all. is_filled: whether the loop finds done
        what a function gives. drop: is told of functions that do not block: nothing of them is needed but what is here."""
        self._reads = linker.reads
        self._graph = graph
        self._name = name
        self._look = look
        self._shown = shown
        self._is_filled = is_filled
        self._drop = drop
        self._numbering = Numbering(linker, graph)

    def blocks(self, node: Node) -> bool:
        """Whether anything blocking can be reached at all. Whoever asks hangs on the node alone, whatever lies below it."""
        number = self._numbering.number(node)
        self._reads.note((self._name, number))
        blocks = self._graph.blocks(number)
        if blocks is None:
            self._reads.aside(lambda: self._settle([number]))
            blocks = self._graph.blocks(number)
        return bool(blocks)

    def _settle(self, numbers: Iterable[int]) -> list[int]:
        """Settle some nodes, and what is below them as far as that is not settled: the region, which it gives."""
        region = dict.fromkeys(numbers)
        waiting = list(region)
        while waiting:
            number = waiting.pop()
            if not self._graph.is_known(number):
                self._look_at(number)
            for callee in self._graph.callees(number):
                if callee not in region and self._graph.blocks(callee) is None:
                    region[callee] = None
                    waiting.append(callee)
        self._graph.settle([*region], self._is_filled_as)
        self._show(region)
        for number in region:
            node = None if self._graph.blocks(number) else self._numbering.node(number)
            if node is not None:
                self._drop(node)
        return [*region]

    def _show(self, numbers: Iterable[int]) -> None:
        """Keep what ways through functions show, of those of some that block."""
        for number in numbers:
            node = self._numbering.node(number) if self._graph.blocks(number) and number not in self._graph.shown else None
            if node is not None:
                (shown, more), own = self._reads.during(partial(self._shown, node))
                digest = blake2b(repr(more).encode("utf-8", "backslashreplace"), digest_size=16).digest()
                self._graph.shown[number] = shown._replace(digest=digest)
                self._graph.hang(number, self._reads.union(self._graph.hung_on_by(number), own))

    def ways(self, node: Node, most_doubt: int) -> list[tuple[Node, Found]]:
        """The surest way to each blocking operation that a function reaches, each with the function that makes it. What that
        hangs on is not noted."""
        start, module_of = self._numbering.number(node), self._numbering.module
        found = self._reads.aside(lambda: surest_ways(self._graph, start, most_doubt, module_of))
        nodes = ((self._numbering.node(item.number), item) for item in found)
        return [(maker, item) for maker, item in nodes if maker is not None]

    def _look_at(self, number: int) -> None:
        node = self._numbering.node(number)
        if node is None:  # it is there no more, and so runs nothing
            self._graph.put(number, Looked((), False, NOTHING))
            return
        seen, own = self._reads.during(lambda: self._look(node))
        ids = self._numbering.number
        runs = tuple([tuple([tuple([ids(callee) for callee in branch]) for branch in run]) for run in seen.runs])
        self._graph.put(number, Looked(runs, seen.has_own, own))

    def _is_filled_as(self, number: int) -> bool:
        node = self._numbering.node(number)
        if node is None:
            return False
        is_filled, own = self._reads.during(lambda: self._is_filled(node))
        self._graph.hang(number, self._reads.union(self._graph.hung_on_by(number), own))
        return is_filled

    # ---------------------------------------------------------------------------------------------------- from state to state

    def renewed(self, stale: Set[int]) -> set[int]:
        """Look again at the functions of which something hangs on `stale`, because that is another now. Gives the answers that
        may be others, as a set: those about functions that block, or did, and about what is above them and does. An edit that
        blocks nowhere, and did not, stays where it is."""
        graph = self._graph
        self._numbering.forget()
        edited = graph.hanging_on(self._reads.holding(stale)) | self._numbering.unsaid()
        lost = {number for number in edited if self._numbering.node(number) is None}
        edited |= graph.users(lost)
        if len(edited) > _MOST:
            return self._given_up(edited)
        before = graph.all_blocking()
        shown = {number: (graph.runs_of(number), graph.shown[number]) for number in edited & graph.shown.keys()}
        graph.forget(edited)
        region = self._settle(sorted(edited - lost))
        if before.isdisjoint(edited) and not any(map(graph.blocks, region)):
            return self._answers(lost)
        graph.settle(graph.all_known(), self._is_filled_as)
        blocking = graph.all_blocking()
        self._show(blocking)
        same = {number for number in edited & blocking if (graph.runs_of(number), graph.shown.get(number)) == shown.get(number)}
        others = (before ^ blocking) | ((edited & blocking) - same) | lost
        return self._answers(graph.above(others, blocking.__contains__))

    def _given_up(self, edited: set[int]) -> set[int]:
        """The answers about some functions and all above them, of which nothing is known any more."""
        above = self._graph.above(edited, lambda number: True)
        self._graph.forget(edited)
        self._graph.unsettle(above)
        return self._answers(above)

    def _answers(self, numbers: Iterable[int]) -> set[int]:
        return {answer for number in numbers for answer in self._reads.known((self._name, number))}

    def below(self, numbers: Iterable[int], wanted: frozenset[int]) -> set[int]:
        """Those of `wanted` that functions hang on which answers are about, or that these reach; all by their numbers in
        `Reads`."""
        marked = self._graph.hanging_on(self._reads.holding(wanted))
        if not marked:
            return set()
        names = (self._reads.names[number] for number in numbers)
        asked = [name[1] for name in names if isinstance(name, tuple) and name[0] == self._name]
        found: set[int] = set()
        for number in self._graph.below(asked) & marked:
            found |= wanted.intersection(self._reads.members(self._graph.hung_on_by(number)))
        return found
