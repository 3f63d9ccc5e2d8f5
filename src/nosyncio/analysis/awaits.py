"""Which I/O a scope leaves to the event loop: calls of async twins that are awaited, entered or iterated there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.conditions import Answer, holds
from nosyncio.analysis.facts import Expr, Flag, Place
from nosyncio.analysis.origins import origins
from nosyncio.analysis.types import Frame, Instance, candidates
from nosyncio.catalogue.twins import Twin
from nosyncio.model import Kind

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts


@dataclass(slots=True)
class AsyncOperation:
    """One I/O operation that does not block: the call that starts it and those, with their names, that go on with it."""

    frame: Frame
    site: int
    place: Place
    twin: Twin
    further: list[tuple[Place, str]] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        return Kind.from_label(self.twin.kind)


class Awaits:
    """Asks the catalogue's twins about the calls whose result somebody awaits."""

    def __init__(self, linker: Linker, verdicts: Verdicts) -> None:
        self._linker = linker
        self._verdicts = verdicts

    def operations(self, frame: Frame) -> list[AsyncOperation]:
        """The async I/O operations of a scope, in source order."""
        found: dict[int, AsyncOperation] = {}
        for index, is_awaited in sorted(self._awaited(frame).items()):
            call = frame.scope.sites[index]
            assert isinstance(call, facts.Call)
            twin = self._twin(frame, call)
            if twin is None or not (is_awaited or twin.is_exact) or self._is_free(frame, call, twin):
                continue
            begun = self._begun(frame, call, found) if twin.continues else None
            if begun is None:
                found[index] = AsyncOperation(frame, index, call.place, twin)
            else:
                begun.further.append((call.place, twin.name))
        return list(found.values())

    def _awaited(self, frame: Frame) -> dict[int, bool]:
        """The calls whose result is awaited: here (true), or by what it is handed to."""
        found: dict[int, bool] = {}
        for index, site in enumerate(frame.scope.sites):
            if isinstance(site, facts.Call):
                if site.flags & Flag.AWAITED:
                    found[index] = True
                for part in site.passed:
                    for inner in _results(frame, part):
                        found.setdefault(inner, False)
            elif site.flags & Flag.ASYNC and isinstance(site, (facts.Iterate, facts.Enter)):
                value = site.iterable if isinstance(site, facts.Iterate) else site.manager
                for origin in origins(self._linker, frame, value):
                    if origin.frame == frame and not origin.is_generator:
                        found.setdefault(origin.site, False)
        return {index: how for index, how in found.items() if isinstance(frame.scope.sites[index], facts.Call)}

    def _twin(self, frame: Frame, call: facts.Call) -> Twin | None:
        """The twin that a call is of. What only hands a callable to a thread is none: what it hands over counts."""
        catalogue = self._linker.catalogue
        for name in self._names(frame, call):
            twin = catalogue.twins.of(name)
            if twin is not None:
                return None if catalogue.offload(name) else twin
        return None

    def _names(self, frame: Frame, call: facts.Call) -> Iterator[str]:
        """What a call may be known by: what it spells, what its callee is, and what it is below an object of a known class."""
        dotted = self._linker.names.dotted(frame, call.function)
        if dotted is not None:
            yield dotted
        for item in candidates(self._linker.values.value(frame, call.function)):
            yield from self._verdicts.names(item)
        if isinstance(call.function, facts.Attribute):
            receiver: Expr = call.function.value
            yield from self._below_maker(frame, receiver, call.function.name)
            while True:
                for item in candidates(self._linker.values.value(frame, receiver)):
                    if isinstance(item, Instance) and not item.symbol.is_project:
                        yield f"{item.symbol.qualified_name}.{call.function.name}"
                if not isinstance(receiver, facts.Attribute):
                    break
                receiver = receiver.value

    def _below_maker(self, frame: Frame, receiver: Expr, method: str) -> Iterator[str]:
        """A method of what a call of a class made, where what `async with` gives of it is not known: itself, nearly always."""
        for origin in origins(self._linker, frame, receiver, elsewhere=True):
            if not origin.is_generator:
                made = self._linker.names.dotted(origin.frame, origin.call.function)
                if made is not None and self._linker.catalogue.is_class(made):
                    yield f"{made}.{method}"

    def _is_free(self, frame: Frame, call: facts.Call, twin: Twin) -> bool:
        """Whether the arguments are such that the sync call would not block either: `sleep(0)`."""
        if not twin.unless:
            return False
        arguments = Arguments.of_call(self._linker, frame, call)
        return any(holds(condition, arguments) is Answer.YES for condition in twin.unless)

    def _begun(self, frame: Frame, call: facts.Call, found: dict[int, AsyncOperation]) -> AsyncOperation | None:
        """The operation of the same scope that a call goes on with: its receiver comes from it, or it is on the same receiver."""
        if not isinstance(call.function, facts.Attribute):
            return None
        receiver = call.function.value
        for origin in origins(self._linker, frame, receiver, parts=True):
            if origin.frame == frame and origin.site in found and not origin.is_generator:
                return found[origin.site]
        root = frame.scope.root(receiver)
        for index in reversed(found):
            earlier = frame.scope.sites[index]
            if isinstance(earlier, facts.Call) and isinstance(earlier.function, facts.Attribute):
                if frame.scope.root(earlier.function.value) == root:
                    return found[index]
        return None


def _results(frame: Frame, expr: Expr) -> Iterator[int]:
    """The calls whose results an argument is, or lists."""
    pending: list[Expr] = [expr]
    seen: set[int] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, facts.Result):
            yield item.site
        elif isinstance(item, facts.Local) and item.binding not in seen:
            seen.add(item.binding)
            pending.append(frame.scope.bindings[item.binding])
        elif isinstance(item, facts.Starred):
            pending.append(item.value)
        elif isinstance(item, facts.Display):
            pending += item.items
        elif isinstance(item, facts.GeneratorRef):
            pending.append(frame.scope.generators[item.generator])
