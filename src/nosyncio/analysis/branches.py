"""The tests that decide whether a site runs, as facts: what an `if`, an `assert`, an `and` or a `try` asks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.annotations import annotation
from nosyncio.analysis.facts import Expr, Test

if TYPE_CHECKING:
    from nosyncio.analysis.expressions import ExpressionBuilder

_LOOK_BACK = 40
"""How many sites may lie between a call in a test and the end of the test."""


_NOT_UNDERSTOOD = facts.Junction(True, (None,))


def under(builder: ExpressionBuilder, test: Test | None, holds: bool, *, otherwise_fails: bool = False) -> int:
    """The guard for what runs only if `test` comes out as `holds`, inside what is being read. None: a test that is not
    understood, but is there. `otherwise_fails`: if it comes out differently, an error is raised."""
    builder.scope.guards.append(facts.Guard(test or _NOT_UNDERSTOOD, holds, builder.table.guard, otherwise_fails))
    return len(builder.scope.guards) - 1


def test_of(builder: ExpressionBuilder, node: ast.expr) -> Test | None:
    """What a test asks, once its sites have been noted; None where that is not understood."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = test_of(builder, node.operand)
        return None if inner is None else facts.Opposite(inner)
    if isinstance(node, ast.BoolOp):
        tests = tuple(test_of(builder, value) for value in node.values)
        return facts.Junction(isinstance(node.op, ast.And), tests) if any(tests) else None
    if isinstance(node, ast.Compare):
        return _comparison(builder, node) if len(node.ops) == 1 else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
        subject = _value(builder, node.args[0])
        return None if subject is None else facts.InstanceOf(subject, annotation(builder.unit, node.args[1]))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith" and node.args:
        subject, prefix = _value(builder, node.func.value), _value(builder, node.args[0])
        return None if subject is None or prefix is None else facts.StartsWith(subject, prefix)
    value = _value(builder, node)
    return None if value is None else facts.Truth(value)


def _comparison(builder: ExpressionBuilder, node: ast.Compare) -> Test | None:
    operator, other = node.ops[0], node.comparators[0]
    left = _value(builder, node.left)
    if left is None:
        return None
    test: Test | None = None
    if isinstance(operator, (ast.In, ast.NotIn)):
        if isinstance(other, (ast.Tuple, ast.List, ast.Set)):
            items = [_value(builder, item) for item in other.elts]
            test = facts.Equal(left, tuple(item if item is not None else facts.UNKNOWN for item in items))
        elif isinstance(node.left, ast.Constant) and isinstance(node.left.value, str) and isinstance(other, ast.Name):
            test = facts.Contains(builder.name(other), node.left.value)
    else:
        right = _value(builder, other)
        if right is not None and isinstance(operator, (ast.Is, ast.IsNot)):
            test = facts.Same(left, right)
        elif right is not None and isinstance(operator, (ast.Eq, ast.NotEq)):
            test = facts.Equal(left, (right,))
    negated = isinstance(operator, (ast.NotIn, ast.IsNot, ast.NotEq))
    return facts.Opposite(test) if test is not None and negated else test


def _value(builder: ExpressionBuilder, node: ast.expr) -> Expr | None:
    """A value that a test asks about: a variable, an attribute, a literal, a call whose site has been noted."""
    if isinstance(node, ast.Name):
        return builder.name(node)
    if isinstance(node, ast.Constant):
        return builder.constant(node)
    if isinstance(node, ast.NamedExpr):
        return builder.name(ast.Name(node.target.id, ast.Load()))
    if isinstance(node, ast.Attribute):
        owner = _value(builder, node.value)
        return None if owner is None else facts.Attribute(owner, node.attr)
    if isinstance(node, ast.Call):
        place = builder.unit.place(node)
        sites = builder.scope.sites
        for index in range(len(sites) - 1, max(len(sites) - _LOOK_BACK, 0) - 1, -1):
            if isinstance(sites[index], facts.Call) and sites[index].place == place:
                return facts.Result(index)
    return None


def failure_of(builder: ExpressionBuilder, node: ast.Try, first_site: int) -> Test | None:
    """Whether the only call of a `try` failed, for one that is nothing but a call; `first_site` is where its sites begin."""
    if len(node.body) != 1 or not isinstance(node.body[0], (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)):
        return None
    calls = [index for index in range(first_site, len(builder.scope.sites)) if isinstance(builder.scope.sites[index], facts.Call)]
    return facts.Failed(calls[0]) if len(calls) == 1 else None
