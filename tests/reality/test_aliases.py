"""An alias leads from where something is defined to the public name of the same thing."""

from __future__ import annotations

import ast
from types import ModuleType

from nosyncio.catalogue.schema import Library
from reality.claims import File, Verdict, targets
from reality.names import NotThereError, resolve, why_not
from reality.typeshed import in_typeshed, is_module


def public_names(library: Library) -> set[str]:
    """The names that aliases are to lead to: functions and classes of the tables, and what the stubs define."""
    names = {n for t in targets(library) for n in (*t.functions, *([t.class_] if t.class_ else []))}
    for module, text in library.stubs.items():
        names |= {f"{module}.{n.name}" for n in ast.parse(text).body if isinstance(n, (ast.ClassDef, ast.FunctionDef))}
    return names


def outcome(source: str, target: str, known: set[str]) -> str | None:
    """Why the alias is wrong; None if the two are one thing (or one is the other's base class, as `_io` has them), or, of
    modules, if they hold something in common and nothing that the file knows differs."""
    try:
        # The public module first: `_asyncio` imports asyncio, which imports it again, and makes a second one of it.
        real_target, real_source = resolve(target), resolve(source)
    except NotThereError:
        return None
    if not isinstance(real_source, ModuleType) or not isinstance(real_target, (ModuleType, type)):
        return None if _alike(real_source, real_target) else f"is not {target}"
    for name in known:
        there = source + name[len(target) :]
        if not name.startswith(target + ".") or why_not(there) or why_not(name):
            continue
        if getattr(resolve(there), "__module__", None) == source and not _alike(resolve(there), resolve(name)):
            return f"{there} is not {name}"
    public = ((n, v) for n, v in vars(real_source).items() if not n.startswith("_") and not isinstance(v, ModuleType))
    return None if any(_alike(v, vars(real_target).get(n)) for n, v in public) else f"shares nothing with {target}"


def _alike(one: object, other: object) -> bool:
    if isinstance(one, type) and isinstance(other, type):
        return other in one.__mro__ or one in other.__mro__
    return one is other


def test_aliases(file: File, verdict: Verdict) -> None:
    known = public_names(file.library)
    wrong = {f"{s} -> {t}": why for s, t in file.library.aliases.items()
             if (why := outcome(s, t, known)) and not file.is_exempt(f"{s} -> {t}")}  # fmt: skip
    verdict(wrong, file.library.aliases)


def test_alias_ends(file: File, verdict: Verdict) -> None:
    """Both ends exist: the target for real, the source for real or in typeshed, which has modules of its own."""
    found: dict[str, str | None] = {}
    for source, target in file.library.aliases.items():
        found[target] = why_not(target)
        why = why_not(source)
        found[source] = None if why and file.library.distribution is None and (is_module(source) or in_typeshed(source)) else why
    verdict(file.missing(found), found)
