"""What typeshed knows: the standard library's types come from it, so its names count beside those of the running Python."""

from __future__ import annotations

import ast
import functools
import sys

import typeshed_client
from typeshed_client import ImportedInfo, NameInfo

NEXT_PYTHON = (3, 14)
HERE = "here"
PLACES = {
    "typeshed": ((3, 13), "linux"),
    "typeshed 3.14": (NEXT_PYTHON, "linux"),
    "typeshed win32": (NEXT_PYTHON, "win32"),
    "typeshed darwin": (NEXT_PYTHON, "darwin"),
}
"""Where a name may be that no Python at hand has, by the label that versions.toml uses."""


@functools.cache
def in_typeshed(name: str, place: str = HERE) -> NameInfo | None:
    """What has this name: a function, a class, or a member of a class, its bases or what it is an alias of."""
    resolver = _resolver(place)
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:length])
        if typeshed_client.get_stub_file(module, search_context=resolver.ctx) is not None:
            found = resolver.get_fully_qualified_name(".".join(parts[: length + 1]))
            home = module
            if isinstance(found, ImportedInfo):
                home, found = ".".join(found.source_module), found.info
            for part in parts[length + 1 :]:
                found = _member(home, found, part, place) if isinstance(found, NameInfo) else None
            return found if isinstance(found, NameInfo) else None
    return None


def is_module(name: str, place: str = HERE) -> bool:
    return typeshed_client.get_stub_file(name, search_context=_resolver(place).ctx) is not None


def functions_of(found: NameInfo | None) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The definitions behind a name, one for each overload."""
    definitions = [] if found is None else getattr(found.ast, "definitions", [found.ast])
    return [d for d in definitions if isinstance(d, (ast.FunctionDef, ast.AsyncFunctionDef))]


@functools.cache
def _resolver(place: str) -> typeshed_client.Resolver:
    version, platform = PLACES.get(place, (sys.version_info[:2], "linux"))
    return typeshed_client.Resolver(typeshed_client.get_search_context(version=version, platform=platform))


def _member(home: str, owner: NameInfo, name: str, place: str) -> NameInfo | None:
    child: NameInfo | None = (owner.child_nodes or {}).get(name)
    if child is not None:
        return child
    for base in _leads_to(owner.ast):
        written = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
        for full in (f"{home}.{written}.{name}", f"{written}.{name}", f"builtins.{written}.{name}"):
            if found := in_typeshed(full, place):
                return found
    return None


def _leads_to(definition: object) -> list[ast.expr]:
    if isinstance(definition, ast.ClassDef):
        return definition.bases
    return [definition.value] if isinstance(definition, ast.Assign) else []
