"""Lazy iterators that are made in a thread and consumed on the event loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Operand
from nosyncio.analysis.bodies import Node
from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.coroutines import Coroutines
from nosyncio.analysis.facts import Expr, Flag, Place
from nosyncio.analysis.fates import carried
from nosyncio.analysis.offloads import Offloads
from nosyncio.analysis.origins import Origin, origins
from nosyncio.analysis.reach import Reach
from nosyncio.analysis.types import (
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    Module,
    Partial,
    Type,
    candidates,
)
from nosyncio.catalogue import Verdict
from nosyncio.model import Kind

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_FARTHEST = 4
"""How many functions that hand on what another gave are looked through."""
_OFF_BY_DEFAULT = frozenset((Kind.CPU, Kind.IMPORT_LOAD))

_MAY_BE_GIVEN = (facts.Local, facts.Result, facts.Awaited)

Maker: TypeAlias = FunctionSymbol | str
"""What makes a lazy iterator: a generator function of the code under check, or a call that the catalogue names."""


class Lazies:
    """Looks from where something is iterated back to the thread that made it."""

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        contexts: Contexts,
        reach: Reach,
        offloads: Offloads,
        coroutines: Coroutines,
    ) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._contexts = contexts
        self._reach = reach
        self._offloads = offloads
        self._coroutines = coroutines

    def consumed(self, module: Module) -> Iterator[tuple[Frame, Place, Maker]]:
        """What the loop code of a module consumes of them, and where: the iterable, if it is written there."""
        for number, scope in enumerate(module.facts.scopes):
            frame = Frame(module, number)
            if scope.sites and self._contexts.on_loop(frame):
                for index in self._contexts.running(frame):
                    site = scope.sites[index]
                    iterable = self._iterable(frame, site)
                    maker = None if iterable is None else self._maker(frame, iterable)
                    if iterable is not None and maker is not None:
                        yield frame, self._place(frame, site, iterable), maker

    def _iterable(self, frame: Frame, site: facts.Site) -> Expr | None:
        """What a site iterates."""
        if site.flags & Flag.ASYNC:
            return None
        if isinstance(site, facts.Iterate):
            return site.iterable
        if isinstance(site, facts.Call) and any(isinstance(argument, _MAY_BE_GIVEN) for argument in site.arguments):
            return self._verdicts.consumed_argument(frame, site)
        return site.value if isinstance(site, facts.Operate) and site.method == "__contains__" else None

    def _place(self, frame: Frame, site: facts.Site, iterable: Expr) -> Place:
        if not isinstance(site, facts.Iterate):
            for origin in origins(self._linker, frame, iterable):
                inner = frame.scope.sites[origin.site].place
                if site.place[:2] <= inner[:2] and inner[2:] <= site.place[2:]:
                    return inner
        return site.place

    # ----------------------------------------------------------------------------------------------------- back to the thread

    def _maker(self, frame: Frame, iterable: Expr) -> Maker | None:
        """What made an iterator in a thread, if it can come from nowhere else."""
        return _agreed(
            None if origin.is_generator or origin.frame != frame else self._maker_behind(origin)
            for origin in origins(self._linker, frame, iterable)
        )

    def _maker_behind(self, origin: Origin) -> Maker | None:
        parts = self._verdicts.passed(origin.frame, origin.call)
        if parts:
            return _first(self._maker(origin.frame, part) for part in parts)
        handed = self._in_thread(origin.frame, origin.call, 0)
        return _agreed(self._lazy(operand.type, 0) for operand in handed)

    def _in_thread(self, frame: Frame, call: facts.Call, depth: int) -> list[Operand]:
        """The callables that threads call to give what a call gives; empty where it can come from elsewhere."""
        for item in candidates(self._linker.values.value(frame, call.function)):
            if isinstance(item, FunctionType) and item.symbol.is_project:
                return self._in_thread_of(frame, call, item, depth) if depth < _FARTHEST else []
            slot = self._offloads.slot(frame, call)
            return [] if slot is None else [slot.operand]
        return []

    def _in_thread_of(self, frame: Frame, call: facts.Call, function: FunctionType, depth: int) -> list[Operand]:
        """The same for a function of the code under check, by what it returns."""
        inner = function.symbol.frame
        if inner.scope.is_generator or not self._coroutines.is_plain(function.symbol):
            return []
        bound = dict(self._offloads.bound(frame, call, function))
        found: list[Operand] = []
        for value in inner.scope.returned:
            made = origins(self._linker, inner, value)
            for origin in made:
                handed = [] if origin.is_generator or origin.frame != inner else self._in_thread(inner, origin.call, depth + 1)
                if not handed:
                    return []
                found += [_replaced(operand, inner, bound) for operand in handed]
            if not made:
                return []
        return found

    # ------------------------------------------------------------------------------------------------------- what is lazy

    def _lazy(self, callee: Type, depth: int) -> Maker | None:
        """What makes the iterator, where calling `callee` gives one that blocks when it is iterated."""
        return _agreed(self._lazy_one(item, depth) for item in candidates(callee))

    def _lazy_one(self, item: Type, depth: int) -> Maker | None:
        if isinstance(item, Partial):
            return self._lazy(item.function, depth)
        if isinstance(item, FunctionType) and item.symbol.is_project:
            return self._lazy_function(item, depth)
        for told in self._verdicts.told(item):
            if not isinstance(told, Verdict) or not told.entry.lazy:
                return None
            entry = told.entry
            if not (entry.when or entry.when_made or entry.unless or entry.unless_made or entry.handle or entry.handle_made):
                return told.name
        return None

    def _lazy_function(self, function: FunctionType, depth: int) -> Maker | None:
        symbol = function.symbol
        scope = symbol.frame.scope
        if scope.is_async or depth > _FARTHEST or not self._coroutines.is_plain(symbol):
            return None
        if scope.is_generator:
            receiver = function.receiver
            cls = receiver.symbol if isinstance(receiver, (Instance, ClassType)) else symbol.owner
            leaves = self._reach.leaves(Node(symbol, cls))
            return symbol if any(leaf.operation.kind not in _OFF_BY_DEFAULT for leaf in leaves) else None
        return _agreed(self._lazy_value(symbol.frame, value, depth + 1) for value in scope.returned)

    def _lazy_value(self, frame: Frame, value: Expr, depth: int) -> Maker | None:
        """What makes the iterator that a value is, if it is one."""
        return _agreed(
            None if origin.is_generator or origin.frame != frame else self._lazy_call(origin, depth)
            for origin in origins(self._linker, frame, value)
        )

    def _lazy_call(self, origin: Origin, depth: int) -> Maker | None:
        parts = self._verdicts.passed(origin.frame, origin.call)
        if parts:
            return _first(self._lazy_value(origin.frame, part, depth) for part in parts)
        if self._verdicts.consumed_argument(origin.frame, origin.call) is not None:
            return None
        verdict = self._verdicts.verdict(origin.frame, origin.site)
        if verdict is not None:
            return verdict.name if verdict.entry.lazy else None
        for item in candidates(self._linker.values.value(origin.frame, origin.call.function)):
            if not isinstance(item, FunctionType) or not item.symbol.is_project:
                return None
        return self._lazy(self._linker.values.value(origin.frame, origin.call.function), depth)


def _first(makers: Iterable[Maker | None]) -> Maker | None:
    return next((maker for maker in makers if maker is not None), None)


def _agreed(makers: Iterable[Maker | None]) -> Maker | None:
    """The first of several, if all are known."""
    found: Maker | None = None
    for maker in makers:
        if maker is None:
            return None
        found = found or maker
    return found


def _replaced(operand: Operand, inner: Frame, bound: dict[str, Operand]) -> Operand:
    """An operand inside a function; the argument of the call where it is a parameter of the function."""
    if operand.frame == inner and operand.expr is not None:
        for part in carried(inner, operand.expr):
            if not isinstance(part, int) and part.scope == inner.number and part.name in bound:
                return bound[part.name]
    return operand
