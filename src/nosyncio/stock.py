"""What analysis saw of a module's I/O, as operations of the inventory: sync and async, on the loop and far from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
from nosyncio.model import AsyncLibrary, Kind, Related, Span


class Stock:
    """Takes stock of modules, one at a time, with the others in mind.

    reach: of a graph in which no comment hides anything. is_exempt: whether what stands around an operation keeps it from
    blocking. is_silenced: whether a comment takes it out of chains. library: the async library that a module is written for.
    """

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        contexts: Contexts,
        reach: Reach,
        modules: Sequence[Module],
        is_exempt: Callable[[judge.Operation], bool],
        is_silenced: Callable[[judge.Operation], bool],
        library: Callable[[Module], AsyncLibrary],
    ) -> None:
        self._verdicts = verdicts
        self._linker = linker
        self._contexts = contexts
        self._reach = reach
        self._modules = modules
        self._is_exempt = is_exempt
        self._is_silenced = is_silenced
        self._library = library
        self._awaits = Awaits(linker, verdicts)
        self._handed = HandedCalls(linker, verdicts, contexts.references)
        self._recogniser = Recogniser(linker, verdicts, contexts)
        self._callers = Callers(linker, contexts.references, modules)
        self._chains: dict[tuple[Frame, Place], tuple[Step, ...]] | None = None
        self.too_deep: set[Module] = set()
        """The modules from whose loop code chains could not be followed."""

    def of(self, module: Module) -> list[IoOperation]:
        """All I/O operations of a module, in source order. Raises RecursionError where its types are nested too deeply."""
        frames = [Frame(module, number) for number, scope in enumerate(module.facts.scopes) if scope.sites]
        blocking = [
            operation
            for frame in frames
            for operation in judge.operations(frame, range(len(frame.scope.sites)), self._verdicts)
            if operation.kind is not Kind.NESTED_LOOP
        ]
        found = [self._sync(*item) for item in zip(blocking, self._recogniser.patterns(blocking), strict=True)]
        for frame in frames:
            found += [_async(operation) for operation in self._awaits.operations(frame)]
            found += [_offloaded(call) for call in self._handed.of(frame)]
        return sorted(found, key=lambda operation: operation.sort_key)

    def _sync(self, operation: judge.Operation, pattern: Pattern | None) -> IoOperation:
        frame, first = operation.frame, operation.first
        library = self._library(frame.module)
        steps = self.chains().get((frame, first.place), ())
        standing = self._standing(operation, bool(steps))
        function = self._linker.names.function_around(frame)
        return IoOperation(
            path=_path(frame),
            span=Span(*first.place),
            function=function_around(frame),
            kind=operation.kind,
            callee=first.verdict.name,
            standing=standing,
            pattern=None if pattern is None else pattern.name,
            chain=tuple(hop(step.frame, step.place) for step in steps) if standing is Standing.REACHED else (),
            callers=() if function is None or standing.is_done else self._callers.of(function),
            instead=" or ".join(advice_for(operation.kind, first.verdict, library)) or None,
            is_allowed=self._is_allowed(operation, standing),
            rewrite=None if pattern is None else pattern.rewrite.in_library(library),
            related=tuple(sorted(Related(item.place[0], item.place[1], item.verdict.name) for item in operation.further)),
        )

    def _standing(self, operation: judge.Operation, is_reached: bool) -> Standing:
        frame = operation.frame
        if self._contexts.on_loop(frame) and operation.first.site in self._contexts.running(frame):
            return Standing.UNREACHED if self._is_exempt(operation) else Standing.ON_LOOP
        if is_reached:
            return Standing.REACHED
        return Standing.OFFLOADED if self._contexts.in_thread(frame) else Standing.UNREACHED

    def _is_allowed(self, operation: judge.Operation, standing: Standing) -> bool:
        """Whether a comment, or what is said of constructors, lets an operation stay that does not stand in loop code."""
        if standing.is_done or standing is Standing.ON_LOOP:
            return False
        if self._is_silenced(operation):
            return True
        return standing is Standing.UNREACHED and self._contexts.is_allowed_load(operation.frame)

    def chains(self) -> dict[tuple[Frame, Place], tuple[Step, ...]]:
        """The shortest way from loop code to each operation that `check` finds behind a call."""
        if self._chains is None:
            self._chains = {}
            for module in self._modules:
                try:
                    self._follow(module, self._chains)
                except RecursionError:
                    self.too_deep.add(module)
            self.too_deep.update(self._reach.too_deep)
        return self._chains

    def _follow(self, module: Module, chains: dict[tuple[Frame, Place], tuple[Step, ...]]) -> None:
        for chain in self._reach.chains(module):
            for leaf in chain.leaves:
                steps = (Step(chain.frame, chain.place), *leaf.steps)
                last = steps[-1]
                known = chains.get((last.frame, last.place))
                if known is None or _length(steps) < _length(known):
                    chains[last.frame, last.place] = steps


def _length(steps: tuple[Step, ...]) -> tuple[int, list[tuple[str, Place]]]:
    return (len(steps), [step_key(step) for step in steps])


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
