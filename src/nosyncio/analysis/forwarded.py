"""What a function hands on in its own `**kwargs`: of a wrapper, which keywords its caller gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import ParameterKind
from nosyncio.analysis.types import Frame

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
    items = (site for site in frame.scope.sites if isinstance(site, facts.Operate) and site.method == "__setitem__")
    return own is not None and any(site.key in ("", name) and _is_parameter(frame, site.value, own) for site in items)


def _is_parameter(frame: Frame, expr: facts.Expr, index: int) -> bool:
    parameter = frame.scope.parameter(expr)
    return parameter is not None and parameter.index == index
