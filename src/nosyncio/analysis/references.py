"""Where functions are mentioned: called, handed to a thread, registered with the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.fates import Fate, Fates, carried, functions_in, last_word
from nosyncio.analysis.index import Index
from nosyncio.analysis.types import ClassSymbol, ClassType, Frame, FunctionSymbol, Module, candidates

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

Hands: TypeAlias = dict[str, dict[str, list[str]]]
"""By the last word of a callee, for each file the names of the functions that hand parameters of theirs to such a call."""

Function: TypeAlias = tuple[str | None, int]
"""A function, by its file and scope."""


_MOST_USERS = 20
"""In how many files that mention an attribute it is looked for one call before it is looked for all."""


class Shared:
    """What is worked out about all modules together, and may be known already.

    hands: what is known of that, to which the rest is added.
    """

    def __init__(self, modules: Callable[[], Iterable[Module]], hands: Hands) -> None:
        self.hands = hands
        self._modules = modules
        self._offloaded: set[Function] | None = None

    def offloaded(self, references: References) -> set[Function]:
        """The functions that some call hands to a thread or process. Nothing hangs on how that was found out: a file of which
        others are handed over counts as edited."""
        if self._offloaded is None:
            self._offloaded = {function for module in self._modules() for function in references.offloaded_by(module)}
        return self._offloaded

    @property
    def has_looked_through(self) -> bool:
        return self._offloaded is not None

    def renew(self) -> None:
        """Take notice of what is new."""
        self._offloaded = None


class References:
    """The mentions of functions in some modules: found by name, confirmed by what the name means."""

    def __init__(self, linker: Linker, fates: Fates, index: Index, shared: Shared) -> None:
        self._linker = linker
        self._fates = fates
        self._index = index
        self._shared = shared
        self._words: set[str] | None = None
        self._registering: set[str] | None = None

    def calls_of(self, symbol: FunctionSymbol) -> Iterator[Frame]:
        """The scopes that call a function."""
        for frame, call in self._index.calls(symbol.name):
            if symbol in functions_in(self._linker.values.value(frame, call.function)):
                yield frame

    def constructions_of(self, owner: ClassSymbol) -> Iterator[Frame]:
        """The scopes that make an object of a class by calling it."""
        for frame, call in self._index.calls(owner.qualified_name.rpartition(".")[2]):
            for item in candidates(self._linker.values.value(frame, call.function)):
                if isinstance(item, ClassType) and item.symbol is owner:
                    yield frame

    def is_offloaded(self, symbol: FunctionSymbol) -> bool:
        """Whether some call hands a function to a thread or process. Most that are, are where they are defined, or where they are
        mentioned as an attribute: only if none is found there, all calls of all files are looked through."""
        module = symbol.frame.module
        self._linker.reads.seen |= module.numbers
        near = chain([module] if module in self._index else [], islice(self._index.attribute_users(symbol.name), _MOST_USERS))
        if any(self._is_handed_over_in(other, symbol) for other in near):
            return True
        return (module.path, symbol.frame.number) in self.offloaded()

    def _is_handed_over_in(self, module: Module, symbol: FunctionSymbol) -> bool:
        """Whether a call in a module has a function among its arguments, by its name, and hands it to a thread or process."""
        for calls in self._index.calls_in(module).values():
            for frame, call in calls:
                if any(last_word(module, frame.number, expr) == symbol.name for expr in call.passed):
                    if symbol in self.handed_over(frame, call, Fate.OFFLOADED):
                        return True
        return False

    @property
    def has_looked_through(self) -> bool:
        """Whether all calls of all files were looked through for what they hand to threads."""
        return self._shared.has_looked_through

    def offloaded(self) -> set[Function]:
        """The functions that some call hands to a thread or process."""
        return self._linker.reads.aside(lambda: self._shared.offloaded(self))

    def offloaded_by(self, module: Module) -> Iterator[Function]:
        """The functions that the calls in a module hand to a thread or process."""
        words = self.handing()
        for word, sites in self._index.calls_in(module).items():
            if word in words or "__call__" in words:  # objects are called by any name
                for frame, call in sites:
                    for symbol in self.handed_over(frame, call, Fate.OFFLOADED):
                        yield symbol.frame.module.path, symbol.frame.number

    def handed_over(self, frame: Frame, call: facts.Call, fate: Fate) -> Iterator[FunctionSymbol]:
        """The functions of the code under check among a call's arguments that become `fate`."""
        for handed in self._fates.of_call(frame, call):
            if handed.fate & fate:
                yield from functions_in(handed.operand.type)

    def renew(self) -> None:
        """Take notice of what is new in the index."""
        self._words = self._registering = None
        self._shared.renew()

    def handing(self) -> set[str]:
        """The names of callees that may hand over what they are given: the catalogue's, and those of functions that use one of
        them on a parameter of theirs. A cheap first test."""
        if self._words is None:
            self._words = self._linker.reads.aside(lambda: self._and_who_hands_on(self._linker.catalogue.words))
        return self._words

    def registering(self) -> set[str]:
        """Those of them that may register with the loop what they are given: far fewer."""
        if self._registering is None:
            self._registering = self._linker.reads.aside(lambda: self._and_who_hands_on(self._linker.catalogue.registering))
        return self._registering

    def _and_who_hands_on(self, told: Set[str]) -> set[str]:
        """Some names of the catalogue's, and those of functions that hand parameters of theirs to such a call, at any remove."""
        words = set(told)
        words |= {name for name, imported in self._index.renamed() if imported in words}
        fresh = set(words)
        while fresh:
            found = {name for word in fresh for names in self._handing_on(word).values() for name in names}
            fresh = found - words
            words |= fresh
        return words

    def _handing_on(self, word: str) -> dict[str, list[str]]:
        known = self._shared.hands.get(word)
        if known is None:
            known = self._shared.hands[word] = {}
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
