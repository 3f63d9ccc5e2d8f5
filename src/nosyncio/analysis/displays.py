"""What stands under a literal key of a dict display, where nothing else is ever put there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, Scope
from nosyncio.analysis.types import Frame

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_CHANGES = frozenset(("__setitem__", "__delitem__", "update", "setdefault", "pop", "popitem", "clear", "__ior__"))


def displayed(linker: Linker, frame: Frame, node: facts.Subscript) -> tuple[Frame, Expr] | None:
    """The expression, with its scope, that `node` gets out of a dict display: one that stands there, or that a variable is bound
    to and that is not changed where the variable can be seen. None for anything else."""
    key = linker.values.literal(frame, node.index)
    if key is None or key.value is None or not frame.module.has_bodies:
        return None
    found = _display(frame, node.value)
    if found is None or not all(isinstance(item, facts.Constant) for item in found[1].keys):
        return None
    for item, value in zip(reversed(found[1].keys), reversed(found[1].values)):
        if item == key and not isinstance(value, facts.Starred):
            return found[0], value
    return None


def _display(frame: Frame, expr: Expr) -> tuple[Frame, facts.DictDisplay] | None:
    if isinstance(expr, facts.DictDisplay):
        return frame, expr
    if isinstance(expr, facts.Local):
        value = _declared(frame.scope.bindings[expr.binding])
        if isinstance(value, facts.DictDisplay) and not _is_changed(frame.scope, expr):
            names = [name for name, bindings in frame.scope.names.items() if expr.binding in bindings]
            scopes = frame.module.facts.scopes
            return None if any(_is_changed(scope, facts.Name(name)) for name in names for scope in scopes) else (frame, value)
    elif isinstance(expr, facts.Name):
        binder = frame.module.facts.binder(frame.number, expr.id)
        return None if binder is None else _of_variable(Frame(frame.module, binder), expr)
    return None


def _of_variable(frame: Frame, name: facts.Name) -> tuple[Frame, facts.DictDisplay] | None:
    bindings = frame.scope.names[name.id]
    value = _declared(frame.scope.bindings[bindings[0]]) if len(bindings) == 1 else None
    if not isinstance(value, facts.DictDisplay) or _is_changed(frame.scope, facts.Local(bindings[0])):
        return None
    scopes = frame.module.facts.scopes
    if any(name.id == stored for scope in scopes for stored, _, _ in scope.outer_stores):
        return None
    return None if any(_is_changed(scope, name) for scope in scopes) else (frame, value)


def _declared(expr: Expr) -> Expr | None:
    return expr.value if isinstance(expr, facts.Declared) else expr


def _is_changed(scope: Scope, variable: Expr) -> bool:
    """Whether code of `scope` changes the dict that `variable` holds."""
    for site in scope.sites:
        if isinstance(site, facts.Operate):
            if site.method in _CHANGES and scope.root(site.value) == variable:
                return True
        elif isinstance(site, facts.Call) and isinstance(site.function, facts.Attribute):
            if site.function.name in _CHANGES and scope.root(site.function.value) == variable:
                return True
    return False
