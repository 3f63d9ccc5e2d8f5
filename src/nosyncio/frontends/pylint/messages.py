"""pylint's messages and options, read off the rules and the configuration."""

from __future__ import annotations

from collections.abc import Callable

from pylint.typing import ExtraMessageOptions, MessageDefinitionTuple, OptionDict, Options

from nosyncio.config import HOST_OPTIONS, HostOption
from nosyncio.rules import rules
from nosyncio.rules.base import PREFIX, Code, Rule


def messages(is_on: Callable[[Code], bool]) -> dict[str, MessageDefinitionTuple]:
    """A message for each code. `is_on`: whether it is enabled unless somebody says otherwise."""
    found: dict[str, MessageDefinitionTuple] = {}
    for rule in rules():
        for code in rule.codes():
            extra = ExtraMessageOptions(default_enabled=is_on(code))
            found[f"W9{code.code.removeprefix(PREFIX)}"] = ("%s", code.name, _description(rule, code), extra)
    return found


def _description(rule: type[Rule], code: Code) -> str:
    """What `pylint --help-msg` prints, as one paragraph: the prose of the rule's page; its examples need their lines."""
    prose = (rule.section(heading) for heading in ("What it does", "Why is this bad"))
    return " ".join([f"{code.code}: {code.summary}.", *filter(None, prose), f"More: nosyncio explain {code.code}"])


def options() -> Options:
    """pylint's form of the options that it has none of its own for."""
    return tuple((option.name, _definition(option)) for option in HOST_OPTIONS)


def _definition(option: HostOption) -> OptionDict:
    given: OptionDict = {"default": None, "help": option.help}
    if option.is_switch:
        return given | {"type": "yn", "metavar": "<y or n>"}
    if option.choices:
        return given | {"type": "choice", "choices": list(option.choices), "metavar": f"<{option.metavar}>"}
    return given | {"type": "csv", "metavar": f"<{option.metavar},...>"}
