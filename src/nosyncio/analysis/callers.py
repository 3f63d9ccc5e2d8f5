"""Who calls a function, wherever that is: by its name; a constructor by its class's; a property by reading it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.types import Frame, FunctionSymbol, Instance, Module, candidates

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.references import References


class Callers:
    """The callers of functions of the code under check, each function's once."""

    def __init__(self, linker: Linker, references: References, modules: Iterable[Module]) -> None:
        self._linker = linker
        self._references = references
        self._modules = list(modules)
        self._known: dict[FunctionSymbol, tuple[str, ...]] = {}
        self._reads: dict[str, list[tuple[Frame, facts.Read]]] | None = None

    def of(self, symbol: FunctionSymbol) -> tuple[str, ...]:
        """The qualified names of the functions that call a function, sorted; a module's for what stands outside of all."""
        known = self._known.get(symbol)
        if known is None:
            known = self._known[symbol] = tuple(sorted({_name(frame) for frame in self._frames(symbol)}))
        return known

    def _frames(self, symbol: FunctionSymbol) -> Iterator[Frame]:
        yield from self._references.calls_of(symbol)
        if symbol.owner is not None and symbol.is_constructor:
            yield from self._references.constructions_of(symbol.owner)
        if self._linker.calls.is_property(symbol):
            for frame, read in self._reads_of(symbol.name):
                for item in candidates(self._linker.values.value(frame, read.value)):
                    if isinstance(item, Instance) and self._linker.members.method(item.symbol, symbol.name) is symbol:
                        yield frame

    def _reads_of(self, name: str) -> list[tuple[Frame, facts.Read]]:
        if self._reads is None:
            self._reads = {}
            for module in self._modules:
                for number, scope in enumerate(module.facts.scopes):
                    for site in scope.sites:
                        if isinstance(site, facts.Read):
                            self._reads.setdefault(site.name, []).append((Frame(module, number), site))
        return self._reads.get(name, [])


def _name(frame: Frame) -> str:
    function = frame.function
    if function is None:
        return frame.module.name
    return f"{frame.module.name}.{function.module.facts.qualified_name(function.number)}"
