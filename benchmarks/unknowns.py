"""Finds where nosyncio lost track of a value: the innermost expression that it knows nothing of."""

from __future__ import annotations

from nosyncio.analysis import facts
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.types import ClassType, Frame, FunctionType, Instance, ModuleType, Named, Type, Unknown, candidates

_FARTHEST = 20


def root(linker: Linker, frame: Frame, expr: facts.Expr) -> str:
    """The innermost unknown part of an unknown expression, in words; empty where that is the expression itself."""
    for _ in range(_FARTHEST):
        inner = _inner(frame, expr)
        if inner is None:
            return ""
        value = linker.values.value(frame, inner)
        if not any(isinstance(item, Unknown) for item in candidates(value)):
            return _step(expr, value)
        expr = inner
    return ""


def _inner(frame: Frame, expr: facts.Expr) -> facts.Expr | None:
    """What an expression has its value from, through what is bound or called."""
    if isinstance(expr, facts.Local):
        return frame.scope.bindings[expr.binding]
    if isinstance(expr, facts.Result):
        site = frame.scope.sites[expr.site]
        return site.function if isinstance(site, facts.Call) else None
    if isinstance(expr, facts.Phi):
        return facts.Local(expr.bindings[0])
    if isinstance(expr, (facts.Element, facts.Entered)):
        return expr.iterable if isinstance(expr, facts.Element) else expr.manager
    if isinstance(expr, (facts.Attribute, facts.Awaited, facts.Subscript, facts.Unpacked, facts.Narrowed, facts.Declared)):
        return expr.value
    return None


def _step(expr: facts.Expr, value: Type) -> str:
    name = ", ".join(dict.fromkeys(map(_name, candidates(value))))
    if isinstance(expr, facts.Attribute):
        return f".{expr.name} of {name}"
    if isinstance(expr, facts.Result):
        return f"calling {name}"
    return f"{type(expr).__name__.lower()} {name}"


def _name(item: Type) -> str:
    if isinstance(item, (Instance, ClassType, FunctionType)):
        return item.symbol.qualified_name
    if isinstance(item, Named):
        return item.qualified_name
    return item.name if isinstance(item, ModuleType) else type(item).__name__
