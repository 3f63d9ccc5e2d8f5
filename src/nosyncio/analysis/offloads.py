"""Which argument of a call is the callable that a thread calls: by the catalogue's tables, and by a project's own wrappers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments, Operand
from nosyncio.analysis.facts import Expr, Flag
from nosyncio.analysis.fates import carried, last_word
from nosyncio.analysis.origins import origins
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.types import Frame, FunctionSymbol, FunctionType, candidates

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_FARTHEST = 4
"""How many wrappers around wrappers are followed."""


# Functions that have no use for a coroutine.
_USES = frozenset(
    ("bool", "dict", "dumps", "float", "int", "len", "list", "print", "repr", "set", "sorted", "str", "sum", "tuple")
)


class Slot(NamedTuple):
    """The argument that a call hands to a thread or process to call it. `accepts_async`: it may be a coroutine function;
    `callee`: the qualified name of what is called."""

    operand: Operand
    accepts_async: bool
    callee: str


class Offloads:
    """Asks for the argument itself, where `Fates` counts all that goes to the thread with it."""

    def __init__(self, linker: Linker, verdicts: Verdicts) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._parameters: Kept[FunctionSymbol, dict[str, bool]] = Kept(linker.reads)

    def slot(self, frame: Frame, call: facts.Call, depth: int = 0) -> Slot | None:
        """What a call hands over."""
        if not call.arguments and not call.keywords:
            return None
        for item in candidates(self._linker.values.value(frame, call.function)):
            for name in self._verdicts.names(item):
                table = self._linker.catalogue.offload(name)
                if table is not None and table.callable is not None:
                    arguments = Arguments.of_call(self._linker, frame, call)
                    operand = arguments.at(table.callable.position, table.callable.argument)
                    return None if operand is None else Slot(operand, table.accepts_async, name)
            if isinstance(item, FunctionType) and item.symbol.is_project and depth < _FARTHEST:
                for parameter, operand in self.bound(frame, call, item):
                    accepts_async = self._handed_on(item.symbol, depth).get(parameter)
                    if accepts_async is not None:
                        return Slot(operand, accepts_async, item.symbol.qualified_name)
        return None

    def bound(self, frame: Frame, call: facts.Call, function: FunctionType) -> Iterator[tuple[str, Operand]]:
        """The arguments of a call by the parameters of a function of the code under check; none where they do not fit."""
        arguments = Arguments.of_call(self._linker, frame, call)
        skip = self._linker.calls.has_receiver(function, function.symbol)
        for parameter, operand in arguments.bind(function.symbol, skip_receiver=skip) or ():
            yield parameter.name, operand

    def is_looked_at(self, frame: Frame, call: facts.Call) -> bool:
        """Whether what a call gives, once awaited, is handed to another call or awaited again: such code may ask whether it is a
        coroutine."""
        if not call.flags & Flag.AWAITED:
            return False
        values = [
            expr
            for site in frame.scope.sites
            if isinstance(site, facts.Call) and last_word(frame.module, frame.number, site.function) not in _USES
            for expr in site.passed
        ]
        values += [value.value for value in _kept(frame) if isinstance(value, facts.Awaited) and not _is_call(value.value)]
        return any(
            origin.frame == frame and not origin.is_generator and origin.call == call
            for value in values
            for origin in origins(self._linker, frame, value)
        )

    def _handed_on(self, symbol: FunctionSymbol, depth: int) -> dict[str, bool]:
        """The parameters that a function does nothing with but to hand them to a thread as the callable, and whether that may be
        a coroutine function."""

        def work() -> dict[str, bool]:
            frame = symbol.frame
            found = {parameter.name: self._only_handed(frame, parameter.name, depth) for parameter in frame.scope.parameters}
            return {name: accepts_async for name, accepts_async in found.items() if accepts_async is not None}

        return self._parameters.settled(symbol, {}, work)

    def _only_handed(self, frame: Frame, parameter: str, depth: int) -> bool | None:
        """Whether a parameter with which nothing is done but to call it in a thread may be a coroutine function; None for
        others."""
        if any(self._uses(frame, value, parameter) for value in _kept(frame)):
            return None
        found: bool | None = None
        for site in frame.scope.sites:
            if not isinstance(site, facts.Call):
                continue
            if self._uses(frame, site.function, parameter):
                return None
            passed = [value for value in site.passed if self._uses(frame, value, parameter)]
            if not passed or self._is_partial(frame, site):
                continue
            slot = self.slot(frame, site, depth + 1)
            if slot is None or passed != [slot.operand.expr] or not self._calls(frame, passed[0], parameter):
                return None
            found = bool(found) or slot.accepts_async or self.is_looked_at(frame, site)
        return found

    def _is_partial(self, frame: Frame, call: facts.Call) -> bool:
        """Whether a call only binds arguments to a callable, so that what uses its result uses the callable."""
        callees = candidates(self._linker.values.value(frame, call.function))
        return any(name == "functools.partial" for item in callees for name in self._verdicts.names(item))

    def _uses(self, frame: Frame, expr: Expr, parameter: str) -> bool:
        """Whether a value is a parameter, or a function that has to do with it."""
        own = (frame.number, parameter)
        for part in carried(frame, expr):
            if part == own:
                return True
            if isinstance(part, int):
                inner = Frame(frame.module, part)
                if any(own in list(carried(inner, value)) for value in [*_kept(inner), *_parts_of_calls(inner)]):
                    return True
        return False

    def _calls(self, frame: Frame, expr: Expr, parameter: str) -> bool:
        """Whether calling a value calls a parameter, and does nothing else with it."""
        own = (frame.number, parameter)
        for part in carried(frame, expr):
            if isinstance(part, int):
                inner = Frame(frame.module, part)
                uses = [value for value in [*_kept(inner), *_parts_of_calls(inner)] if own in list(carried(inner, value))]
                called = [site.function for site in inner.scope.sites if isinstance(site, facts.Call)]
                if not uses or any(use not in called for use in uses):
                    return False
        return True


def _is_call(expr: Expr) -> bool:
    return isinstance(expr, facts.Result)


def _parts_of_calls(frame: Frame) -> Iterator[Expr]:
    for site in frame.scope.sites:
        if isinstance(site, facts.Call):
            yield site.function
            yield from site.passed


def _kept(frame: Frame) -> Iterator[Expr]:
    """The values that outlive a function, or leave it."""
    yield from frame.scope.returned
    yield from frame.scope.yielded
    for site in frame.scope.sites:
        if isinstance(site, facts.Write) and site.assigned is not None:
            yield site.assigned
