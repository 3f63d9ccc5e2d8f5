"""Calls whose callee is not known here, judged by what somebody else's inference says of it.

A front end that lives in another tool has that tool's inference at hand. It is asked about calls in loop code alone, where
nothing here says what they run, and it answers with definitions; whether these block is decided here, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.facts import Flag, Place, ScopeKind
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.reach import Chain
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.types import ClassType, Frame, FunctionType, Instance, Module, Type, union
from nosyncio.analysis.verdicts import Blocked
from nosyncio.model import Context

if TYPE_CHECKING:
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.guards import Guards
    from nosyncio.analysis.index import Index
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.reach import Reach
    from nosyncio.analysis.runs import Runs
    from nosyncio.analysis.statistics import Counting
    from nosyncio.analysis.verdicts import Verdicts
    from nosyncio.catalogue import Harmless, Verdict


class Definition(NamedTuple):
    """A function or class of the project: its file, relative to the root, and the line of its `def` or `class`."""

    path: str
    line: int
    name: str


class Callee(NamedTuple):
    """Something that a call may run.

    names: its qualified names; of a method the one on the receiver's class first, then on the bases up to where it is defined.
    definition: where it is defined, if that is in the project. receiver: the project's class that a method is called on.
    """

    names: tuple[str, ...]
    definition: Definition | None = None
    receiver: Definition | None = None


class Inference(NamedTuple):
    """All that a call may run, and the names of the attributes that say so."""

    callees: tuple[Callee, ...]
    attributes: frozenset[str]


Infer: TypeAlias = Callable[[Place], Inference | None]
"""Asked about the call at a place. None where not everything is known that it may run."""


class Inferred:
    """Judges the calls of a module that nothing here resolves."""

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        contexts: Contexts,
        guards: Guards,
        runs: Runs,
        reach: Reach,
        counting: Counting,
        index: Index,
    ) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._contexts = contexts
        self._guards = guards
        self._runs = runs
        self._reach = reach
        self._counting = counting
        self._index = index

    def of(self, module: Module, infer: Infer) -> Iterator[tuple[Context, Operation] | Chain]:
        """What blocks at such calls: operations, each with the reason why it counts, and chains."""
        for frame, index, call in self._unresolved(module):
            context = self._contexts.of_site(frame, call)
            inference = None if context is None else infer(call.place)
            if context is None or inference is None or not self._is_settled(module, inference.attributes):
                continue
            verdicts = [self._verdict(frame, call, callee) for callee in inference.callees]
            agreed = [verdict for verdict in verdicts if verdict is not None]
            if agreed and len(agreed) == len(verdicts):
                yield context, Operation(frame, Blocked(index, agreed[0], call.place, None), ())
            elif not agreed and context is Context.ASYNC_BODY:
                yield from self._chains(frame, call, inference.callees)

    def _unresolved(self, module: Module) -> Iterator[tuple[Frame, int, facts.Call]]:
        """The calls that count where they stand, themselves do the waiting, and of which nothing here says what they run."""
        whole = self._contexts.is_async_only(module)
        for number, scope in enumerate(module.facts.scopes):
            frame = Frame(module, number)
            if scope.sites and (whole or self._contexts.on_loop(frame)):
                for index in self._contexts.running(frame):
                    site = scope.sites[index]
                    if isinstance(site, facts.Call) and not site.flags & (Flag.AWAITED | Flag.ASYNC):
                        if self._guards.may_run(frame, site, ()) and self._counting.reason(frame, site) is not None:
                            yield frame, index, site

    # -------------------------------------------------------------------------------------------------------------- attributes

    def _is_settled(self, module: Module, attributes: frozenset[str]) -> bool:
        """Whether no other file of the project may give one of some attributes another value. Inference sees the files that it
        happens to have read so far."""
        return all(self._written_outside(name) <= {module} for name in attributes)

    def _written_outside(self, attribute: str) -> set[Module]:
        """The files that assign an attribute other than on a method's own receiver."""
        places = self._index.writes(attribute)
        return {frame.module for frame, site in places if not is_receiver(frame, frame.scope.root(site.value))}

    # ------------------------------------------------------------------------------------------------------------------ judging

    def _verdict(self, frame: Frame, call: facts.Call, callee: Callee) -> Verdict | None:
        """What the catalogue says of a call, if that does not hang on where its receiver comes from: nobody knows."""
        verdict = self._verdicts.settle(self._told(callee), frame, call.function, Arguments.of_call(self._linker, frame, call))
        if verdict is None:
            return None
        entry = verdict.entry
        by_receiver = entry.unless_made or entry.when_made or entry.handle or entry.handle_made or entry.continues
        return None if by_receiver or entry.lazy else verdict

    def _told(self, callee: Callee) -> list[Verdict | Harmless]:
        catalogue = self._linker.catalogue
        told = (catalogue.verdicts(catalogue.public(name)) for name in callee.names)
        return next(filter(None, told), [])

    def _chains(self, frame: Frame, call: facts.Call, callees: Iterable[Callee]) -> Iterator[Chain]:
        """The chains that a call begins if each of what it may run is the project's."""
        types = [self._type(callee) for callee in callees]
        known = [type_ for type_ in types if type_ is not None]
        if len(known) == len(types):
            yield from self._reach.chains_at(frame, [(call, self._runs.of_callee(call, union(known)))])

    def _type(self, callee: Callee) -> Type | None:
        """A callee as a value, if it is defined in the project and stands there still."""
        found = None if callee.definition is None else self._scope(callee.definition)
        if found is None:
            return None
        if found.scope.kind is ScopeKind.CLASS:
            return ClassType(self._linker.names.class_symbol(*found))
        receiver = None if callee.receiver is None else self._scope(callee.receiver)
        symbol = self._linker.names.function_symbol(*found)
        return FunctionType(symbol, None if receiver is None else Instance(self._linker.names.class_symbol(*receiver)))

    def _scope(self, definition: Definition) -> Frame | None:
        module = self._linker.modules.at(definition.path)
        for number, scope in enumerate(module.facts.scopes if module is not None else ()):
            if scope.name == definition.name and scope.place[0] == definition.line and scope.kind is not ScopeKind.MODULE:
                assert module is not None
                return Frame(module, number)
        return None
