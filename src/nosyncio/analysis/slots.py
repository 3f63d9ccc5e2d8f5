"""What a call can say something of in what it calls: a parameter, or an attribute of the receiver; and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.types import ClassSymbol, Frame

Slot: TypeAlias = int | str
"""A parameter, by its place, or an attribute of a method's receiver, by its name."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a value: the literal that it is, the class that it is an instance of (by name where it has no facts),
    whether it is true. What has none of these is at least not None."""

    literal: facts.Constant | None = None
    symbol: ClassSymbol | str | None = None
    truth: bool | None = None

    @property
    def is_none(self) -> bool:
        return self.literal is not None and self.literal.type_name == "NoneType"


Given: TypeAlias = tuple[tuple[Slot, Known], ...]
"""What a call says of a function's parameters, and of the attributes of what it is a method of."""


def slot_of(frame: Frame, root: Expr) -> Slot | None:
    """The parameter that a value is, or the attribute of the receiver."""
    if isinstance(root, facts.Attribute) and is_receiver(frame, root.value):
        return root.name
    if isinstance(root, facts.Local):
        value = frame.scope.bindings[root.binding]
        if isinstance(value, facts.Parameter):
            return value.index
        if isinstance(value, facts.Attribute) and is_receiver(frame, frame.scope.root(value.value)):
            return value.name
    return None


def asked_slot(frame: Frame, expr: Expr) -> Slot | None:
    """The same of an expression; a parameter counts that is that unless it was given another value on the way."""
    root = frame.scope.root(expr)
    value = frame.scope.bindings[root.binding] if isinstance(root, facts.Local) else None
    if isinstance(value, facts.Phi):
        places = (frame.scope.bindings[binding] for binding in value.bindings)
        return next((place.index for place in places if isinstance(place, facts.Parameter)), None)
    return slot_of(frame, root)
