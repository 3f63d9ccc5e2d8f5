"""Where functions are mentioned: called, handed to a thread, registered with the loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.fates import Fate, Fates, carried, functions_in, last_word
from nosyncio.analysis.types import ClassSymbol, ClassType, Frame, FunctionSymbol, Module, candidates

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class References:
    """The mentions of functions in some modules: found by name, confirmed by what the name means."""

    def __init__(self, linker: Linker, fates: Fates, modules: list[Module]) -> None:
        self._linker = linker
        self._fates = fates
        self._calls: dict[str, list[tuple[Frame, facts.Call]]] = {}
        self._renamed: list[tuple[str, str]] = []
        for module in modules:
            self._renamed += _renamed(module)
            for index, scope in enumerate(module.facts.scopes):
                for site in scope.sites:
                    if isinstance(site, facts.Call):
                        word = last_word(module, index, site.function)
                        self._calls.setdefault(word, []).append((Frame(module, index), site))
        self._words: set[str] | None = None
        self._offloaded: set[FunctionSymbol] | None = None

    def calls_of(self, symbol: FunctionSymbol) -> Iterator[Frame]:
        """The scopes that call a function."""
        for frame, call in self._calls.get(symbol.name, ()):
            if symbol in functions_in(self._linker.values.value(frame, call.function)):
                yield frame

    def constructions_of(self, owner: ClassSymbol) -> Iterator[Frame]:
        """The scopes that make an object of a class by calling it."""
        for frame, call in self._calls.get(owner.qualified_name.rpartition(".")[2], ()):
            for item in candidates(self._linker.values.value(frame, call.function)):
                if isinstance(item, ClassType) and item.symbol is owner:
                    yield frame

    def offloaded(self) -> set[FunctionSymbol]:
        """The functions of the code under check that some call hands to a thread or process."""
        if self._offloaded is None:
            self._offloaded = set()
            words = self.handing()
            for word in self._calls if "__call__" in words else sorted(words):  # objects are called by any name
                for frame, call in self._calls.get(word, ()):
                    self._offloaded.update(self.handed_over(frame, call, Fate.OFFLOADED))
        return self._offloaded

    def handed_over(self, frame: Frame, call: facts.Call, fate: Fate) -> Iterator[FunctionSymbol]:
        """The functions of the code under check among a call's arguments that become `fate`."""
        for handed in self._fates.of_call(frame, call):
            if handed.fate & fate:
                yield from functions_in(handed.operand.type)

    def handing(self) -> set[str]:
        """The names of callees that may hand over what they are given: the catalogue's, and those of functions that use one of
        them on a parameter of theirs. A cheap first test."""
        if self._words is None:
            self._words = set(self._linker.catalogue.words)
            self._words |= {name for name, imported in self._renamed if imported in self._words}
            fresh = set(self._words)
            while fresh:
                found = {name for word in fresh for call in self._calls.get(word, ()) for name in _handing_through(*call)}
                fresh = found - self._words
                self._words |= fresh
        return self._words


def _renamed(module: Module) -> Iterator[tuple[str, str]]:
    """The globals that stand for something imported by another name: `make_async = asyncify`."""
    scope = module.facts.scopes[0]
    for name, bindings in scope.names.items():
        for binding in bindings:
            value = scope.bindings[binding]
            if isinstance(value, facts.Imported) and value.name and value.name != name:
                yield name, value.name


def _handing_through(frame: Frame, call: facts.Call) -> Iterator[str]:
    """The names of the functions whose parameters a call has among its arguments, in a closure, too."""
    module = frame.module
    for expr in call.passed:
        seen: set[int] = set()
        pending = list(carried(frame, expr))
        while pending:
            part = pending.pop()
            if not isinstance(part, int):
                yield from _known_as(module, part.scope)
            elif part not in seen:
                seen.add(part)
                for site in module.facts.scopes[part].sites:
                    if isinstance(site, facts.Call):
                        pending += carried(Frame(module, part), site.function)


def _known_as(module: Module, scope: int) -> Iterator[str]:
    """What a function is called by: its name, or its class's where making or calling an instance runs it."""
    name = module.facts.scopes[scope].name
    yield name
    if name in ("__init__", "__call__"):
        yield module.facts.scopes[module.facts.scopes[scope].parent].name
