"""The parameters of a real callable: from the object, or from typeshed where it is written in C and does not say."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from nosyncio.catalogue.schema import Argument
from reality.names import resolve, resolve_method
from reality.typeshed import functions_of, in_typeshed


@dataclass(frozen=True)
class Parameters:
    """One signature, without its receiver."""

    positional: tuple[str, ...]
    positional_only: int
    keyword_only: frozenset[str]
    any_positional: bool
    any_keyword: bool

    @property
    def says_nothing(self) -> bool:
        return not self.positional and not self.keyword_only and (self.any_positional or self.any_keyword)

    def refuses(self, argument: Argument) -> str | None:
        """Why a call cannot have this argument in this place; None if it can."""
        name, position = argument.argument, argument.position
        if name is None and position is None:
            return "names no argument"
        if position is not None and position >= len(self.positional) and not self.any_positional:
            return f"takes {len(self.positional)} arguments by position, not {position + 1}"
        if name is None or (position is not None and position < self.positional_only):
            return None
        if name in self.keyword_only:
            return None if position is None else f"{name} has no position"
        if name not in self.positional:
            return None if self.any_keyword else f"has no argument {name}"
        at = self.positional.index(name)
        return None if position in (None, at) else f"{name} stands at {at}, not at {position}"


def parameters(owner: str, method: str | None = None) -> list[Parameters]:
    """Each signature that the callable has (overloads), or none if nobody says."""
    real = _from_object(owner, method)
    if real is not None and not real.says_nothing:
        return [real]
    from_stub = list(_from_typeshed(owner, method))
    return from_stub or ([real] if real is not None else [])


def _from_object(owner: str, method: str | None) -> Parameters | None:
    value = resolve(owner) if method is None else resolve_method(owner, method)
    bound = method is None and isinstance(value, type)
    if isinstance(value, (staticmethod, classmethod)):
        bound = isinstance(value, staticmethod)
        value = value.__func__
    elif method is None and not isinstance(value, type):
        bound = True
    try:
        found = list(inspect.signature(value).parameters.values())  # type: ignore[arg-type]  # what is no callable raises
    except (ValueError, TypeError):
        return None
    if not bound and found and found[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        found = found[1:]
    by_position = [p for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return Parameters(
        positional=tuple(p.name for p in by_position),
        positional_only=sum(p.kind is p.POSITIONAL_ONLY for p in by_position),
        keyword_only=frozenset(p.name for p in found if p.kind is p.KEYWORD_ONLY),
        any_positional=any(p.kind is p.VAR_POSITIONAL for p in found),
        any_keyword=any(p.kind is p.VAR_KEYWORD for p in found),
    )


def _from_typeshed(owner: str, method: str | None) -> Iterator[Parameters]:
    for function, has_receiver in _stub_functions(owner, method):
        arguments = function.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
        dunder = sum(n.startswith("__") and not n.endswith("__") for n in names)
        static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
        skip = 1 if has_receiver and not static else 0
        yield Parameters(
            positional=tuple(n.lstrip("_") for n in names[skip:]),
            positional_only=max(dunder, len(arguments.posonlyargs) - skip),
            keyword_only=frozenset(a.arg for a in arguments.kwonlyargs),
            any_positional=arguments.vararg is not None,
            any_keyword=arguments.kwarg is not None,
        )


def _stub_functions(owner: str, method: str | None) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, bool]]:
    found = in_typeshed(owner)
    if found is not None and method is None and not isinstance(found.ast, ast.ClassDef):
        yield from ((f, False) for f in functions_of(found))
        return
    for wanted in (method,) if method else ("__new__", "__init__"):
        member = in_typeshed(f"{owner}.{wanted}")
        yield from ((f, True) for f in functions_of(member) if member is not None)
