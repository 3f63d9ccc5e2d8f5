"""Where in the code under check something is said under a name: found by name, confirmed by whoever asks.

That a name was asked for is noted: the answer changes once another module says something under it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, KeysView, Set
from typing import TypeAlias, TypeVar

from nosyncio.analysis import facts
from nosyncio.analysis.bases import ANY
from nosyncio.analysis.extract import Extract
from nosyncio.analysis.reads import Kept, Reads
from nosyncio.analysis.types import Frame, Module

_Entry = TypeVar("_Entry")

DYNAMIC = ("dynamic", "")
"""What is noted for a question about all words that may stand for any class."""

Table: TypeAlias = "dict[str, array[int] | bytes]"
"""Names, each with the files that say something under it: their numbers in `Entries.paths`, as an array, packed or not."""


class Entries:
    """Which files say something under which name, by the kind of what is said: the tables of `Extract`."""

    def __init__(self, paths: list[str] | None = None, tables: dict[str, Table] | None = None) -> None:
        self.paths: list[str] = [] if paths is None else paths
        self.tables: dict[str, Table] = {} if tables is None else tables
        self._numbers = {path: number for number, path in enumerate(self.paths)}

    def add(self, path: str, entries: Iterable[tuple[str, str]]) -> None:
        """Take in what a file says."""
        number = self._numbers.setdefault(path, len(self.paths))
        if number == len(self.paths):
            self.paths.append(path)
        for kind, name in entries:
            table = self.tables.setdefault(kind, {})
            known = table.get(name)
            if not isinstance(known, array):
                known = table[name] = array("I", known or b"")
            known.append(number)

    def remove(self, path: str, entries: Iterable[tuple[str, str]]) -> None:
        """Forget what a file said."""
        number = self._numbers.get(path)
        for kind, name in entries:
            left = array("I", [other for other in _unpacked(self.tables[kind][name]) if other != number])
            if left:
                self.tables[kind][name] = left
            else:
                del self.tables[kind][name]

    def files(self, kind: str, name: str) -> list[str]:
        """The files that say something under a name, in order."""
        return sorted(self.paths[number] for number in _unpacked(self.tables.get(kind, {}).get(name, b"")))

    def __contains__(self, path: str | None) -> bool:
        """Whether a file was taken in."""
        return path in self._numbers

    def names(self, kind: str) -> KeysView[str]:
        return self.tables.setdefault(kind, {}).keys()

    def dynamic_bases(self) -> frozenset[str]:
        """The words that some base is named by and that may stand for any class: what a call gave is kept under such a name, or
        an attribute of it is assigned."""
        dynamic, writes = self.names("dynamic"), self.names("writes")
        return frozenset((ANY, *(word for word in self.names("subclasses") if word in dynamic or word in writes)))

    def copy(self) -> Entries:
        return Entries(list(self.paths), {kind: {**table} for kind, table in self.packed().items()})

    def packed(self) -> dict[str, dict[str, bytes]]:
        """The tables, as others cannot change them."""
        return {kind: {name: bytes(numbers) for name, numbers in table.items()} for kind, table in self.tables.items()}


def _unpacked(numbers: array[int] | bytes) -> array[int]:
    return numbers if isinstance(numbers, array) else array("I", numbers)


class Index:
    """The names of some modules. accessors, coroutines: as in `Extract`, of all modules. Asking for these is not noted: who
    mentions one of them can be told without."""

    def __init__(
        self, entries: Entries, reads: Reads, at: Callable[[str], Module | None], extract: Callable[[Module], Extract]
    ) -> None:
        """at: the module in a file. extract: what the indexes take of a module."""
        self._reads = reads
        self.at = at
        self.extract = extract
        self._entries = entries
        self._dynamic_bases: Kept[str, frozenset[str]] = Kept(reads)
        self.accessors = entries.names("accessors")
        self.coroutines = entries.names("coroutines")

    def __contains__(self, module: Module) -> bool:
        """Whether a module is one of those whose names are here."""
        return module.path in self._entries

    def renamed(self) -> Iterator[tuple[str, str]]:
        """The names that imports give to things of another name, each with that. Asking is not noted either."""
        for entry in self._entries.names("renamed"):
            imported, _, name = entry.partition(" ")
            yield name, imported

    def calls_in(self, module: Module) -> dict[str, list[tuple[Frame, facts.Call]]]:
        """The calls in a module, by the last word of the callee."""
        return {word: list(_calls(module, sites)) for word, sites in self.extract(module).calls.items()}

    def calls(self, word: str) -> Iterator[tuple[Frame, facts.Call]]:
        """The calls of something that is called by that last word."""
        for module, site in self._found("calls", word, lambda extract: extract.calls):
            yield from _calls(module, [site])

    def writes(self, name: str, within: Set[str | None] | None = None) -> Iterator[tuple[Frame, facts.Write]]:
        """The places that assign an attribute; `within`: in these files alone."""
        for path in self.files("writes", name):
            module = self.at(path) if within is None or path in within else None
            for scope, index in () if module is None else self.extract(module).writes.get(name, ()):
                assert module is not None
                site = module.facts.scopes[scope].sites[index]
                assert isinstance(site, facts.Write)
                yield Frame(module, scope), site

    def definers(self, name: str) -> Iterator[tuple[Module, int]]:
        """The classes that bind a name."""
        return self._found("definers", name, lambda extract: extract.definers)

    def files(self, kind: str, name: str) -> list[str]:
        """The files that say something of a kind under a name, in order."""
        self._reads.note((kind, name))
        return self._entries.files(kind, name)

    def dynamic_bases(self) -> frozenset[str]:
        """As in `Entries`."""

        def look() -> frozenset[str]:
            self._reads.note(DYNAMIC)
            return self._entries.dynamic_bases()

        return self._dynamic_bases.once(ANY, look)

    def attribute_users(self, name: str) -> Iterator[Module]:
        """The modules that read, assign or call an attribute of that name."""
        return self._modules("attributes", name)

    def importers(self, top: str) -> Iterator[Module]:
        """The modules that import a top-level package, or something in it."""
        return self._modules("imports", top)

    def _modules(self, kind: str, name: str) -> Iterator[Module]:
        for path in self.files(kind, name):
            module = self.at(path)
            if module is not None:
                yield module

    def _found(
        self, kind: str, name: str, table: Callable[[Extract], dict[str, list[_Entry]]]
    ) -> Iterator[tuple[Module, _Entry]]:
        for module in self._modules(kind, name):
            for entry in table(self.extract(module)).get(name, ()):
                yield module, entry


def _calls(module: Module, sites: Iterable[tuple[int, int]]) -> Iterator[tuple[Frame, facts.Call]]:
    for scope, index in sites:
        site = module.facts.scopes[scope].sites[index]
        assert isinstance(site, facts.Call)
        yield Frame(module, scope), site
