"""Calls that keep another from blocking: in the same function (`asyncio.get_running_loop` beside `asyncio.run`), or anywhere in
the program (`nest_asyncio.apply`)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Flag, ScopeKind
from nosyncio.analysis.index import Index
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.reach import Chain
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.types import Frame, FunctionType, Module, candidates
from nosyncio.model import Kind

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_FARTHEST = 2
"""How many calls away a helper such as `in_event_loop()` may ask."""


class Exemptions:
    """Looks for the calls that an entry names in `unless_guarded` and `unless_patched`. Which way a test goes that such a call
    decides is not asked: code that knows of the case is taken to deal with it."""

    def __init__(self, linker: Linker, verdicts: Verdicts, index: Index) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._called: Kept[tuple[Frame, int], frozenset[str]] = Kept(linker.reads)
        self._index = index
        self._patched: Kept[tuple[str, str], bool] = Kept(linker.reads)

    def cover(self, operation: Operation, frames: Iterable[Frame]) -> bool:
        """Whether the program, or one of the functions on the way to an operation, makes such a call."""
        entry = operation.first.verdict.entry
        program = _program(operation.frame.module)
        if any(self._is_patched(name, program) for name in entry.unless_patched):
            return True
        return bool(entry.unless_guarded) and any(self._is_guarded(entry.unless_guarded, frame) for frame in frames)

    def is_awaited(self, chain: Chain) -> bool:
        """Whether a chain to an event loop begins with a call that is awaited: a function that starts a loop for some callers and
        gives an awaitable to others does the latter there."""
        if chain.kind is not Kind.NESTED_LOOP:
            return False
        return any(site.place == chain.place and site.flags & Flag.AWAITED for site in chain.frame.scope.sites)

    # ------------------------------------------------------------------------------------------------------------ functions

    def _is_guarded(self, guards: Iterable[str], frame: Frame) -> bool:
        """Whether a function, one around it, or its module's body makes such a call. A coroutine function has no use for one: it
        is called while a loop runs."""
        for index in frame.module.facts.around(frame.number):
            around = Frame(frame.module, index)
            if not around.scope.is_async and not self._calls(around, _FARTHEST).isdisjoint(guards):
                return True
        return False

    def _calls(self, frame: Frame, depth: int) -> frozenset[str]:
        """The names that a scope calls, those of functions that it calls included."""
        return self._called.settled((frame, depth), frozenset(), lambda: frozenset(self._names(frame, depth)))

    def _names(self, frame: Frame, depth: int) -> Iterator[str]:
        for site in frame.scope.sites:
            if not isinstance(site, facts.Call):
                continue
            dotted = self._linker.names.dotted(frame, site.function)
            if dotted is not None:
                yield dotted
                continue
            for item in candidates(self._linker.values.value(frame, site.function)):
                yield from self._verdicts.names(item)
                if isinstance(item, FunctionType) and item.symbol.has_body and depth:
                    scope = item.symbol.frame.scope
                    if scope.kind is ScopeKind.FUNCTION and not scope.is_async and frame.scope.kind is not ScopeKind.MODULE:
                        yield from self._calls(item.symbol.frame, depth - 1)

    # ------------------------------------------------------------------------------------------------------------- programs

    def _is_patched(self, name: str, program: str) -> bool:

        def work() -> bool:
            importers = self._index.importers(name.partition(".")[0])
            return any(_program(module) == program and self._patches(module, name) for module in importers)

        return self._patched.once((name, program), work)

    def _patches(self, module: Module, name: str) -> bool:
        return any(
            isinstance(site, facts.Call) and self._linker.names.dotted(Frame(module, number), site.function) == name
            for number, scope in enumerate(module.facts.scopes)
            for site in scope.sites
        )


def _program(module: Module) -> str:
    """What tells one program from another: the top-level package, or the folder of modules that are in none."""
    top, _, rest = module.name.partition(".")
    return top if rest or module.is_package else posixpath.dirname(module.path or "")
