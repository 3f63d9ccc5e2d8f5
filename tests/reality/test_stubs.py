"""Each class, method, attribute, function and import of the stubs is one of the library's."""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Callable, Iterator
from functools import partial

from reality.claims import File, Verdict
from reality.names import NotThereError, resolve, resolve_attribute, resolve_method
from reality.test_names import found

Look = Callable[[], object]
FOR_TYPING = ("typing", "typing_extensions", "_typeshed")


def claims(module: str, body: list[ast.stmt], stubbed: set[str]) -> Iterator[tuple[str, Look]]:
    """The names that stub code says a module or a class has; `stubbed` are modules that have stubs themselves."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            owner = f"{module}.{node.name}"
            yield owner, partial(resolve, owner)
            yield from _members(owner, node.body)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            name = f"{module}.{node.name}"
            yield name, partial(_same_colour, node, resolve, name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = f"{module}.{node.target.id}"
            yield name, partial(resolve, name)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module not in {*stubbed, *FOR_TYPING}:
            for name in (f"{node.module}.{a.name}" for a in node.names):
                yield name, partial(resolve, name)


def _members(owner: str, body: list[ast.stmt]) -> Iterator[tuple[str, Look]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            name = f"{owner}.{node.name}"
            if any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list):
                yield name, partial(resolve_attribute, owner, node.name)
            else:
                yield name, partial(_same_colour, node, resolve_method, owner, node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield f"{owner}.{node.target.id}", partial(resolve_attribute, owner, node.target.id)


def _same_colour(node: ast.FunctionDef | ast.AsyncFunctionDef, look: Callable[..., object], *name: str) -> None:
    """A coroutine function must not be stubbed as a plain one: its calls would count as blocking."""
    real = look(*name)
    if isinstance(node, ast.FunctionDef) and inspect.iscoroutinefunction(getattr(real, "__func__", real)):
        returned = ast.unparse(node.returns) if node.returns else ""
        if not returned.startswith(("Awaitable", "Coroutine")):
            raise NotThereError(f"{node.name} is a coroutine function")


def unknown(text: str) -> set[str]:
    """Names that a stub uses and neither defines nor imports."""
    tree = ast.parse(text)
    known = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            known.add(node.name)
            known |= {p.name for p in getattr(node, "type_params", ())}
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            known |= {(a.asname or a.name).partition(".")[0] for a in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id not in known}


def test_stubs(file: File, verdict: Verdict) -> None:
    stubbed = set(file.library.stubs)
    lookups: dict[str, str | None] = {}
    for module, text in file.library.stubs.items():
        lookups |= found(iter([(module, partial(resolve, module))]))
        lookups |= found(claims(module, ast.parse(text).body, stubbed))
    verdict(file.missing(lookups), lookups)


def test_stub_imports(file: File, verdict: Verdict) -> None:
    """What one stub imports from another is defined there; what a stub uses, it imports or defines."""
    wrong: dict[str, str] = {}
    trees = {module: ast.parse(text) for module, text in file.library.stubs.items()}
    for module, tree in trees.items():
        for name in unknown(file.library.stubs[module]):
            wrong[f"{module}.{name}"] = "is used and neither imported nor defined"
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in trees:
                for alias in node.names:
                    if alias.name not in _defined(trees[node.module]):
                        wrong[f"{module}: {node.module}.{alias.name}"] = "is not in that stub"
    verdict(wrong, trees)


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {a.asname or a.name for a in node.names}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    return names
