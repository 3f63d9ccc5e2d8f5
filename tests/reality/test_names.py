"""Every name that the catalogue knows is the name of something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from nosyncio.catalogue.schema import Blocking, Offloads, RunsOnLoop, Target
from reality.claims import File, Verdict, targets
from reality.names import NotThereError, installed, resolve, resolve_attribute, resolve_method


def claims(file: File) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each name of the file's tables, and how it is looked up."""
    for target in targets(file.library):
        for function in target.functions:
            yield function, partial(resolve, function)
        if target.class_ is not None:
            yield from _of_class(target.class_, target)
        if isinstance(target, Blocking):
            for condition in (*target.when, *target.unless, *target.when_made, *target.unless_made, *target.unless_called):
                for constant in condition.names:
                    yield constant, partial(resolve, constant)
            for name in (*target.unless_guarded, *target.unless_patched):
                if installed(name):
                    yield name, partial(resolve, name)
        if isinstance(target, (Offloads, RunsOnLoop)):
            for decorator in target.decorators:
                yield decorator, partial(resolve, decorator)


def _of_class(owner: str, target: Target) -> Iterator[tuple[str, Callable[[], object]]]:
    yield owner, partial(resolve, owner)
    for method in (*target.methods, *target.except_, *getattr(target, "overrides", ())):
        if method != "*":
            yield f"{owner}.{method}", partial(resolve_method, owner, method)
    if isinstance(target, Blocking):
        for called in target.unless_called:
            yield f"{owner}.{called.method}", partial(resolve_method, owner, called.method)
        for attribute in target.attributes:
            yield f"{owner}.{attribute}", partial(resolve_attribute, owner, attribute)


def found(lookups: Iterator[tuple[str, Callable[[], object]]]) -> dict[str, str | None]:
    """Why each name was not found; None where it was."""
    result: dict[str, str | None] = {}
    for name, look in lookups:
        try:
            look()
        except NotThereError as reason:
            result[name] = str(reason)
        else:
            result.setdefault(name, None)
    return result


def test_names(file: File, verdict: Verdict) -> None:
    names = found(claims(file))
    verdict(file.missing(names), names)
