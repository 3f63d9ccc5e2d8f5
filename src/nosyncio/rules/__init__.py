"""The rules, found by walking this package: one file per kind or misuse, no central list."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache

from nosyncio.model import Context, Kind, Misuse
from nosyncio.rules.base import Code, HygieneRule, KindRule, MisuseRule, Rule


@cache
def rules() -> tuple[type[Rule], ...]:
    """Every rule, in the order of its first code."""
    found: list[type[Rule]] = []
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__:
                if value not in (Rule, KindRule, MisuseRule, HygieneRule):
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
def code_for(kind: Kind, context: Context) -> Code | None:
    """The code that reports this kind of blocking call in this context; None where it is nothing to report."""
    return rule_for(kind).code_for(kind, context)


@cache
def rule_for(kind: Kind) -> type[KindRule]:
    """The rule on a kind of blocking call."""
    return next(rule for rule in rules() if issubclass(rule, KindRule) and rule.kind is kind)


@cache
def misuse_rule(misuse: Misuse) -> type[MisuseRule]:
    """The rule on a sort of misuse."""
    return next(rule for rule in rules() if issubclass(rule, MisuseRule) and rule.misuse is misuse)


def find_code(text: str) -> Code | None:
    """The code that somebody means by a code or a name."""
    wanted = text.strip()
    return codes().get(wanted.upper()) or next((code for code in codes().values() if code.name == wanted.lower()), None)
