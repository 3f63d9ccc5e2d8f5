"""Which classes of the code under check derive from a class? Found from one to the next by the words that bases are named by, and
confirmed by what these mean: an answer hangs on what derives, not on everything that is called alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis.index import Index
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.types import ClassSymbol

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Subclasses:
    """The classes in the modules under check, by what they derive from."""

    def __init__(self, linker: Linker, index: Index) -> None:
        self._linker = linker
        self._index = index
        self._known: Kept[ClassSymbol, list[ClassSymbol]] = Kept(linker.reads)

    def of(self, cls: ClassSymbol) -> list[ClassSymbol]:
        """The classes that derive from a class of the code under check, at any remove, by file and place; none for any other."""
        return self._known.once(cls, lambda: self._found(cls) if cls.is_project else [])

    def binding(self, cls: ClassSymbol, name: str) -> Iterator[ClassSymbol]:
        """Those of them that bind a name themselves."""
        for symbol in self.of(cls):
            if symbol.frame is not None and name in symbol.frame.scope.names:
                yield symbol

    def _found(self, cls: ClassSymbol) -> list[ClassSymbol]:
        """Each word that others may name the class, or one that derives from it, by is looked at once."""
        assert cls.frame is not None
        derives = self._linker.classes.derives
        found: dict[ClassSymbol, None] = {}
        words: set[str] = set()
        fresh = {cls.frame.scope.name, *self._index.dynamic_bases()}
        while fresh:
            words |= fresh
            named: set[str] = set()
            for word in sorted(fresh):
                named.update(self._index.renamings(word))
                for module, index in self._index.subclasses(word):
                    symbol = self._linker.names.class_symbol(module, index)
                    if symbol is not cls and symbol not in found and derives(symbol, cls):
                        found[symbol] = None
                        named.add(module.facts.scopes[index].name)
            fresh = named - words
        return sorted(found, key=_place)


def _place(symbol: ClassSymbol) -> tuple[str, int]:
    assert symbol.frame is not None
    return symbol.frame.module.path or "", symbol.frame.number
