"""What a module puts into the indexes over the whole project: for each name, where it says something under that name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.bases import ANY, renamings, words_of
from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.fates import last_word
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.types import Frame, Module


class Extract(NamedTuple):
    """Made from one module's facts alone.

    calls: call sites by the last word of the callee; writes: assignments of attributes, by the attribute (scope, site); foreign:
    those attributes that something else has than what a method runs for.
    definers: classes by the names that they bind. subclasses: classes by the words that their bases are named by. renamings: by a
    word, the names that may stand for a class of it. dynamic: names that may stand for any class.
    accessors: methods with a decorator, which may make properties of them. coroutines: coroutine functions.
    attributes: what is read, written or called by attribute. imports: the modules that are imported, whole. renamed: names that
    imports give to things of another name, each with that.
    """

    calls: dict[str, list[tuple[int, int]]]
    writes: dict[str, list[tuple[int, int]]]
    definers: dict[str, list[int]]
    subclasses: dict[str, list[int]]
    renamings: dict[str, list[str]]
    dynamic: frozenset[str]
    accessors: frozenset[str]
    coroutines: frozenset[str]
    attributes: frozenset[str]
    renamed: frozenset[tuple[str, str]]
    imports: frozenset[str]
    foreign: set[str]

    def entries(self) -> frozenset[tuple[str, str]]:
        """The index entries that the module is found under: kind and name."""
        tables: tuple[tuple[str, Iterable[str]], ...] = (
            ("calls", self.calls),
            ("writes", self.writes),
            ("foreign", self.foreign),
            ("definers", self.definers),
            ("subclasses", self.subclasses),
            ("renamings", self.renamings),
            ("dynamic", self.dynamic),
            ("accessors", self.accessors),
            ("coroutines", self.coroutines),
            ("attributes", self.attributes),
            ("renamed", (f"{imported} {name}" for name, imported in self.renamed)),
            ("imports", (name.partition(".")[0] for name in self.imports)),
        )
        return frozenset((kind, name) for kind, names in tables for name in names)


def extract(module: Module) -> Extract:
    """What the indexes take of a module."""
    scopes = module.facts.scopes
    renamings, dynamic = _renamings(module)
    found = Extract({}, {}, {}, {}, renamings, dynamic, *_names(module), frozenset(module.facts.imports), set())
    for number, scope in enumerate(scopes):
        if scope.kind is ScopeKind.CLASS:
            for name in scope.names:
                found.definers.setdefault(name, []).append(number)
            for word in sorted({word for base in scope.bases for word in words_of(module.facts, scope.parent, base)}):
                found.subclasses.setdefault(word, []).append(number)
        for index, site in enumerate(scope.sites):
            if isinstance(site, facts.Call):
                found.calls.setdefault(last_word(module, number, site.function), []).append((number, index))
            elif isinstance(site, facts.Write):
                found.writes.setdefault(site.name, []).append((number, index))
                frame = Frame(module, number)
                if not is_receiver(frame, scope.root(site.value)):
                    found.foreign.add(site.name)
    return found


def _renamings(module: Module) -> tuple[dict[str, list[str]], frozenset[str]]:
    """By a word, the names that may stand for a class that is called so; and those that may stand for any."""
    by_word: dict[str, list[str]] = {}
    for name, word in sorted(set(renamings(module.facts))):
        by_word.setdefault(word, []).append(name)
    return by_word, frozenset(by_word.pop(ANY, ()))


def renamed(module: Module) -> Iterator[tuple[str, str]]:
    """The names that imports give to things of another name, with that name."""
    for scope in module.facts.scopes:
        for name, bindings in scope.names.items():
            for binding in bindings:
                value = scope.bindings[binding]
                if isinstance(value, facts.Imported) and value.name not in ("", name):
                    yield name, value.name


def _names(module: Module) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[tuple[str, str]]]:
    """The accessors, coroutine functions, attributes and renamed imports of a module, by name."""
    accessors: set[str] = set()
    coroutines: set[str] = set()
    attributes: set[str] = set()
    scopes = module.facts.scopes
    for scope in scopes:
        if scope.decorators and scope.kind is ScopeKind.FUNCTION and scopes[scope.parent].kind is ScopeKind.CLASS:
            accessors.add(scope.name)
        if scope.is_async and not scope.is_generator:
            coroutines.add(scope.name)
        for site in scope.sites:
            if isinstance(site, (facts.Read, facts.Write)):
                attributes.add(site.name)
            elif isinstance(site, facts.Call) and isinstance(site.function, facts.Attribute):
                attributes.add(site.function.name)
    return frozenset(accessors), frozenset(coroutines), frozenset(attributes), frozenset(renamed(module))
