"""Classes that are made by a call: `TypedDict("Table", {...})` and `NamedTuple("Row", [...])` read as the class statements that
would make the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def record_class(node: ast.Assign) -> ast.ClassDef | None:
    """The class statement for what an assignment makes by calling; None for any other assignment."""
    call = node.value
    if not isinstance(call, ast.Call) or len(call.args) != 2 or len(node.targets) != 1:
        return None
    target, word = node.targets[0], call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if word not in ("TypedDict", "NamedTuple") or not isinstance(target, ast.Name):
        return None
    fields = list(_fields(call.args[1]))
    body: list[ast.stmt] = [ast.AnnAssign(ast.Name(name, ast.Store()), kind, None, 1) for name, kind in fields]
    made = ast.ClassDef(target.id, [call.func], call.keywords, body or [ast.Pass()], [])
    return ast.fix_missing_locations(ast.copy_location(made, node)) if fields else None


def _fields(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            if isinstance(item, ast.Tuple) and len(item.elts) == 2 and isinstance(item.elts[0], ast.Constant):
                yield str(item.elts[0].value), item.elts[1]
