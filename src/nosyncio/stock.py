"""What analysis saw of a module's I/O, as operations of the inventory: sync and async, on the loop and far from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from nosyncio.analysis import judge
from nosyncio.analysis.awaits import AsyncOperation, Awaits
from nosyncio.analysis.callers import Callers
from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.facts import Place
from nosyncio.analysis.handed import HandedCall, HandedCalls
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.patterns import Recogniser
from nosyncio.analysis.reach import Reach
from nosyncio.analysis.trails import step_key
from nosyncio.analysis.types import Frame, Module, Step
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.catalogue.patterns import Pattern
from nosyncio.findings import advice_for, function_around, hop
from nosyncio.inventory import IoOperation, Standing
from nosyncio.model import AsyncLibrary, Hop, Kind, Related, Span


class Spot(NamedTuple):
    """Where an operation begins: its file, its scope there, its place. Outlives the facts."""

    path: str
    scope: int
    place: Place


class Way(NamedTuple):
    """A way from loop code to a spot: its calls, and what orders it among others, shorter ones first."""

    order: tuple[int, list[tuple[str, Place]]]
    hops: tuple[Hop, ...]


class Taken(NamedTuple):
    """An operation as it is when no chain ends there, and as it is when one does; `reached` is None where that is no matter."""

    operation: IoOperation
    spot: Spot | None = None
    reached: IoOperation | None = None


class Details(NamedTuple):
    """What tells more of operations than how they stand to the loop."""

    recogniser: Recogniser
    callers: Callers


class Stock:
    """Takes stock of modules, one at a time, with the others in mind.

    reach: of a graph in which no comment hides anything. is_exempt: whether what stands around an operation keeps it from
    blocking. is_silenced: whether a comment takes it out of chains. library: the async library that a module is written for.
    details: what says which pattern operations follow, and who calls the functions that they stand in; None to leave that out.
    too_deep: modules whose types are known to be nested too deeply to be followed.
    """

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        contexts: Contexts,
        reach: Reach,
        is_exempt: Callable[[judge.Operation], bool],
        is_silenced: Callable[[judge.Operation], bool],
        library: Callable[[Module], AsyncLibrary],
        details: Details | None,
        too_deep: Iterable[Module] = (),
    ) -> None:
        self._verdicts = verdicts
        self._linker = linker
        self._contexts = contexts
        self._reach = reach
        self._is_exempt = is_exempt
        self._is_silenced = is_silenced
        self._library = library
        self._awaits = Awaits(linker, verdicts)
        self._handed = HandedCalls(linker, verdicts, contexts.references)
        self._details = details
        self._too_deep = set(too_deep)

    def is_too_deep(self, module: Module) -> bool:
        """Whether something in a module could not be followed, as far as is known by now."""
        return module in self._too_deep or module in self._reach.too_deep

    @property
    def is_sure(self) -> bool:
        """Whether nothing was too deep so far: what is too deep hangs on what was asked before."""
        return not self._too_deep and not self._reach.too_deep

    def ways(self, module: Module) -> dict[Spot, Way]:
        """The shortest ways from the loop code of a module to the operations behind its calls."""
        found: dict[Spot, Way] = {}
        try:
            self._follow(module, found)
        except RecursionError:
            self._too_deep.add(module)
        return found

    def of(self, module: Module) -> list[Taken]:
        """All I/O operations of a module; none where its types are nested too deeply."""
        try:
            return [] if module in self._too_deep else self._take(module)
        except RecursionError:
            self._too_deep.add(module)
            return []

    def _follow(self, module: Module, found: dict[Spot, Way]) -> None:
        for chain in self._reach.chains(module):
            for leaf in chain.leaves:
                steps = (Step(chain.frame, chain.place), *leaf.steps)
                last = steps[-1]
                if not last.frame.module.is_project:
                    continue
                spot = Spot(_path(last.frame), last.frame.number, last.place)
                order = (len(steps), [step_key(step) for step in steps])
                if spot not in found or order < found[spot].order:
                    found[spot] = Way(order, tuple(hop(step.frame, step.place) for step in steps))

    def _take(self, module: Module) -> list[Taken]:
        frames = [Frame(module, number) for number, scope in enumerate(module.facts.scopes) if scope.sites]
        blocking = [
            operation
            for frame in frames
            for operation in judge.operations(frame, range(len(frame.scope.sites)), self._verdicts)
            if operation.kind is not Kind.NESTED_LOOP
        ]
        followed: Sequence[Pattern | None] = (
            [None] * len(blocking) if self._details is None else self._details.recogniser.patterns(blocking)
        )
        found = [self._sync(*item) for item in zip(blocking, followed, strict=True)]
        for frame in frames:
            found += [Taken(_async(operation)) for operation in self._awaits.operations(frame)]
            found += [Taken(_offloaded(call)) for call in self._handed.of(frame)]
        return found

    def _sync(self, operation: judge.Operation, pattern: Pattern | None) -> Taken:
        frame, first = operation.frame, operation.first
        library = self._library(frame.module)
        taken = IoOperation(
            path=_path(frame),
            span=Span(*first.place),
            function=function_around(frame),
            kind=operation.kind,
            callee=first.verdict.name,
            standing=Standing.ON_LOOP,
            pattern=None if pattern is None else pattern.name,
            callers=self._callers(frame),
            instead=" or ".join(advice_for(operation.kind, first.verdict, library)) or None,
            rewrite=None if pattern is None else pattern.rewrite.in_library(library),
            related=tuple(sorted(Related(item.place[0], item.place[1], item.verdict.name) for item in operation.further)),
        )
        if self._contexts.on_loop(frame) and first.site in self._contexts.running(frame):
            return Taken(self._unreached(taken, operation) if self._is_exempt(operation) else taken)
        spot = Spot(taken.path, frame.number, first.place)
        reached = replace(taken, standing=Standing.REACHED, is_allowed=self._is_silenced(operation))
        if self._contexts.in_thread(frame):
            return Taken(replace(taken, standing=Standing.OFFLOADED, callers=()), spot, reached)
        return Taken(self._unreached(taken, operation), spot, reached)

    def _unreached(self, taken: IoOperation, operation: judge.Operation) -> IoOperation:
        """An operation that no loop code gets to: a comment, or what is said of constructors, may let it stay."""
        is_allowed = self._is_silenced(operation) or self._contexts.is_allowed_load(operation.frame)
        return replace(taken, standing=Standing.UNREACHED, is_allowed=is_allowed)

    def _callers(self, frame: Frame) -> tuple[str, ...]:
        function = None if self._details is None else self._linker.names.function_around(frame)
        return () if function is None or self._details is None else self._details.callers.of(function)


def settled(taken: Iterable[Taken], ways: Mapping[Spot, Way]) -> list[IoOperation]:
    """The operations of a module, in source order, by the `ways` that lead to them from anywhere."""
    found = [
        item.operation
        if item.spot is None or item.reached is None or item.spot not in ways
        else replace(item.reached, chain=ways[item.spot].hops)
        for item in taken
    ]
    return sorted(found, key=lambda operation: operation.sort_key)


def shortest(all_ways: Iterable[Mapping[Spot, Way]]) -> dict[Spot, Way]:
    """Of the ways from all modules to each spot, the shortest."""
    found: dict[Spot, Way] = {}
    for ways in all_ways:
        for spot, way in ways.items():
            if spot not in found or way.order < found[spot].order:
                found[spot] = way
    return found


def _async(operation: AsyncOperation) -> IoOperation:
    related = (Related(place[0], place[1], name) for place, name in operation.further)
    return IoOperation(
        path=_path(operation.frame),
        span=Span(*operation.place),
        function=function_around(operation.frame),
        kind=operation.kind,
        callee=operation.twin.name,
        standing=Standing.ASYNC,
        related=tuple(sorted(related)),
    )


def _offloaded(call: HandedCall) -> IoOperation:
    return IoOperation(
        path=_path(call.frame),
        span=Span(*call.place),
        function=function_around(call.frame),
        kind=Kind.from_label(call.verdict.entry.kind),
        callee=call.verdict.name,
        standing=Standing.OFFLOADED,
    )


def _path(frame: Frame) -> str:
    assert frame.module.path is not None
    return frame.module.path
