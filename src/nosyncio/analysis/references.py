"""Where functions are mentioned: called, handed to a thread, registered with the loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.fates import Fate, Fates, carried, functions_in
from nosyncio.analysis.index import Index
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.types import Frame, FunctionSymbol, Module

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

Hands: TypeAlias = dict[str, dict[str, list[str]]]
"""By the last word of a callee, for each file the names of the functions that hand parameters of theirs to such a call."""

HANDING = ("handing", "")
"""What those hang on who go through all that is handed over."""


class References:
    """The mentions of functions in some modules: found by name, confirmed by what the name means."""

    def __init__(self, linker: Linker, fates: Fates, index: Index, hands: Hands) -> None:
        """`hands`: what is known of them already; the rest is added."""
        self._hands = hands
        self._linker = linker
        self._fates = fates
        self._index = index
        self._words: set[str] | None = None
        self._offloaded: Kept[None, set[FunctionSymbol]] = Kept(linker.reads)

    def calls_of(self, symbol: FunctionSymbol) -> Iterator[Frame]:
        """The scopes that call a function."""
        for frame, call in self._index.calls(symbol.name):
            if symbol in functions_in(self._linker.values.value(frame, call.function)):
                yield frame

    def offloaded(self) -> set[FunctionSymbol]:
        """The functions of the code under check that some call hands to a thread or process."""
        return self._offloaded.settled(None, set(), self._find_offloaded)

    def _find_offloaded(self) -> set[FunctionSymbol]:
        found: set[FunctionSymbol] = set()
        self._linker.reads.note(HANDING)
        words = self.handing()
        for word in self._index.words() if "__call__" in words else sorted(words):  # objects are called by any name
            for frame, call in self._index.calls(word):
                found.update(self.handed_over(frame, call, Fate.OFFLOADED))
        return found

    def handed_over(self, frame: Frame, call: facts.Call, fate: Fate) -> Iterator[FunctionSymbol]:
        """The functions of the code under check among a call's arguments that become `fate`."""
        for handed in self._fates.of_call(frame, call):
            if handed.fate & fate:
                yield from functions_in(handed.operand.type)

    def handing(self) -> set[str]:
        """The names of callees that may hand over what they are given: the catalogue's, and those of functions that use one of
        them on a parameter of theirs. A cheap first test."""
        if self._words is None:
            self._words = self._linker.reads.aside(self._find_handing)
        return self._words

    def _find_handing(self) -> set[str]:
        words = set(self._linker.catalogue.words)
        fresh = set(words)
        while fresh:
            found = {name for word in fresh for names in self._handing_on(word).values() for name in names}
            fresh = found - words
            words |= fresh
        return words

    def _handing_on(self, word: str) -> dict[str, list[str]]:
        known = self._hands.get(word)
        if known is None:
            known = self._hands[word] = {}
            for frame, call in self._index.calls(word):
                names = list(handing_through(frame, call))
                if names:
                    known.setdefault(frame.module.path or "", []).extend(names)
        return known


def handing_through(frame: Frame, call: facts.Site) -> Iterator[str]:
    """The names of the functions whose parameters a call has among its arguments, in a closure, too."""
    module = frame.module
    for expr in call.passed if isinstance(call, facts.Call) else ():
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
