"""What a test says about variables and attributes on the path where it holds, or does not."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.annotations import annotation
from nosyncio.analysis.facts import Expr

if TYPE_CHECKING:
    from nosyncio.analysis.expressions import ExpressionBuilder

_NONE = facts.Constant("NoneType", None)


def narrow(builder: ExpressionBuilder, test: ast.expr, holds: bool) -> None:
    """Record what `test` holding (or not) says about the names in it, on the current path."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        narrow(builder, test.operand, not holds)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is holds:
            for value in test.values:
                narrow(builder, value, holds)
    elif isinstance(test, ast.Call) and len(test.args) == 2 and isinstance(test.func, ast.Name):
        if test.func.id == "isinstance":
            _bind(builder, test.args[0], annotation(builder.unit, test.args[1]), holds)
    elif isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and len(test.ops) == 1:
        other, operator = test.comparators[0], test.ops[0]
        if isinstance(other, ast.Constant) and other.value is None and isinstance(operator, (ast.Is, ast.IsNot)):
            _bind(builder, test.left, _NONE, isinstance(operator, ast.Is) is holds)


def _bind(builder: ExpressionBuilder, subject: ast.expr, test: Expr, holds: bool) -> None:
    path = dotted(subject)
    binding = builder.env.lookup(path)
    if binding is None and "." in path:
        binding = _attribute(builder, path)
    if binding is not None:
        builder.env.bind(path, builder.table.add(facts.Narrowed(facts.Local(binding), test, holds)))


def _attribute(builder: ExpressionBuilder, path: str) -> int:
    """The binding of an attribute that is tested: one for all tests, so that what different paths say of it heals."""
    plain = _plain(builder, path)
    binding = builder.tested.get(plain)
    if binding is None:
        binding = builder.tested[plain] = builder.table.add(facts.Either((plain,)))
        builder.paths[path] = None
    return binding


def _plain(builder: ExpressionBuilder, path: str) -> Expr:
    """The attribute, whatever tests said of it."""
    name, *attributes = path.split(".")
    binding = builder.env.lookup(name)
    plain: Expr = facts.Name(name) if binding is None else facts.Local(binding)
    for attribute in attributes:
        plain = facts.Attribute(plain, attribute)
    return plain


def dotted(node: ast.expr) -> str:
    """A name, or attributes of one, as it is written; empty for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    owner = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{owner}.{node.attr}" if owner and isinstance(node, ast.Attribute) else ""


def forget(builder: ExpressionBuilder, path: str) -> None:
    """Drop what tests said of attributes below `path`, or of itself if it is one: it is assigned."""
    for tested in builder.paths:
        if (tested == path or tested.startswith(f"{path}.")) and builder.env.lookup(tested) is not None:
            builder.env.bind(tested, builder.table.add(facts.Either((_plain(builder, tested),))))
