"""What analysis saw of the way to a place, as an answer to somebody who asks about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from nosyncio.analysis.contexts import Contexts, Registration
from nosyncio.analysis.ends import Ends
from nosyncio.analysis.facts import Place
from nosyncio.analysis.judge import Operation, operations
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.reach import Reach
from nosyncio.analysis.runs import Runs
from nosyncio.analysis.trails import Trails, Way
from nosyncio.analysis.types import Frame, FunctionSymbol, Module
from nosyncio.analysis.verdicts import Blocked, Verdicts
from nosyncio.findings import hop
from nosyncio.model import BlockingCall, Finding, Hop, Kind, Related, Span, Top, Trail, Why


class Answers:
    """Answers questions about some modules. judged: the findings of one of them. silenced: whether a comment keeps a blocking
    operation out of chains."""

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        contexts: Contexts,
        runs: Runs,
        reach: Reach,
        modules: Sequence[Module],
        judged: Callable[[Module], Iterable[Finding]],
        silenced: Callable[[Operation], bool],
    ) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._contexts = contexts
        self._runs = runs
        self._modules = modules
        self._judged = judged
        self._silenced = silenced
        self._trails = Trails(contexts, reach, modules)

    def why(self, frame: Frame, line: int) -> Why:
        """How the loop gets to a line of a function, or, if `frame` is a module, of what stands outside all functions."""
        symbol = self._linker.names.function_around(frame)
        ways: list[Way] = []
        registered: list[Registration] = []
        if symbol is not None:
            registered = self._contexts.registrations(symbol)
            if not self._contexts.on_loop(symbol.frame):
                ways = self._trails.ways(symbol) or self._ends().ways(symbol)
        entries = {way.steps[0].frame.module: None for way in ways if way.top is Top.LOOP}
        return Why(
            name=None if symbol is None else symbol.qualified_name,
            hop=hop(frame, (line, 1, line, 1) if symbol is None else symbol.frame.scope.place),
            is_async=symbol is not None and symbol.frame.scope.is_async,
            registered=tuple(_sorted(Trail(Top.LOOP, (hop(item.frame, item.place),), None, item.by) for item in registered)),
            trails=tuple(map(_trail, ways)),
            blocking=tuple(self._blocking(frame.module, line, [frame.module, *entries])),
        )

    def _ends(self) -> Ends:
        reached = {node.symbol for node in self._trails.reached()}
        return Ends(self._linker, self._contexts, self._runs, self._modules, reached.__contains__)

    def _blocking(self, module: Module, line: int, reporting: Iterable[Module]) -> Iterator[BlockingCall]:
        """The blocking calls on a line, with what is found of them in the modules that may report them."""
        findings: list[Finding] | None = None
        for operation in self._operations(module):
            first = operation.first
            item = next((item for item in (first, *operation.further) if _is_on(item.place, line)), None)
            if item is not None:
                if findings is None:
                    findings = [finding for reporter in dict.fromkeys(reporting) for finding in self._judged(reporter)]
                begins = None if item is first else Related(first.place[0], first.place[1], first.verdict.name)
                yield BlockingCall(
                    callee=item.verdict.name,
                    kind=Kind.from_label(item.verdict.entry.kind),
                    span=Span(*item.place),
                    findings=tuple(finding for finding in findings if _reports(finding, module, first)),
                    silenced=self._silenced(operation),
                    direct=first.verdict.entry.direct,
                    part_of=begins,
                )

    def _operations(self, module: Module) -> Iterator[Operation]:
        for number, scope in enumerate(module.facts.scopes):
            if scope.sites:
                frame = Frame(module, number)
                yield from operations(frame, self._contexts.running(frame), self._verdicts)


def _reports(finding: Finding, module: Module, first: Blocked) -> bool:
    """Whether a finding is about an operation, where it stands or at the end of a chain."""
    ends = [leaf.hop for leaf in finding.leaves] or [Hop(finding.path, finding.span, None)]
    return any(end.path == module.path and end.span == Span(*first.place) for end in ends)


def _is_on(place: Place, line: int) -> bool:
    return place[0] <= line <= place[2]


def _trail(way: Way) -> Trail:
    return Trail(way.top, tuple(hop(step.frame, step.place) for step in way.steps), _name(way.function), way.detail)


def _sorted(trails: Iterable[Trail]) -> list[Trail]:
    return sorted(dict.fromkeys(trails), key=lambda trail: (trail.hops, trail.detail))


def _name(function: FunctionSymbol | None) -> str | None:
    return None if function is None else function.qualified_name
