"""Annotations: expressions that name types. They run nothing and see a name's value wherever in the scope it is bound."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import UNKNOWN, Expr

if TYPE_CHECKING:
    from nosyncio.analysis.build import ModuleBuilder


def annotation(unit: ModuleBuilder | None, node: ast.expr, *, quoted: bool = True) -> Expr:
    """The facts of an annotation. Strings are read as the code they quote, except where `quoted` is False (in `Literal`)."""
    if isinstance(node, ast.Name):
        return facts.Name(node.id)
    if isinstance(node, ast.Attribute):
        return facts.Attribute(annotation(unit, node.value), node.attr)
    if isinstance(node, ast.Subscript):
        value = annotation(unit, node.value)
        literal = isinstance(value, (facts.Name, facts.Attribute)) and last_word(value) == "Literal"
        return facts.Subscript(value, annotation(unit, node.slice, quoted=quoted and not literal))
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and quoted:
            return unquoted(node.value)
        if node.value is None or isinstance(node.value, (str, int)):
            return facts.Constant(type(node.value).__name__, node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return facts.Operation("or", annotation(unit, node.left), annotation(unit, node.right))
    if isinstance(node, (ast.Tuple, ast.List)):
        items = tuple(annotation(unit, item, quoted=quoted) for item in node.elts)
        return facts.Display(type(node).__name__.lower(), items)
    if isinstance(node, ast.Call):  # Annotated[T, Depends(f)]: what the metadata calls is not run when read as a type
        function = annotation(unit, node.func)
        return facts.Display("call", (function, *(annotation(unit, item) for item in node.args)))
    if isinstance(node, ast.Starred):
        return facts.Starred(annotation(unit, node.value))
    return UNKNOWN


def last_word(value: facts.Name | facts.Attribute) -> str:
    """The name itself, without what it is an attribute of."""
    return value.id if isinstance(value, facts.Name) else value.name


def unquoted(text: str) -> Expr:
    """The facts of an annotation that is written as a string."""
    try:
        return annotation(None, ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return UNKNOWN
