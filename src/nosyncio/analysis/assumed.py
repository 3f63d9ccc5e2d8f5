"""What a call in an installed package is taken to give, where that hangs on the machine: the policy says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.conditions import Answer, holds
from nosyncio.analysis.types import Frame
from nosyncio.catalogue.following import policy

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_NONE = facts.Constant("NoneType", None)


def assumed(linker: Linker, frame: Frame, value: facts.Expr) -> facts.Constant | None:
    """The literal that a value is taken to be if it comes from such a call; None for any other."""
    if isinstance(value, facts.Local):
        value = frame.scope.bindings[value.binding]
    call = frame.scope.sites[value.site] if isinstance(value, facts.Result) else None
    if not isinstance(call, facts.Call):
        return None
    told = policy().assumed.get(linker.names.dotted(frame, call.function) or "")
    if told is None:
        return None
    arguments = Arguments.of_call(linker, frame, call)
    if any(holds(condition, arguments) is not Answer.YES for condition in told.when):
        return None
    return _NONE if told.gives is False else facts.Constant(type(told.gives).__name__, told.gives)
