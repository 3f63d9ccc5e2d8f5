"""Where a function is mentioned: called, handed to a thread, or passed on."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.types import Frame, FunctionSymbol, FunctionType, Module, Partial, Type, alternatives

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts


class Role(enum.Enum):
    CALLED = "called"
    OFFLOADED = "offloaded"
    OTHER = "other"


class Reference(NamedTuple):
    frame: Frame
    role: Role


class References:
    """The mentions of functions in the modules that have been added, found by name and confirmed by what the name means."""

    def __init__(self, linker: Linker, verdicts: Verdicts) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._modules: list[Module] = []
        self._mentions: dict[str, list[tuple[Frame, facts.Call, facts.Expr]]] | None = None

    def add(self, module: Module) -> None:
        self._modules.append(module)
        self._mentions = None

    def to(self, symbol: FunctionSymbol) -> Iterator[Reference]:
        """The calls that run `symbol` or are handed it."""
        if symbol.name == "<lambda>":
            yield from self._to_lambda(symbol)
            return
        for frame, call, expr in self._by_name().get(symbol.name, ()):
            if symbol in _symbols(self._linker.values.value(frame, expr)):
                yield Reference(frame, self._role(frame, call, expr))

    def _to_lambda(self, symbol: FunctionSymbol) -> Iterator[Reference]:
        frame = symbol.frame.outer
        for site in frame.scope.sites:
            if isinstance(site, facts.Call):
                for expr in _operands(site):
                    if expr == facts.FunctionRef(symbol.frame.number):
                        yield Reference(frame, self._role(frame, site, expr))

    def _role(self, frame: Frame, call: facts.Call, expr: facts.Expr) -> Role:
        if call.function is expr:
            return Role.CALLED
        arguments = Arguments.of_call(self._linker, frame, call)
        for item in alternatives(self._linker.values.value(frame, call.function)):
            for name in self._verdicts.names(item):
                told = self._linker.catalogue.offload(name)
                if told is not None and told.callable is not None:
                    operand = arguments.at(told.callable.position, told.callable.argument)
                    if operand is not None and operand.expr is not None and _mentions(operand.expr, expr, frame):
                        return Role.OFFLOADED
        return Role.OTHER

    def _by_name(self) -> dict[str, list[tuple[Frame, facts.Call, facts.Expr]]]:
        if self._mentions is None:
            self._mentions = {}
            for module in self._modules:
                for index, scope in enumerate(module.facts.scopes):
                    for site in scope.sites:
                        if isinstance(site, facts.Call):
                            self._note(Frame(module, index), site)
        return self._mentions

    def _note(self, frame: Frame, call: facts.Call) -> None:
        assert self._mentions is not None
        for expr in (call.function, *_operands(call)):
            name = _name(frame, expr)
            if name is not None:
                self._mentions.setdefault(name, []).append((frame, call, expr))


def _operands(call: facts.Call) -> Iterator[facts.Expr]:
    yield from call.arguments
    for keyword in call.keywords:
        yield keyword.value


def _name(frame: Frame, expr: facts.Expr) -> str | None:
    """The last word that an expression mentions a function by."""
    if isinstance(expr, facts.Attribute):
        return expr.name
    if isinstance(expr, facts.Name):
        return expr.id
    if isinstance(expr, facts.Local):
        value = frame.scope.bindings[expr.binding]
        if isinstance(value, facts.FunctionRef):
            return frame.module.facts.scopes[value.scope].name
        if isinstance(value, facts.Imported):
            return value.name or None
        return None if isinstance(value, (facts.Phi, facts.Local)) else _name(frame, value)
    return None


def _mentions(operand: facts.Expr, expr: facts.Expr, frame: Frame) -> bool:
    return operand is expr or (msgspec.structs.asdict(operand) == msgspec.structs.asdict(expr) and type(operand) is type(expr))


def _symbols(value: Type) -> Iterator[FunctionSymbol]:
    for item in alternatives(value):
        if isinstance(item, Partial):
            yield from _symbols(item.function)
        elif isinstance(item, FunctionType):
            yield item.symbol
