"""By which words may a class be named where another one derives from it? Told from one module's facts alone, so that the classes
that derive from one can be looked for by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.facts import ModuleFacts, ScopeKind

ANY = "?"
"""Stands for every word: what a call gives, or a parameter is, may be any class."""

_OWN_NAMED = (facts.FunctionRef, facts.ClassRef, facts.Constant)
"""What is found by its own name, or is no class."""

_Spelled: TypeAlias = tuple[int, facts.Expr]
"""An expression, with its scope."""


def words_of(module: ModuleFacts, scope: int, expr: facts.Expr) -> set[str]:
    """The names that the classes may be defined by, or be given elsewhere, that an expression of a scope stands for."""
    words: set[str] = set()
    seen: set[_Spelled] = set()
    pending: list[_Spelled] = [(scope, expr)]
    while pending:
        spelled = pending.pop()
        if spelled in seen:
            continue
        seen.add(spelled)
        number, node = spelled
        if isinstance(node, facts.ClassRef):
            words.add(module.scopes[node.scope].name)
        elif isinstance(node, facts.Imported):
            words.add(node.name or ANY)
        elif isinstance(node, facts.Attribute):
            words.add(node.name)
        elif isinstance(node, facts.Name):
            bound = list(_bound(module, number, node.id))
            pending += bound
            if not bound:
                words.add(node.id)
        elif not isinstance(node, (facts.Constant, facts.FunctionRef)):
            inside = list(_inside(module, number, node))
            pending += inside
            if not inside:
                words.add(ANY)
    return words


def _inside(module: ModuleFacts, number: int, node: facts.Expr) -> Iterator[_Spelled]:
    """What a value is made of that may be the class itself."""
    if isinstance(node, facts.Local):
        yield number, module.scopes[number].bindings[node.binding]
    elif isinstance(node, facts.Phi):
        yield from ((number, facts.Local(binding)) for binding in node.bindings)
    elif isinstance(node, facts.Either):
        yield from ((number, value) for value in node.values)
    elif isinstance(node, (facts.Narrowed, facts.Subscript, facts.Declared)) and node.value is not None:
        yield number, node.value


def _bound(module: ModuleFacts, number: int, name: str) -> Iterator[_Spelled]:
    """What the nearest scope that binds a name gives to it, at any time."""
    binder = module.binder(number, name)
    if binder is not None:
        scope = module.scopes[binder]
        yield from ((binder, scope.bindings[binding]) for binding in scope.names[name])


def renamings(module: ModuleFacts) -> Iterator[tuple[str, str]]:
    """The names under which other modules find what may be a class that is called otherwise: each with a word for that."""
    for number, scope in enumerate(module.scopes):
        if scope.kind in (ScopeKind.MODULE, ScopeKind.CLASS):
            for name, bindings in scope.names.items():
                for binding in bindings:
                    value = scope.bindings[binding]
                    if not isinstance(value, _OWN_NAMED) and not (isinstance(value, facts.Imported) and value.name in ("", name)):
                        yield from ((name, word) for word in words_of(module, number, value) if word != name)
