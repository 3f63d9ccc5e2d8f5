"""What blocks, what offloads, what the loop calls: the data in `data/` and a user's own, asked by qualified name.

A library's file is read when a name of that library is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nosyncio.catalogue.files import files_for, read_library
from nosyncio.catalogue.files import libraries as libraries
from nosyncio.catalogue.schema import (
    Argument,
    Blocking,
    Calls,
    Entries,
    Instead,
    Offloads,
    Passes,
    RunsOnLoop,
    Target,
)
from nosyncio.catalogue.twins import TwinTable, last_word


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """A blocking entry as it applies to one name, with the advice of its library where it has none of its own."""

    name: str
    entry: Blocking
    instead: Instead | None


@dataclass(frozen=True, slots=True)
class Harmless:
    """A name that is known not to block, and why."""

    name: str
    reason: str


class Catalogue:
    """Answers questions about qualified names. Names are public ones; `public` makes them so."""

    def __init__(self, user: Entries | None = None) -> None:
        self._loaded: set[str] = set()
        self._files: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._public: dict[str, str] = {}
        self._stubs: dict[str, str] = {}
        self._classes: set[str] = set()
        self._by_word: dict[tuple[str, str], set[str]] = {}
        self._verdicts: dict[str, list[Verdict | Harmless]] = {}
        self._offloads: dict[str, Offloads] = {}
        self._offload_decorators: dict[str, bool] = {}
        self._offload_overrides: set[str] = set()
        self._loop_calls: dict[str, RunsOnLoop] = {}
        self._loop_decorators: set[str] = set()
        self._loop_overrides: dict[str, set[str]] = {}
        self._calls: dict[str, Calls] = {}
        self._enters: dict[str, Argument] = {}
        self._asks_for_loop: set[str] = set()
        self._consumes: dict[str, Argument] = {}
        self._passes: dict[str, Passes] = {}
        self._handling = (self._offloads, self._loop_calls, self._calls, self._enters, self._consumes, self._passes)
        self.words: set[str] = set()
        """The last words of all names that register callbacks or offload, or whose mere reading blocks: a cheap first test."""
        self.registering: set[str] = set()
        """The last words of those whose calls register callbacks."""
        self.twins = TwinTable(user)
        if user is not None:
            self._add(user, None)

    # --------------------------------------------------------------------------------------------------------------- asking

    def public(self, name: str) -> str:
        """The name that the library documents for what is defined at `name`."""
        known = self._public.get(name)
        if known is None:
            self._need(name)
            known = name
            head = name
            while head:
                if head in self._aliases:
                    known = self._aliases[head] + name[len(head) :]
                    break
                head = head.rpartition(".")[0]
            if known != name:
                self._need(known)
            self._public[name] = known
        return known

    def verdicts(self, name: str) -> list[Verdict | Harmless]:
        """What is known of calling (or reading) `name`, first the user's word; empty where nothing is."""
        self._need(name)
        found = self._verdicts.get(name)
        if found is None:
            owner, _, method = name.rpartition(".")
            wildcard = self._verdicts.get(f"{owner}.*", [])
            found = [] if method.startswith("_") else [item for item in wildcard if method not in _exceptions(item)]
            found = [Verdict(name, item.entry, item.instead) if isinstance(item, Verdict) else item for item in found]
        return found

    def stub(self, module: str) -> str | None:
        """The stub text that the catalogue carries for `module`."""
        self._need(module)
        return self._stubs.get(module)

    def is_class(self, name: str) -> bool:
        """Whether `name` is a class that some entry speaks of."""
        self._need(name)
        return name in self._classes or self.twins.is_class(name)

    def named(self, top: str, word: str) -> frozenset[str]:
        """The functions and classes of a top-level module that entries speak of, or name as replacements, and whose last word is
        `word`."""
        self._need(top)
        return frozenset(self._by_word.get((top, word), ())) | self.twins.classes(top, word)

    def offload(self, name: str) -> Offloads | None:
        """How calling `name` hands one of its arguments to a thread or process, if it does."""
        self._need(name)
        return self._offloads.get(name)

    def offload_decorator(self, name: str) -> bool:
        """Whether what `name` decorates runs in a thread."""
        self._need(name)
        return name in self._offload_decorators

    def offload_decorator_replaces(self, name: str) -> bool:
        """Whether calling what `name` decorates, by its own name, runs it in a thread, too."""
        self._need(name)
        return self._offload_decorators.get(name) is False

    def offload_override(self, name: str) -> bool:
        """Whether an override of the method `name` runs in a thread."""
        self._need(name)
        return name in self._offload_overrides

    def loop_call(self, name: str) -> RunsOnLoop | None:
        """How calling `name` makes the loop call one of its arguments, if it does."""
        self._need(name)
        return self._loop_calls.get(name)

    def loop_decorator(self, name: str) -> bool:
        """Whether the loop calls what `name` decorates."""
        self._need(name)
        return name in self._loop_decorators

    def loop_overrides(self, class_name: str) -> set[str]:
        """The methods of subclasses of `class_name` that the loop calls."""
        self._need(class_name)
        return self._loop_overrides.get(class_name, set())

    def handles(self, name: str) -> bool:
        """Whether any table says what calling `name` does with an argument."""
        self._need(name)
        return any(name in table for table in self._handling)

    def calls(self, name: str) -> Calls | None:
        """How calling `name` calls one of its arguments at once, if it does."""
        self._need(name)
        return self._calls.get(name)

    def enters(self, name: str) -> Argument | None:
        """Which argument calling `name` enters as `with` does, if any."""
        self._need(name)
        return self._enters.get(name)

    def asks_for_loop(self, name: str) -> bool:
        """Whether calling `name` asks for the running loop, and gets it on the loop."""
        self._need(name)
        return name in self._asks_for_loop

    def consumes(self, name: str) -> Argument | None:
        """Which argument calling `name` iterates at once, if any."""
        self._need(name)
        return self._consumes.get(name)

    def passes(self, name: str) -> Passes | None:
        """Which arguments the result of calling `name` iterates as it is iterated itself, if any."""
        self._need(name)
        return self._passes.get(name)

    @property
    def spoken_for(self) -> frozenset[str]:
        """The top-level modules whose files are read."""
        return frozenset(top for top in self._loaded if files_for(top))

    def load(self, modules: Iterable[str]) -> None:
        """Read the files of these modules now, so that `words` has theirs."""
        for module in modules:
            self._need(module)

    # -------------------------------------------------------------------------------------------------------------- loading

    def _need(self, name: str) -> None:
        top = name.partition(".")[0]
        if top not in self._loaded:
            self._loaded.add(top)
            for file in files_for(top):
                if file not in self._files:
                    self._files.add(file)
                    library = read_library(file)
                    self._add(library, library.instead)

    def _add(self, entries: Entries, instead: Instead | None) -> None:
        self._aliases.update(entries.aliases)
        for module, text in entries.stubs.items():
            self._stubs.setdefault(module, text)
        for blocking in entries.blocking:
            attributes = [f"{blocking.class_}.{attribute}" for attribute in blocking.attributes]
            self.words.update(blocking.attributes)
            for name in (*self._names(blocking), *attributes):
                self._verdicts.setdefault(name, []).append(Verdict(name, blocking, blocking.instead or instead))
        for safe in entries.safe:
            for name in self._names(safe):
                self._verdicts.setdefault(name, []).insert(0, Harmless(name, safe.reason))
        for offloads in entries.offloads:
            self._offload_decorators.update(dict.fromkeys(offloads.decorators, offloads.keeps))
            self._offloads.update(dict.fromkeys(self._named(offloads), offloads))
            self._offload_overrides.update(f"{offloads.class_}.{method}" for method in offloads.overrides)
            self._note_words(offloads.decorators)
        for registration in entries.runs_on_loop:
            self._loop_decorators.update(registration.decorators)
            if registration.overrides and registration.class_:
                self._loop_overrides.setdefault(registration.class_, set()).update(registration.overrides)
            names = self._named(registration)
            self._loop_calls.update(dict.fromkeys(names, registration))
            self.registering.update(map(last_word, names))
            self._note_words((*registration.decorators, *registration.overrides))
        for calls in entries.calls:
            self._calls.update(dict.fromkeys(self._names(calls), calls))
        for enters in entries.enters:
            self._enters.update(dict.fromkeys(self._names(enters), enters.manager))
        for asks in entries.asks_for_loop:
            self._asks_for_loop.update(self._names(asks))
        for consumes in entries.consumes:
            self._consumes.update(dict.fromkeys(self._names(consumes), consumes.iterable))
        for passes in entries.passes:
            self._passes.update(dict.fromkeys(self._names(passes), passes))

    def _named(self, target: Target) -> list[str]:
        names = list(self._names(target))
        self._note_words(names)
        return names

    def _note_words(self, names: Iterable[str]) -> None:
        self.words.update(map(last_word, names))

    def _names(self, target: Target) -> Iterator[str]:
        for name in (*target.functions, *filter(None, (target.class_,))):
            self._by_word.setdefault((name.partition(".")[0], last_word(name)), set()).add(name)
        yield from target.functions
        if target.class_ is not None:
            self._classes.add(target.class_)
            for method in target.methods:
                yield f"{target.class_}.{method}"


def _exceptions(item: Verdict | Harmless) -> tuple[str, ...]:
    return item.entry.except_ if isinstance(item, Verdict) else ()
