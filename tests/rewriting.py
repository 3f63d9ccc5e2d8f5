"""Carries a plan out mechanically: nothing but what its JSON says, at the places that it names.

What blocks is handed to a thread as it stands. Everything is done anew from the first sources, for all steps up to one, so that
places stay right.
"""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any, TypeAlias

Span: TypeAlias = tuple[int, int, int, int]

_CONSUMES = ("list", "sorted", "sum", "set")
_RENAMED = {"__enter__": "__aenter__", "__exit__": "__aexit__", "__iter__": "__aiter__", "__next__": "__anext__"}


def carried_out(folder: Path, plan: dict[str, Any], steps: int) -> dict[str, str]:
    """The sources of a project after so many steps of its plan, by path."""
    made = [step for step in plan["steps"] if step["number"] <= steps]
    return {
        path.relative_to(folder).as_posix(): _File(path.relative_to(folder).as_posix(), made).rewritten(path)
        for path in sorted(folder.rglob("*.py"))
    }


class _File(ast.NodeTransformer):
    """One file. Edits of a function that becomes async beside its sync version are made in the copy alone."""

    def __init__(self, path: str, steps: list[dict[str, Any]]) -> None:
        converted = [item for step in steps for item in step["make_async"]]
        self._twins = {item["name"]: item["twin"]["name"] for item in converted if item["twin"] is not None}
        self._functions = {item["line"]: item for item in converted if item["path"] == path}
        self._dropped = {item["line"] for step in steps for item in step["drop"] if item["path"] == path}
        self._edits: list[dict[str, Any]] = []
        for step in steps:
            self._edits += [item for item in (*step["change"], *step["replace"]) if item["path"] == path]
        for item in self._functions.values():
            if item["twin"] is None:
                self._edits += [*item["await"], *item["replace"]]

    def rewritten(self, path: Path) -> str:
        tree = self.visit(ast.parse(path.read_text(encoding="utf-8")))
        later = [n for n, item in enumerate(tree.body) if not isinstance(item, (ast.Expr, ast.ImportFrom))]
        tree.body.insert(later[0] if later else len(tree.body), ast.Import([ast.alias("asyncio")]))
        return f"{ast.unparse(ast.fix_missing_locations(tree))}\n"

    # ------------------------------------------------------------------------------------------------------------- functions

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        item = self._functions.get(node.lineno)
        if any(
            edit.get("obstacle") == "callback" and node.lineno <= edit["line"] <= (node.end_lineno or 0) for edit in self._edits
        ):
            return _in_executor(node)
        if item is None:
            return self.generic_visit(node)
        found: list[ast.AST] = []
        if item["twin"] is not None:
            outer, self._edits = self._edits, [*item["await"], *item["replace"]]
            found.append(_async(self.generic_visit(copy.deepcopy(node)), item, item["twin"]["name"]))
            self._edits = outer
            if node.lineno not in self._dropped:
                found.insert(0, self.generic_visit(node))
            return found
        return _async(self.generic_visit(node), item, node.name)

    # ----------------------------------------------------------------------------------------------------------------- edits

    def visit(self, node: ast.AST) -> Any:
        span = _span(node)
        visited = super().visit(node)
        if span is None or not isinstance(node, ast.expr):
            return visited
        for edit in self._edits:
            visited = self._edited(visited, edit, span, node)
        return visited

    def _edited(self, node: Any, edit: dict[str, Any], span: Span, first: ast.expr) -> Any:
        if "further" in edit:
            if _span_of(edit) == span and not isinstance(first, ast.Await):
                return node.args[0] and ast.Await(node.args[0]) if edit["callee"] == "asyncio.run" else _in_thread(node)
            for part in edit["further"]:
                if (part["line"], part["column"]) == span[:2] and _is_part(first, part["callee"].rpartition(".")[2]):
                    return _in_thread(node)
        elif _span_of(edit) == span:
            return self._awaited(node, edit)
        return node

    def _awaited(self, node: Any, site: dict[str, Any]) -> Any:
        change = site["change"]
        if change == "thread":
            return _in_thread(node)
        if change in ("await", "in-list", "method") and site["runs"]:
            self._move(node if change == "method" else node.func, site["runs"])
        if change in ("async-for", "async-with"):
            node.is_async = True
            return node
        return ast.Await(ast.Call(node, [], []) if change == "method" else node)

    def _move(self, function: Any, runs: list[str]) -> None:
        """Call the async version, where there is one beside the sync one."""
        for name in runs:
            if name in self._twins and _name(function) == name.rpartition(".")[2]:
                setattr(function, "attr" if isinstance(function, ast.Attribute) else "id", self._twins[name])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if _name(node.func) in _CONSUMES:
            node.args = [_read_there(argument) for argument in node.args]
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        node.iter = _read_there(node.iter)
        return _as(ast.AsyncFor, node) if getattr(node.iter, "is_async", False) else node

    def visit_With(self, node: ast.With) -> ast.AST:
        self.generic_visit(node)
        is_async = any(getattr(item.context_expr, "is_async", False) for item in node.items)
        return _as(ast.AsyncWith, node) if is_async else node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        self.generic_visit(node)
        in_list = any(edit["change"] == "in-list" and _within(node, edit) for edit in self._edits if "change" in edit)
        return ast.ListComp(node.elt, node.generators) if in_list else node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.iter = _read_there(node.iter)
        node.is_async = int(getattr(node.iter, "is_async", False))
        return node


def _is_part(node: ast.expr, method: str) -> bool:
    """Whether what goes on with an operation is this: a call of a method, or a variable that is iterated."""
    if isinstance(node, ast.Name):
        return method == "__iter__"
    return isinstance(node, ast.Call) and _name(node.func) == method


def _async(node: Any, item: dict[str, Any], name: str) -> Any:
    gone = {"property": "property", "context-manager": "contextmanager"}.get(item["form"])
    node.decorator_list = [decorator for decorator in node.decorator_list if _name(decorator) != gone]
    if item["form"] == "context-manager":
        node.decorator_list.append(ast.Name("asynccontextmanager"))
    node.name = _RENAMED.get(name.removesuffix("_async"), name)
    return _as(ast.AsyncFunctionDef, node)


def _in_executor(node: ast.FunctionDef) -> ast.FunctionDef:
    """A function that the loop calls, which has a thread do what it did."""
    work = ast.FunctionDef("work", ast.arguments([], [], kwonlyargs=[], kw_defaults=[], defaults=[]), node.body, [])
    loop = ast.Call(ast.Attribute(ast.Name("asyncio"), "get_running_loop"), [], [])
    call = ast.Call(ast.Attribute(loop, "run_in_executor"), [ast.Constant(None), ast.Name("work")], [])
    node.body = [work, ast.Expr(call)]
    return node


def _as(kind: Any, node: ast.AST) -> Any:
    return ast.copy_location(kind(**dict(ast.iter_fields(node))), node)


def _in_thread(node: Any) -> ast.AST:
    node = _Unwrapped().visit(node)
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Await(ast.Call(ast.Attribute(ast.Name("asyncio"), "to_thread"), [ast.Lambda(nothing, node)], []))


class _Unwrapped(ast.NodeTransformer):
    """What is handed to a thread as part of something that is."""

    def visit_Await(self, node: ast.Await) -> ast.AST:
        self.generic_visit(node)
        work = _work(node)
        return node if work is None else work.body


def _work(node: ast.AST) -> ast.Lambda | None:
    """What a thread does that is awaited."""
    call = node.value if isinstance(node, ast.Await) else None
    if isinstance(call, ast.Call) and _name(call.func) == "to_thread" and isinstance(call.args[0], ast.Lambda):
        return call.args[0]
    return None


def _read_there(node: ast.expr) -> ast.expr:
    """What is iterated may be lazy: the thread reads it to its end."""
    work = _work(node)
    if work is not None:
        work.body = ast.Call(ast.Name("list"), [work.body], [])
    return node


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _span(node: ast.AST) -> Span | None:
    if not isinstance(node, ast.expr) or node.end_lineno is None or node.end_col_offset is None:
        return None
    return (node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)


def _within(node: ast.expr, item: dict[str, Any]) -> bool:
    span = _span(node)
    return span is not None and span[:2] <= _span_of(item)[:2] and _span_of(item)[2:] <= span[2:]


def _span_of(item: dict[str, Any]) -> Span:
    return (item["line"], item["column"], item["end_line"], item["end_column"])
