"""Which awaited calls are I/O: what entries name as `instead`, and what `[[twins]]` tables add. One look-up, by qualified name.

A library's twins stand in the files of the sync libraries that they replace. Which file speaks of a name is read off the text of
all of them, once; only those that speak of a name that the code uses are parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from nosyncio.catalogue.files import read_library, texts
from nosyncio.catalogue.schema import Condition, Entries, Instead, KindLabel, Target, Twins
from nosyncio.model import Kind

_NAMES = re.compile(r'"([A-Za-z_]\w*(?:\.[A-Za-z_{][\w{}]*)+)"')
_CLOSING = ("aclose", "close", "wait_closed")
_ASYNC_FORM = {"__iter__": "__aiter__", "__next__": "__anext__", "__enter__": "__aenter__", "__exit__": "__aexit__"}


@dataclass(frozen=True, slots=True)
class Twin:
    """An async callable that does I/O: its name, the kind of the sync call that it stands for, and what makes it none.

    continues: it goes on with the operation that its receiver comes from. but: the methods of a class that are none. is_exact:
    the catalogue names it; else it is a public method of a class, or a function of a module, that the catalogue names.
    """

    name: str
    kind: KindLabel
    unless: tuple[Condition, ...] = ()
    continues: bool = False
    but: tuple[str, ...] = ()
    is_exact: bool = True

    @property
    def is_class(self) -> bool:
        """Whether it is a class, as far as its spelling tells: making an instance does no I/O."""
        return last_word(self.name)[:1].isupper()


class TwinTable:
    """The async twins of a catalogue. `user`: a user's own entries, which say what theirs are."""

    def __init__(self, user: Entries | None = None) -> None:
        self._twins: dict[str, Twin] = {}
        self._ranks: dict[str, _Rank] = {}
        self._owners: set[str] = set()
        self._open: set[str] = set()
        self._is_loaded: set[str] = set()
        self._found: dict[str, Twin | None] = {}
        if user is not None:
            self._add(user, None)

    def of(self, name: str) -> Twin | None:
        """The twin that `name` is, or is a public method of; None for anything else."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def is_class(self, name: str) -> bool:
        """Whether `name` is an async class, as far as its spelling tells, that has to do with I/O."""
        return last_word(name)[:1].isupper() and (name in _speaking() or name in self._owners)

    def classes(self, top: str, word: str) -> frozenset[str]:
        """The async classes of a top-level module that have to do with I/O and whose last word is `word`."""
        return frozenset(filter(self.is_class, _alike().get((top, word), ())))

    def _find(self, name: str) -> Twin | None:
        heads = list(_heads(name))
        for file in (file for head in heads for file in _speaking().get(head, ())):
            if file not in self._is_loaded:
                self._is_loaded.add(file)
                library = read_library(file)
                self._add(library, library.instead)
        for head in heads:
            found = self._twins.get(head)
            if found is not None and not (head == name and found.is_class):
                return found if head == name else self._below(name[len(head) + 1 :], found, name)
        return None

    def _below(self, method: str, owner: Twin, name: str) -> Twin | None:
        """A method of a class, or a function of a module, of which the catalogue names none by itself."""
        is_listed = owner.name in self._owners and owner.name not in self._open
        if method.startswith("_") or "." in method or method in (*_CLOSING, *owner.but) or is_listed:
            return None
        return Twin(name, owner.kind, is_exact=False)

    def _add(self, entries: Entries, instead: Instead | None) -> None:
        for blocking in entries.blocking:
            told = blocking.instead or instead
            if told is not None and blocking.kind != "nested-loop":
                for name in _names(blocking):
                    for twin in _twins_of(name, told):
                        self._note(Twin(twin, blocking.kind, blocking.unless, blocking.continues, blocking.except_), name)
        for twins in entries.twins:
            for name in _names(twins):
                self._note(Twin(name, twins.kind, continues=twins.continues, but=twins.except_), name)

    def _note(self, twin: Twin, sync: str) -> None:
        """Keep the twin of a sync call. Of several calls that have one twin, that with its name says what it is; else the one
        whose kind comes first."""
        is_open = last_word(sync) == "*" and twin.name not in self._open
        if is_open or twin.name not in self._twins or _rank(twin, sync) < self._ranks[twin.name]:
            self._twins[twin.name] = twin
            self._ranks[twin.name] = _rank(twin, sync)
            self._owners.add(twin.name.rpartition(".")[0])
        if is_open:
            self._open.add(twin.name)


_Rank: TypeAlias = tuple[bool, int, bool, str]


def _rank(twin: Twin, sync: str) -> _Rank:
    """Orders what sync calls say of one twin, whatever the order in which files are read."""
    return (last_word(sync) != last_word(twin.name), Kind.from_label(twin.kind).number, not twin.continues, sync)


def _heads(name: str) -> Iterator[str]:
    """A name and what it is below, but for the top-level module."""
    while "." in name:
        yield name
        name = name.rpartition(".")[0]


def _twins_of(sync: str, instead: Instead) -> Iterator[str]:
    last = last_word(sync)
    for template in dict.fromkeys(filter(None, (instead.asyncio, instead.anyio, instead.trio, *instead.library))):
        if last == "*" and "{name}" in template:
            yield template.rpartition(".")[0]
        else:
            yield template.format(name=_ASYNC_FORM.get(last, last))


def _names(target: Target) -> Iterable[str]:
    yield from target.functions
    for method in target.methods:
        yield str(target.class_) if isinstance(target, Twins) and method == "*" else f"{target.class_}.{method}"


def last_word(name: str) -> str:
    return name.rpartition(".")[2]


@cache
def _alike() -> dict[tuple[str, str], list[str]]:
    """The names in the files by their first and last words."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in _speaking():
        found.setdefault((name.partition(".")[0], last_word(name)), []).append(name)
    return found


@cache
def _speaking() -> dict[str, tuple[str, ...]]:
    """The files that speak of a name: of the name itself, or of something below it that is filled in."""
    found: dict[str, dict[str, None]] = {}
    for file, text in texts().items():
        for name in _NAMES.findall(text):
            stem = name.partition("{")[0].rpartition(".")[0] if "{" in name else name
            found.setdefault(stem, {})[file] = None
            owner = name.rpartition(".")[0]
            if "." in owner and owner.rpartition(".")[2][:1].isupper():
                found.setdefault(owner, {})[file] = None
    return {name: tuple(files) for name, files in found.items()}
