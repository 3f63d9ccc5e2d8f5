"""Which function does somebody mean: by a place in a file, or by a dotted name?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.fates import last_word
from nosyncio.analysis.types import Frame, Module
from nosyncio.config import did_you_mean

_LOCALS = "<locals>."
_MOST_WORDS = 5


class Match(NamedTuple):
    """A function that a name may mean, and where it begins."""

    name: str
    path: str
    line: int
    column: int


def scope_at(module: Module, line: int, column: int | None = None) -> Frame:
    """The innermost function around a place, or the module. A lambda counts if it begins above the line, or a column is given."""
    scopes = module.facts.scopes
    found = 0
    for number, scope in enumerate(scopes):
        first_line, first_column, last_line, last_column = scope.place
        if scope.kind is ScopeKind.FUNCTION or (scope.kind is ScopeKind.LAMBDA and (column or first_line < line)):
            is_around = first_line <= line <= last_line
            if column is not None:
                is_around = (first_line, first_column) <= (line, column) < (last_line, last_column)
            if is_around and found in module.facts.around(number):
                found = number
    return Frame(module, found)


def functions_named(modules: Iterable[Module], name: str) -> list[Match]:
    """The functions with a qualified name, or else those whose qualified name ends with it. A class means its `__init__`;
    `<locals>` may be left out."""
    wanted = name.replace(_LOCALS, "")
    found: dict[str, list[Match]] = {"exact": [], "end": [], "class": []}
    for module in modules:
        for number, scope in enumerate(module.facts.scopes):
            if scope.kind in (ScopeKind.FUNCTION, ScopeKind.CLASS) and scope.name == wanted.rpartition(".")[2]:
                full = _full_name(module, number)
                if scope.kind is ScopeKind.CLASS:
                    if _ends_with(full, wanted):
                        found["class"] += [
                            _match(module, inner) for inner in module.children(number) if _is_initialiser(module, inner)
                        ]
                elif not _is_overload(module, number) and _ends_with(full, wanted):
                    found["exact" if full.replace(_LOCALS, "") == wanted else "end"].append(_match(module, number))
    return sorted(found["exact"] or found["end"] or found["class"], key=lambda match: match[1:])


def near_names(modules: Iterable[Module], name: str) -> str:
    """`; did you mean 'x'?` for the function whose name is nearest, or nothing."""
    by_word: dict[str, list[tuple[Module, int]]] = {}
    for module in modules:
        for number, scope in enumerate(module.facts.scopes):
            if scope.kind is ScopeKind.FUNCTION:
                by_word.setdefault(scope.name, []).append((module, number))
    words = difflib.get_close_matches(name.rpartition(".")[2], sorted(by_word), n=_MOST_WORDS)
    return did_you_mean(name, _suffixes(by_word, words, name.count(".")))


def _suffixes(by_word: dict[str, list[tuple[Module, int]]], words: Iterable[str], dots: int) -> Iterator[str]:
    """The names of functions, with as many words as somebody gave."""
    for word in words:
        for module, number in by_word[word]:
            yield ".".join(_full_name(module, number).replace(_LOCALS, "").split(".")[-dots - 1 :])


def _full_name(module: Module, number: int) -> str:
    return f"{module.name}.{module.facts.qualified_name(number)}"


def _ends_with(full: str, wanted: str) -> bool:
    return f".{full.replace(_LOCALS, '')}".endswith(f".{wanted}")


def _match(module: Module, number: int) -> Match:
    line, column, _, _ = module.facts.scopes[number].place
    return Match(_full_name(module, number), module.path or "", line, column)


def _is_initialiser(module: Module, number: int) -> bool:
    scope = module.facts.scopes[number]
    return scope.kind is ScopeKind.FUNCTION and scope.name == "__init__"


def _is_overload(module: Module, number: int) -> bool:
    scope = module.facts.scopes[number]
    return any(last_word(module, scope.parent, node) == "overload" for node in scope.decorators)
