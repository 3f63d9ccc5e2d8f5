"""Questions about single nodes of a syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, Flag

_LOOPS = (ast.While, ast.For, ast.AsyncFor)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

_LONGEST_LITERAL = 80
"""Strings up to this long keep their value: file modes, device paths, `__slots__`-like names. Longer ones decide nothing."""


def matches_all(case: ast.match_case) -> bool:
    """Whether a case takes whatever comes: `case _:` or a bare name, with no guard."""
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def as_load(target: ast.expr) -> ast.expr:
    """The target of an assignment, as it is read."""
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    return target


def inside(flags: int, loop: ast.While | ast.For | ast.AsyncFor) -> int:
    """What the sites in a loop's body say of their surroundings, with what those around the loop do."""
    flags = flags & ~(Flag.WHILE | Flag.RETRY | Flag.HANDLER) | Flag.LOOP
    if isinstance(loop, ast.While):
        flags |= Flag.WHILE
    return flags | Flag.RETRY if _is_left_by_success(loop.body) else flags


def _is_left_by_success(body: Sequence[ast.stmt]) -> bool:
    """Whether a loop tries something and ends once that works: a `try` with handlers, whose body or `else` leaves the loop."""
    for node in _within(body):
        if isinstance(node, ast.Try) and node.handlers and any(_leaves(part) for part in (node.body, node.orelse)):
            return True
    return False


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, (ast.Return, ast.Break)) for node in _within(body))


def _within(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block and of the blocks in it, but for those of other loops and functions."""
    for node in body:
        yield node
        if not isinstance(node, (*_LOOPS, *_DEFINITIONS)):
            for name in ("body", "orelse", "finalbody"):
                yield from _within(getattr(node, name, ()))
            for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                yield from _within(inner.body)


def constant(node: ast.Constant) -> Expr:
    """The facts of a literal."""
    value = node.value
    kind = type(value).__name__
    if value is None or isinstance(value, (bool, float)) or (isinstance(value, int) and abs(value) < 1 << 62):
        return facts.Constant(kind, value)
    if isinstance(value, str) and len(value) <= _LONGEST_LITERAL and value.isprintable():
        return facts.Constant(kind, value)
    return facts.Constant(kind, None)
