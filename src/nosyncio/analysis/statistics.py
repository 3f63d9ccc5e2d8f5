"""Of how many call sites is it known what they run, and why not of the others?

What a call site's callee can be (`None` left out, as where it is called) decides, each in turn:

- a function or class of the code under check, or an instance whose class there has a `__call__`: project;
- one of `builtins`: builtin;
- one of any other stub, or what only its name is known of (`Named`); a form of `typing` or a `NewType`, which run nothing of
  anybody's; what the catalogue knows by the name that the call spells out: library;
- a `partial`: what it was made of;
- a callable of which only the result is known (a parameter declared as `Callable[..., int]`): not resolved. The types go on
  from there, but nobody knows what runs;
- anything unknown (`Any` and parameters without annotation among it): not resolved, for its own reason;
- nothing at all, as for a value that only comes from itself, and what cannot be called, as far as types tell: not resolved.

A callee that can be several things is resolved if each of them is; it counts for the project if any of them does, else for a
library if any does.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.types import (
    CallableType,
    ClassSymbol,
    ClassType,
    Form,
    Frame,
    FunctionType,
    Instance,
    Module,
    Named,
    Never,
    Partial,
    Special,
    Type,
    TypeVariable,
    Unknown,
    candidates,
)
from nosyncio.model import CallSites, Statistics

if TYPE_CHECKING:
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.runs import Runs
    from nosyncio.analysis.trails import Trails

ONLY_RESULT = "a callable of which only the result is known"
NOT_CALLABLE = "nothing that can be called, as far as types tell"
NO_VALUE = "no value at all, as far as types tell"
TOO_DEEP = "types that are nested too deeply to be followed"


class Resolved(enum.IntEnum):
    """What a call site is resolved to; of several the greatest counts."""

    BUILTIN = 1
    LIBRARY = 2
    PROJECT = 3


class Counting:
    """Counts the call sites of scopes that run on the loop, and of those that loop code reaches."""

    def __init__(self, linker: Linker, contexts: Contexts, runs: Runs) -> None:
        self._linker = linker
        self._contexts = contexts
        self._runs = runs

    def count(self, modules: Iterable[Module], trails: Trails) -> Statistics:
        """What the loop code of some modules calls, and the sync functions of these that any loop code reaches."""
        reached = {node.symbol for node in trails.reached()}
        on_loop: list[Frame] = []
        below: list[Frame] = []
        for module in modules:
            for number, scope in enumerate(module.facts.scopes):
                frame = Frame(module, number)
                if scope.kind is not ScopeKind.MODULE:
                    if self._contexts.on_loop(frame):
                        on_loop.append(frame)
                    elif self._linker.names.function_around(frame) in reached:
                        below.append(frame)
        return Statistics(self._of(on_loop), self._of(below))

    def _of(self, frames: Iterable[Frame]) -> CallSites:
        functions = properties = 0
        resolved: Counter[Resolved] = Counter()
        unresolved: Counter[str] = Counter()
        for frame in frames:
            functions += frame.scope.kind is not ScopeKind.CLASS
            answers, reads = self._in_scope(frame)
            resolved.update(answer for answer in answers if isinstance(answer, Resolved))
            unresolved.update(answer for answer in answers if isinstance(answer, str))
            properties += reads
        return CallSites(
            functions=functions,
            project=resolved[Resolved.PROJECT],
            library=resolved[Resolved.LIBRARY],
            builtin=resolved[Resolved.BUILTIN],
            unresolved=dict(sorted(unresolved.items(), key=lambda item: (-item[1], item[0]))),
            properties=properties,
        )

    def _in_scope(self, frame: Frame) -> tuple[list[Resolved | str], int]:
        """An answer for each call of a scope that runs when it does, and how many reads of properties there are."""
        answers: list[Resolved | str] = []
        properties = 0
        try:
            for index in self._contexts.running(frame):
                site = frame.scope.sites[index]
                if isinstance(site, facts.Call):
                    answers.append(self._answer(frame, site))
                elif isinstance(site, facts.Read):
                    properties += bool(self._runs.functions(frame, index))
        except RecursionError:
            return [TOO_DEEP for site in frame.scope.sites if isinstance(site, facts.Call)], 0
        return answers, properties

    def reason(self, frame: Frame, call: facts.Call) -> str | None:
        """Why it is not known what a call runs; None if it is."""
        answer = self._answer(frame, call)
        return answer if isinstance(answer, str) else None

    def _answer(self, frame: Frame, call: facts.Call) -> Resolved | str:
        found = list(self._answers(self._linker.values.value(frame, call.function)))
        unresolved = [answer for answer in found if isinstance(answer, str)]
        if unresolved:
            dotted = self._linker.names.dotted(frame, call.function)
            known = dotted is not None and self._linker.catalogue.verdicts(dotted)
            return Resolved.LIBRARY if known else unresolved[0]
        return max(answer for answer in found if isinstance(answer, Resolved))

    def _answers(self, callee: Type) -> Iterator[Resolved | str]:
        """What each thing is that a callee can be: at least one answer."""
        items = candidates(callee)
        if not items:
            yield NO_VALUE if isinstance(callee, Never) else NOT_CALLABLE
        for item in items:
            if isinstance(item, Partial):
                yield from self._answers(item.function)
            elif isinstance(item, TypeVariable) and item.bound is not None:
                yield from self._answers(item.bound)
            else:
                yield self._of_item(item)

    def _of_item(self, item: Type) -> Resolved | str:
        if isinstance(item, FunctionType):
            return _origin(item.symbol.is_project, item.symbol.qualified_name)
        if isinstance(item, ClassType):
            return _origin(item.symbol.is_project, item.symbol.qualified_name)
        if isinstance(item, Instance):
            return self._of_instance(item.symbol)
        if isinstance(item, (Named, Special, Form)):
            return Resolved.LIBRARY
        if isinstance(item, CallableType):
            return ONLY_RESULT
        return item.reason.value if isinstance(item, Unknown) else NOT_CALLABLE

    def _of_instance(self, cls: ClassSymbol) -> Resolved | str:
        """Calling an instance: whose `__call__` it runs."""
        found = self._linker.members.find(cls, "__call__", instance=False)
        if found is not None:
            return _origin(found.owner.is_project, found.owner.qualified_name)
        opaque = any(base.frame is None for base, _ in self._linker.classes.order(cls))
        return Resolved.LIBRARY if opaque else NOT_CALLABLE


def _origin(is_project: bool, qualified_name: str) -> Resolved:
    if is_project:
        return Resolved.PROJECT
    return Resolved.BUILTIN if qualified_name.startswith("builtins.") else Resolved.LIBRARY
