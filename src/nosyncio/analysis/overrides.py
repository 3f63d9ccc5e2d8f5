"""Which methods may run in place of the one that a call names: what subclasses of the receiver's class put there."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, ScopeKind
from nosyncio.analysis.origins import origins
from nosyncio.analysis.types import ClassSymbol, Frame, FunctionSymbol, Module, Super

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Scope(enum.Enum):
    """Whose overrides of a method a call may run."""

    NONE = "none: the receiver's class is known for sure"
    OF_ABSTRACT = "only where the method is there to be overridden"
    ALL = "every subclass's: the receiver is only declared"


class Overrides:
    """The methods of the classes in the modules under check, by name."""

    def __init__(self, linker: Linker, modules: Iterable[Module]) -> None:
        self._linker = linker
        self._definers: dict[str, list[tuple[Module, int]]] = {}
        for module in modules:
            for index, scope in enumerate(module.facts.scopes):
                if scope.kind is ScopeKind.CLASS and scope.bases:
                    for name in scope.names:
                        self._definers.setdefault(name, []).append((module, index))
        self._subclasses: dict[tuple[ClassSymbol, str], list[tuple[ClassSymbol, FunctionSymbol]]] = {}

    def of(self, cls: ClassSymbol, name: str) -> list[tuple[ClassSymbol, FunctionSymbol]]:
        """The subclasses of `cls` that define a method `name` themselves, each with its function."""
        key = (cls, name)
        known = self._subclasses.get(key)
        if known is None:
            known = self._subclasses[key] = list(self._search(cls, name))
        return known

    def _search(self, cls: ClassSymbol, name: str) -> Iterator[tuple[ClassSymbol, FunctionSymbol]]:
        for module, index in self._definers.get(name, ()):
            symbol = self._linker.names.class_symbol(module, index)
            if symbol is not cls and self._linker.classes.derives(symbol, cls):
                for function in own_methods(self._linker, symbol, name):
                    yield symbol, function

    def scope(self, frame: Frame, function: Expr) -> Scope:
        """Whose overrides may run where `function` is called, or read: by what is known of its receiver."""
        if not isinstance(function, facts.Attribute):
            return Scope.NONE
        if isinstance(self._linker.values.value(frame, function.value), Super):
            return Scope.NONE
        receiver = frame.scope.root(function.value)
        if isinstance(receiver, facts.Local) and isinstance(frame.scope.bindings[receiver.binding], facts.Parameter):
            symbol = self._linker.names.function_symbol(*frame) if frame.scope.kind is ScopeKind.FUNCTION else None
            is_self = receiver.binding == 0 and symbol is not None and symbol.owner is not None
            return Scope.OF_ABSTRACT if is_self else Scope.ALL
        return Scope.NONE if origins(self._linker, frame, function.value, elsewhere=True) else Scope.ALL

    def is_abstract(self, symbol: FunctionSymbol) -> bool:
        """Whether a method is there to be overridden: declared so, or a Protocol's, or it does nothing but raise."""
        if symbol.owner is None or not symbol.is_project:
            return False
        if any(name.endswith("abstractmethod") for name in self._linker.calls.decorators(symbol)):
            return True
        scope = symbol.frame.scope
        if scope.name.startswith("__") or scope.is_generator:
            return False
        return not scope.returned and all(_raises_not_implemented(site) for site in scope.sites)


def own_methods(linker: Linker, cls: ClassSymbol, name: str) -> Iterator[FunctionSymbol]:
    """The functions that a class itself binds to `name`: one, but for overloads and a property's accessors."""
    assert cls.frame is not None
    for binding in cls.frame.scope.names.get(name, ()):
        value = cls.frame.scope.bindings[binding]
        if isinstance(value, facts.FunctionRef):
            yield linker.names.function_symbol(cls.frame.module, value.scope)


def _raises_not_implemented(site: facts.Site) -> bool:
    return isinstance(site, facts.Call) and site.function == facts.Name("NotImplementedError")
