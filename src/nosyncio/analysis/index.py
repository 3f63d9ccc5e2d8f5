"""Where in the code under check something is said under a name: found by name, confirmed by whoever asks.

That a name was asked for is noted: the answer changes once another module says something under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from nosyncio.analysis import facts
from nosyncio.analysis.extract import Extract
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.types import Frame, Module

_Entry = TypeVar("_Entry")

ALL_CALLS = ("calls", "*")
"""The entries of all callees, as one."""


class Index:
    """The names of some modules. accessors, coroutines, renamed: as in `Extract`, of all modules. Asking for these is not noted:
    who mentions one of them can be told without."""

    def __init__(self, modules: Iterable[Module], reads: Reads, extracts: Callable[[Module], Extract]) -> None:
        self._reads = reads
        self._extracts = extracts
        self._modules: dict[tuple[str, str], list[Module]] = {}
        self.accessors: set[str] = set()
        self.coroutines: set[str] = set()
        self.renamed: set[tuple[str, str]] = set()
        for module in modules:
            extract = extracts(module)
            self.accessors |= extract.accessors
            self.coroutines |= extract.coroutines
            self.renamed |= extract.renamed
            for key in extract.entries():
                self._modules.setdefault(key, []).append(module)

    def words(self) -> Iterator[str]:
        """The last words of all callees."""
        self._reads.note(ALL_CALLS)
        return (name for kind, name in self._modules if kind == "calls")

    def calls(self, word: str) -> Iterator[tuple[Frame, facts.Call]]:
        """The calls of something that is called by that last word."""
        for module, (scope, index) in self._found("calls", word, lambda extract: extract.calls):
            site = module.facts.scopes[scope].sites[index]
            assert isinstance(site, facts.Call)
            yield Frame(module, scope), site

    def writes(self, name: str) -> Iterator[tuple[Frame, facts.Write]]:
        """The places that assign an attribute."""
        for module, (scope, index) in self._found("writes", name, lambda extract: extract.writes):
            site = module.facts.scopes[scope].sites[index]
            assert isinstance(site, facts.Write)
            yield Frame(module, scope), site

    def definers(self, name: str) -> Iterator[tuple[Module, int]]:
        """The classes that bind a name."""
        return self._found("definers", name, lambda extract: extract.definers)

    def overriders(self, name: str) -> Iterator[tuple[Module, int]]:
        """The same, without those that derive from nothing."""
        return self._found("overriders", name, lambda extract: extract.overriders)

    def importers(self, top: str) -> Iterator[Module]:
        """The modules that import a top-level package, or something in it."""
        self._reads.note(("imports", top))
        return iter(self._modules.get(("imports", top), ()))

    def _found(
        self, kind: str, name: str, table: Callable[[Extract], dict[str, list[_Entry]]]
    ) -> Iterator[tuple[Module, _Entry]]:
        self._reads.note((kind, name))
        for module in self._modules.get((kind, name), ()):
            for entry in table(self._extracts(module))[name]:
                yield module, entry
