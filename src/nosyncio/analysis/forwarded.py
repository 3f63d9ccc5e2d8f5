"""Keywords that stand in no call: what a wrapper hands on in its own `**kwargs`, and what is in a mapping that is spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.facts import ParameterKind
from nosyncio.analysis.mappings import item_puts, may_have
from nosyncio.analysis.slots import Given, Known
from nosyncio.analysis.types import Frame, FunctionSymbol

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_TOUCHING = frozenset(("setdefault", "pop"))
"""Methods of a mapping that change what it has for the one key that they are given."""
_READING = frozenset(("get", "keys", "items", "values", "copy"))


def own_keywords(frame: Frame) -> int | None:
    """The place of a function's `**kwargs` among its parameters."""
    parameters = frame.scope.parameters
    return next((index for index, item in enumerate(parameters) if item.kind is ParameterKind.VAR_KEYWORD), None)


def hands_on(frame: Frame, call: facts.Call) -> bool:
    """Whether a call passes on the function's own `**kwargs`, and nothing else that nobody can see."""
    own = own_keywords(frame)
    spread = [keyword.value for keyword in call.keywords if not keyword.name]
    if own is None or not spread or any(isinstance(argument, facts.Starred) for argument in call.arguments):
        return False
    return all(_is_parameter(frame, value, own) for value in spread)


def own_names(frame: Frame, around: Given) -> tuple[str, ...] | None:
    """The names in the function's own `**kwargs`, if it is known what its caller gave."""
    own = own_keywords(frame)
    known = None if own is None else dict(around).get(own)
    names = None if known is None or known.literal is None else known.literal.value
    return tuple(names.split()) if isinstance(names, str) else None


def keywords_given(frame: Frame, call: facts.Call, around: Given, symbol: FunctionSymbol, arguments: Arguments) -> Known | None:
    """What a call puts into the `**kwargs` of what it calls: names alone. Of a mapping that it spreads nothing is said but that
    there is one; of keywords that the caller's own caller gave, and nobody knows, nothing at all."""
    if not arguments.complete and not hands_on(frame, call):
        return Known()
    handed_on = () if arguments.complete else own_names(frame, around)
    if handed_on is None:
        return None
    own = {parameter.name for parameter in symbol.frame.scope.parameters}
    names = sorted({*arguments.keywords, *handed_on} - own)
    return Known(facts.Constant("names", " ".join(names)), None, bool(names))


def is_left_out(
    linker: Linker,
    frame: Frame,
    call: facts.Call,
    around: Given,
    symbol: FunctionSymbol,
    parameter: facts.ParameterFacts,
    arguments: Arguments,
) -> bool:
    """Whether a call surely passes nothing for a parameter that is not among its arguments. `around`: as in `Guards.given`."""
    if arguments.complete:
        return True
    if not symbol.frame.module.is_installed or any(isinstance(argument, facts.Starred) for argument in call.arguments):
        return False
    own, given = own_keywords(frame), own_names(frame, around)
    if given is None and own is not None and (frame.module.is_installed or own in dict(around)):
        return False  # its caller gave something, and nobody knows here what
    if given is not None and parameter.name in given:
        return False
    if given is not None and hands_on(frame, call):
        return not (is_assigned_to(frame, parameter.name) or is_changed(linker, frame, parameter.name))
    # A mapping that is made here or there: what is not seen to be put into it is left out.
    default = facts.UNKNOWN if parameter.default is None else parameter.default
    left_out = linker.values.literal(symbol.frame.outer, default)
    return not may_have(linker, frame, call, parameter.name, left_out)


def is_changed(linker: Linker, frame: Frame, name: str) -> bool:
    """Whether a method that the function calls on its own `**kwargs` may change what they have for `name`."""
    own = own_keywords(frame)
    for site in frame.scope.sites:
        function = site.function if isinstance(site, facts.Call) else None
        if not isinstance(site, facts.Call) or not isinstance(function, facts.Attribute) or own is None:
            continue
        if function.name not in _READING and _is_parameter(frame, function.value, own):
            key = linker.values.literal(frame, site.arguments[0]) if site.arguments else None
            if function.name not in _TOUCHING or key is None or key.value == name:
                return True
    return False


def is_assigned_to(frame: Frame, name: str) -> bool:
    """Whether the function puts an item into its own `**kwargs` that may be called `name`."""
    own = own_keywords(frame)
    puts = (site for site in item_puts(frame) if site.key in ("", name))
    return own is not None and any(_is_parameter(frame, site.value, own) for site in puts)


def _is_parameter(frame: Frame, expr: facts.Expr, index: int) -> bool:
    parameter = frame.scope.parameter(expr)
    return parameter is not None and parameter.index == index
