"""The rules, found by walking this package: one file per kind or misuse, no central list."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache

from nosyncio.model import Context, Kind
from nosyncio.rules.base import Code, HygieneRule, KindRule, Rule


@cache
def rules() -> tuple[type[Rule], ...]:
    """Every rule, in the order of its first code."""
    found: list[type[Rule]] = []
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__:
                if value not in (Rule, KindRule, HygieneRule):
                    found.append(value)
    return tuple(sorted(found, key=lambda rule: next(rule.codes()).code))


@cache
def codes() -> Mapping[str, Code]:
    """Every code, in order."""
    return {code.code: code for code in sorted(_all_codes(), key=lambda code: code.code)}


def _all_codes() -> Iterator[Code]:
    for rule in rules():
        yield from rule.codes()


@cache
def _by_meaning() -> Mapping[tuple[Kind | None, Context | None], tuple[Code, type[Rule]]]:
    return {(code.kind, code.context): (code, rule) for rule in rules() for code in rule.codes() if code.kind is not None}


def code_for(kind: Kind, context: Context) -> Code:
    """The code that reports this kind in this context."""
    return _by_meaning()[kind, context][0]


def noun_for(kind: Kind) -> str:
    """What messages call this kind of blocking call."""
    rule = _by_meaning()[kind, Context.ASYNC_BODY][1]
    assert issubclass(rule, KindRule)
    return rule.noun


def find_code(text: str) -> Code | None:
    """The code that somebody means by a code or a name."""
    wanted = text.strip()
    return codes().get(wanted.upper()) or next((code for code in codes().values() if code.name == wanted.lower()), None)
