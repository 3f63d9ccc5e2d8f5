"""Which blocking calls a sync function reaches, and the shortest way to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import starmap
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from nosyncio.analysis.bodies import Node
from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.doubts import decided, is_sure_enough
from nosyncio.analysis.facts import Guard, Place, ScopeKind, Site
from nosyncio.analysis.following import is_quiet
from nosyncio.analysis.graph import Graph, Shown, Spot
from nosyncio.analysis.guards import Guards
from nosyncio.analysis.judge import Operation, operations
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.repeats import FirstTimes, Repeats
from nosyncio.analysis.runs import Run, Runs
from nosyncio.analysis.settling import Seen, Settling
from nosyncio.analysis.slots import Given
from nosyncio.analysis.types import Frame, FunctionSymbol, Module, Step
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.model import Kind

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_LISTED = 1
"""How many steps in doubt more a blocking call may be away that is listed beside one that is sure enough to be reported."""
_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


class Leaf(NamedTuple):
    """A blocking call that a function (`start`) reaches, with the steps inside the functions on the way that lead to it, itself
    last. `doubt`: how many of them hang on a test of unknown outcome."""

    operation: Operation
    start: Node
    steps: tuple[Step, ...]
    doubt: int

    @property
    def rank(self) -> tuple[int, int]:
        """Of several ways to one call, the one with the least is shown: the surest, and of those the shortest."""
        return (self.doubt, len(self.steps))


class _Edge(NamedTuple):
    """`doubt`: 1 where it hangs on a test of unknown outcome whether the site runs, else 0."""

    step: Step
    run: Run
    doubt: int


@dataclass(frozen=True, slots=True)
class Chain:
    """A call in loop code that leaves it for sync code, and the blocking calls of one kind that it reaches, surest first."""

    frame: Frame
    place: Place
    kind: Kind
    leaves: tuple[Leaf, ...]


class Reach:
    """Follows calls from function to function; what a function does and calls is worked out once.

    silenced: whether a comment takes a blocking operation out of all chains. excused: whether one of the functions on the way to
    an operation keeps it from blocking. most_doubt: how many steps of a chain may hang on a test whose outcome is not known;
    conditions add up. most_deep: how many functions of installed packages, one called by another, are followed. too_deep: modules
    with a function whose types are nested too deeply to be followed.
    """

    def __init__(
        self,
        contexts: Contexts,
        verdicts: Verdicts,
        guards: Guards,
        runs: Runs,
        first_times: FirstTimes,
        silenced: Callable[[Operation], bool],
        excused: Callable[[Operation, Iterable[Frame]], bool],
        most_doubt: int,
        most_deep: int,
        linker: Linker,
        graph: Graph,
        name: str,
    ) -> None:
        """graph: keeps which functions block. name: as in `Settling`."""
        reads = linker.reads
        self._most_doubt = most_doubt
        self._most_deep = most_deep
        self._contexts = contexts
        self._guards = guards
        self._verdicts = verdicts
        self._runs = runs
        self._first_times = first_times
        self._silenced = silenced
        self._excused = excused
        self._reads = reads
        self.settling = Settling(linker, graph, name, self._look, self._shown, self._is_filled, self._drop)
        self._sites: Kept[tuple[Frame, Given], Mapping[int, tuple[Guard, ...]]] = Kept(reads)
        self._sure: Kept[tuple[Frame, Given], list[int]] = Kept(reads)
        self._edges: Kept[Node, list[_Edge]] = Kept(reads)
        self._calls: Kept[Node, list[_Edge]] = Kept(reads)
        self._own: Kept[Node, list[tuple[Operation, int]]] = Kept(reads)
        self._leaves: Kept[Node, list[Leaf]] = Kept(reads)
        self.too_deep: dict[Module, None] = {}

    def chains(self, module: Module) -> Iterator[Chain]:
        """The calls in a module's loop code that leave it for sync code that blocks: one for each place and kind."""
        for number, scope in enumerate(module.facts.scopes):
            frame = Frame(module, number)
            if scope.sites and self._contexts.on_loop(frame):
                yield from self._of_scope(frame)

    def _of_scope(self, frame: Frame) -> Iterator[Chain]:
        sites = ((index, frame.scope.sites[index]) for index in self.running(frame))
        yield from self.chains_at(frame, ((site, run) for index, site in sites for run in self._runs.of_site(frame, index)))

    def chains_at(self, frame: Frame, runs: Iterable[tuple[Site, Run]]) -> Iterator[Chain]:
        """The chains that begin at sites of a scope of loop code, in the order of the source, with what is run there."""
        found: dict[tuple[Place, Kind], dict[Step, Leaf]] = {}
        repeats = Repeats(frame.scope, self._first_times)
        for site, run in runs:
            for target in self.blocking(entered(run)):
                if self.is_reported_itself(target):
                    continue
                for leaf in self.leaves(target):
                    if self._excused(leaf.operation, (frame, *(step.frame for step in leaf.steps))):
                        continue
                    if repeats.repeats(site, leaf.steps):
                        continue
                    leaves = found.setdefault((site.place, leaf.operation.kind), {})
                    known = leaves.get(leaf.steps[-1])
                    if known is None or leaf.rank < known.rank:
                        leaves[leaf.steps[-1]] = leaf
        for (place, kind), leaves in sorted(found.items(), key=lambda item: (item[0][0], item[0][1].number)):
            if any(is_sure_enough(kind, leaf.doubt, leaf.steps, self._first_times, self._most_doubt) for leaf in leaves.values()):
                yield Chain(frame, place, kind, tuple(sorted(leaves.values(), key=_order)))

    def leaves(self, start: Node) -> list[Leaf]:
        """The blocking calls that running `start` reaches, each by a surest way, and of those by a shortest; surest first."""
        return self._leaves.once(start, lambda: self._found(start) if self.settling.blocks(start) else [])

    def _found(self, start: Node) -> list[Leaf]:
        """The asker hangs on `start`, of which that is noted, and on nothing else."""
        ways = self._reads.aside(lambda: self._ways(start))
        return sorted((leaf for leaf in ways if not self._is_taken_once(leaf)), key=lambda leaf: leaf.rank)

    def _ways(self, start: Node) -> list[Leaf]:
        found = self.settling.ways(start, self._most_doubt + _LISTED)
        return [Leaf(self._own_of(node)[way.place][0], start, way.steps, way.doubt) for node, way in found]

    def renewed(self, stale: Set[int]) -> set[int]:
        """As in `Settling`. No ways are kept: they speak of files as they were."""
        self._leaves.clear()
        return self.settling.renewed(stale)

    def _is_taken_once(self, leaf: Leaf) -> bool:
        """Whether an installed package goes this way once, to keep what it finds."""
        return any(step.frame.module.is_installed for step in self._first_times.on_the_way(leaf.steps))

    def blocking(self, run: Run) -> list[Node]:
        """The functions of a run that block, if each thing that the callee can be does."""
        enabled: list[Node] = []
        for branch in run:
            blocking = [node for node in branch if self.settling.blocks(node)]
            if not blocking:
                return []
            enabled += blocking
        return enabled

    def _look(self, node: Node) -> Seen:
        """What the graph keeps of a function."""
        return Seen([edge.run for edge in self._edges_of(node)], bool(self._own_of(node)))

    def _drop(self, node: Node) -> None:
        """Keep of a function what the graph keeps alone: most are like that."""
        self._edges.discard(node)

    def _shown(self, node: Node) -> tuple[Shown, object]:
        """All that a way through a function shows of it, or asks. As long as that is the same, so is what is said of the way."""
        said, asks, stays = self._first_times.said_of, self._first_times.asks, self._first_times.stays_with_its_object
        frames = [(frame.number, frame.module.facts.qualified_name(frame.number), *said(frame)) for frame in bodies(node.symbol)]
        edges = [(edge.step, edge.doubt) for edge in self._edges_of(node)]
        own = [(Step(item.frame, item.first.place), doubt) for item, doubt in self._own_of(node)]
        marks = [(sorted(asks(step)), stays(step)) for step, _ in (*edges, *own)]
        operations = [(item.first, item.further) for item, _ in self._own_of(node)]
        shown = Shown(tuple(starmap(_spot, edges)), tuple(starmap(_spot, own)), b"")
        return shown, (frames, marks, operations)

    def _is_filled(self, node: Node) -> bool:
        """Whether the loop finds done what a function gives."""
        return self._contexts.is_filled_beforehand(node.symbol)

    # ------------------------------------------------------------------------------------------------------- one function

    def running(self, frame: Frame) -> list[int]:
        """The sites of a scope that may run when it does, whoever runs it."""
        sites = frame.scope.sites
        return [index for index in self._contexts.running(frame) if self._guards.may_run(frame, sites[index], ())]

    def leaving(self, frame: Frame) -> Iterator[tuple[Step, Node]]:
        """The sync functions that a scope of loop code may run, each with the site that runs it."""
        for index in self.running(frame):
            for run in self._runs.of_site(frame, index):
                for target in (target for branch in entered(run) for target in branch):
                    if not self.is_reported_itself(target):
                        yield Step(frame, frame.scope.sites[index].place), target

    def is_reported_itself(self, node: Node) -> bool:
        """Whether a function is loop code under check: what it calls is reported where that stands."""
        return node.symbol.is_project and self._contexts.on_loop(node.symbol.frame)

    def callees(self, node: Node) -> Iterator[tuple[Step, Node]]:
        """The functions that a function may run, each with the site that runs it."""
        for edge in () if self._is_filled(node) else self._edges_of(node):
            for branch in edge.run:
                for callee in branch:
                    yield edge.step, callee

    def _own_of(self, node: Node) -> list[tuple[Operation, int]]:
        """The operations in a function's own body, each with its doubt, without those that a comment there silences."""
        plain = Node(node.symbol, given=node.given)
        return self._own.once(plain, lambda: self._guarded(plain, self._operations(plain)))

    def _operations(self, node: Node) -> Iterator[tuple[Operation, int]]:
        for frame in bodies(node.symbol):
            if frame.module.is_installed and not self._blocks_surely(frame, node):
                continue  # nothing of it would count; what stands under tests is not even looked at
            running = self._running(frame, node)
            found = list(operations(frame, list(running), self._verdicts))
            either_way = set(decided(found, running))
            for operation in found:
                doubt = int(bool(running[operation.first.site]) and operation not in either_way)
                if frame.module.is_installed and (doubt or is_quiet(operation)):
                    continue
                if not operation.first.verdict.entry.direct and not self._silenced(operation):
                    yield operation, doubt

    def _blocks_surely(self, frame: Frame, node: Node) -> bool:
        return any(self._verdicts.blocked(frame, site) is not None for site in self._running_surely(frame, node))

    def _running_surely(self, frame: Frame, node: Node) -> list[int]:
        """The sites of a scope that run when a call runs a function so, and of which no test leaves that in doubt."""
        given = node.given if frame == node.symbol.frame else ()
        return self._sure.once((frame, given), lambda: list(self._decided(frame, given)))

    def _decided(self, frame: Frame, given: Given) -> Iterator[int]:
        scope = frame.scope
        known = {-1: True}
        for index in self._contexts.running(frame):
            for guard in reversed([*scope.guard_numbers(scope.sites[index].guard)]):  # from the outside in
                if guard not in known:
                    item = scope.guards[guard]
                    known[guard] = known[item.outer] and self._guards.comes_out(frame, item, given)
            if known[scope.sites[index].guard]:
                yield index

    def _running(self, frame: Frame, node: Node) -> Mapping[int, tuple[Guard, ...]]:
        """The sites of a scope that may run when a call runs a function so, whatever class it runs for; each with the tests that
        leave it in doubt."""
        given = node.given if frame == node.symbol.frame else ()
        return self._sites.once((frame, given), lambda: dict(self._doubts(frame, given)))

    def _doubts(self, frame: Frame, given: Given) -> Iterator[tuple[int, tuple[Guard, ...]]]:
        may_run = _by_guard(frame, lambda site: self._guards.may_run(frame, site, given))
        doubts = _by_guard(frame, lambda site: self._guards.doubts(frame, site, given))
        for index in self._contexts.running(frame):
            if may_run(index):
                yield index, doubts(index)

    def _edges_of(self, node: Node) -> list[_Edge]:
        return self._edges.once(node, lambda: self._guarded(node, self._edges_in(node)))

    def _edges_in(self, node: Node) -> Iterator[_Edge]:
        if not node.depth:
            edges: Iterable[_Edge] = self._calls_in(node)
        else:  # what a site of a package runs is the same at any depth
            plain = node._replace(depth=0)
            edges = self._calls.once(plain, lambda: self._guarded(plain, self._calls_in(plain)))
        for edge in edges:
            yield edge._replace(run=_below(node, edge.run, self._most_deep))

    def _calls_in(self, node: Node) -> Iterator[_Edge]:
        """What the sites of a function run, at whatever depth."""
        for frame in bodies(node.symbol):
            if frame.module.is_installed:  # whether a package makes a call is its own affair: if in doubt, it makes none
                sites: Mapping[int, tuple[Guard, ...]] = dict.fromkeys(self._running_surely(frame, node), ())
            else:
                sites = self._running(frame, node)
            for index, doubts in sites.items():
                for run in self._runs.of_site(frame, index, node):
                    yield _Edge(Step(frame, frame.scope.sites[index].place), run, int(bool(doubts)))

    def _guarded(self, node: Node, items: Iterator[_Item]) -> list[_Item]:
        """The items that are worked out of a function; where that goes deeper than Python's stack, note it, and those before."""
        found: list[_Item] = []
        try:
            found.extend(items)
        except RecursionError:
            self.too_deep[node.symbol.frame.module] = None
        return found


def _by_guard(frame: Frame, ask: Callable[[Site], _Answer]) -> Callable[[int], _Answer]:
    """Answers a question about sites that hangs on their tests alone: once for all that stand under the same."""
    sites = frame.scope.sites
    known: dict[int, _Answer] = {}

    def answer(index: int) -> _Answer:
        guard = sites[index].guard
        if guard not in known:
            known[guard] = ask(sites[index])
        return known[guard]

    return answer


def _spot(step: Step, doubt: int) -> Spot:
    return Spot(step.frame.number, step.place, doubt)


def entered(run: Run) -> Run:
    """A run of what loop code calls: functions of installed packages are the first there."""
    return tuple([tuple([node.below(0) for node in branch]) for branch in run])


def _below(node: Node, run: Run, most_deep: int) -> Run:
    """A run of what `node` calls, without the functions of installed packages that are too deep in."""
    return tuple(
        [tuple([callee for callee in [item.below(node.depth) for item in branch] if callee.depth <= most_deep]) for branch in run]
    )


def bodies(symbol: FunctionSymbol) -> Iterator[Frame]:
    """The scopes that run when a function does: its own, and the bodies of classes in it."""
    module = symbol.frame.module
    pending = [symbol.frame.number]
    while pending:
        number = pending.pop()
        yield Frame(module, number)
        pending += [inner for inner in module.children(number) if module.facts.scopes[inner].kind is ScopeKind.CLASS]


def _order(leaf: Leaf) -> tuple[int, int, str, Place]:
    """Surest first, then nearest; between equals by place, so that no order of work shows."""
    last = leaf.steps[-1]
    return (*leaf.rank, last.frame.module.path or "", last.place)
