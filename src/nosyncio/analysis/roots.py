"""Where a module's topmost package stands, when that is a folder without an `__init__.py`: its imports tell."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from nosyncio.analysis import facts
from nosyncio.analysis.types import Module


def namespace_root(module: Module, own: str, exists: Callable[[str], bool], package: str) -> str:
    """The folder above the topmost package of `module`. `own` is the one above its regular packages: a folder of scripts, or
    a namespace package where the module's imports, relative or by dotted name, take it for a package. `package`: the name of the
    package that the project's root is, "" where it is none; whatever is above it counts as the root."""
    assert module.path is not None
    root = own
    imported = list(_imported(module))
    level = max((item.level for item in imported), default=0)
    if level:
        top = posixpath.dirname(module.path)
        for _ in range(level - 1):
            top = posixpath.dirname(top)
        if f"{own}/".startswith(f"{top}/") or (package and not top):
            root = posixpath.dirname(top)
    named = {f"{item.module}.{item.name}" for item in imported if not item.level and item.name} | set(module.facts.imports)
    if package:
        named |= {name.removeprefix(f"{package}.") for name in named}
    parents = [(base, posixpath.relpath(own, base or ".")) for base in _parents(own)]
    for name in sorted(named):
        path = name.replace(".", "/")
        for base, inside in parents:
            if f"{path}/".startswith(f"{inside}/") and _is_module(posixpath.join(base, path), exists) and len(base) < len(root):
                root = base
    return root


def _imported(module: Module) -> Iterator[facts.Imported]:
    for scope in module.facts.scopes:
        yield from (value for value in scope.bindings if isinstance(value, facts.Imported))
    for name, level, _ in module.facts.star_imports:
        yield facts.Imported(name, level, "")


def _parents(folder: str) -> Iterator[str]:
    while folder not in ("", "/", ".."):
        folder = posixpath.dirname(folder)
        yield folder


def _is_module(path: str, exists: Callable[[str], bool]) -> bool:
    return exists(f"{path}.py") or exists(posixpath.join(path, "__init__.py"))
