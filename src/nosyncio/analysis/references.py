"""Where functions are mentioned: called, or handed to a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.types import Frame, FunctionSymbol, FunctionType, Module, Partial, Type, alternatives

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts
    from nosyncio.catalogue.schema import HandsOver


class References:
    """The mentions of functions in the modules that have been added: found by name, confirmed by what the name means."""

    def __init__(self, linker: Linker, verdicts: Verdicts) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._modules: list[Module] = []
        self._calls: dict[str, list[tuple[Frame, facts.Call]]] | None = None
        self._offloaded: set[FunctionSymbol] | None = None

    def add(self, module: Module) -> None:
        self._modules.append(module)
        self._calls = self._offloaded = None

    def calls_of(self, symbol: FunctionSymbol) -> Iterator[Frame]:
        """The scopes that call a function."""
        for frame, call in self._by_name().get(symbol.name, ()):
            if symbol in functions_in(self._linker.values.value(frame, call.function)):
                yield frame

    def _by_name(self) -> dict[str, list[tuple[Frame, facts.Call]]]:
        if self._calls is None:
            self._calls = {}
            for frame, call in self._all_calls():
                self._calls.setdefault(_called_name(frame, call.function), []).append((frame, call))
        return self._calls

    def _all_calls(self) -> Iterator[tuple[Frame, facts.Call]]:
        for module in self._modules:
            for index, scope in enumerate(module.facts.scopes):
                for site in scope.sites:
                    if isinstance(site, facts.Call):
                        yield Frame(module, index), site

    def offloaded(self) -> set[FunctionSymbol]:
        """The functions of the code under check that some call hands to a thread or process."""
        if self._offloaded is None:
            self._offloaded = set()
            for frame, call in self._all_calls():
                if _called_name(frame, call.function) in self._linker.catalogue.words:
                    self._offloaded.update(self.handed_over(frame, call, self._linker.catalogue.offload))
        return self._offloaded

    def handed_over(self, frame: Frame, call: facts.Call, table: Callable[[str], HandsOver | None]) -> Iterator[FunctionSymbol]:
        """The functions that a call hands over in the argument which `table` names for its callee."""
        told = self._verdicts.told_of_callee(frame, call, table)
        if told is not None and told.callable is not None:
            operand = Arguments.of_call(self._linker, frame, call).at(told.callable.position, told.callable.argument)
            if operand is not None:
                yield from functions_in(operand.type)


def functions_in(value: Type) -> Iterator[FunctionSymbol]:
    """The functions of the code under check that a callable value is."""
    for item in alternatives(value):
        if isinstance(item, Partial):
            yield from functions_in(item.function)
        elif isinstance(item, FunctionType) and item.symbol.is_project:
            yield item.symbol


def _called_name(frame: Frame, expr: facts.Expr) -> str:
    """The last word that a callee is spelled with; that of the definition where a variable stands for one."""
    if isinstance(expr, facts.Attribute):
        return expr.name
    if isinstance(expr, facts.Name):
        return expr.id
    if isinstance(expr, facts.FunctionRef):
        return frame.module.facts.scopes[expr.scope].name
    if isinstance(expr, facts.Imported):
        return expr.name
    if isinstance(expr, facts.Local):
        value = frame.scope.bindings[expr.binding]
        return "" if isinstance(value, (facts.Local, facts.Phi)) else _called_name(frame, value)
    return ""
