"""Which methods may run in place of the one that a call names: what subclasses of the receiver's class put there, or, where
that is a Protocol, the classes that fit it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.index import Index
from nosyncio.analysis.protocols import Protocols
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.subclasses import Subclasses
from nosyncio.analysis.types import ClassSymbol, FunctionSymbol

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Overrides:
    """The methods of the classes in the modules under check, by name."""

    def __init__(self, linker: Linker, index: Index, subclasses: Subclasses) -> None:
        """index, subclasses: of the modules under check."""
        self._linker = linker
        self._subclasses = subclasses
        self._protocols = Protocols(linker, index)
        self._known: Kept[tuple[ClassSymbol, str], list[tuple[ClassSymbol, FunctionSymbol]]] = Kept(linker.reads)

    def of(self, cls: ClassSymbol, name: str) -> list[tuple[ClassSymbol, FunctionSymbol]]:
        """The subclasses of `cls` that define a method `name` themselves, and the classes that fit it as a Protocol, each with
        its function."""
        if not cls.is_project or not (self._subclasses.of(cls) or self._protocols.implementations(cls)):
            return []  # so it is of most classes: nothing is kept of these, name by name
        return self._known.once((cls, name), lambda: list(self._search(cls, name)))

    def _search(self, cls: ClassSymbol, name: str) -> Iterator[tuple[ClassSymbol, FunctionSymbol]]:
        for symbol in self._subclasses.binding(cls, name):
            for function in own_methods(self._linker, symbol, name):
                yield symbol, function
        for symbol in self._protocols.implementations(cls):
            method = self._linker.members.method(symbol, name)
            if method is not None:
                yield symbol, method


def own_methods(linker: Linker, cls: ClassSymbol, name: str) -> Iterator[FunctionSymbol]:
    """The functions that a class itself binds to `name`: one, but for overloads and a property's accessors."""
    assert cls.frame is not None
    scope = cls.frame.scope
    for binding in scope.bindings_of(name):
        value = cls.frame.scope.bindings[binding]
        if isinstance(value, facts.FunctionRef):
            yield linker.names.function_symbol(cls.frame.module, value.scope)
