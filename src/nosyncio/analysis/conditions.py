"""Conditions of a catalogue entry on a call's literal arguments."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.facts import Expr
from nosyncio.analysis.types import Frame
from nosyncio.catalogue.schema import Blocking, Condition

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

Makers: TypeAlias = Callable[[], Sequence[Arguments]]


class Answer(enum.Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def refusal(entry: Blocking, arguments: Arguments, made: Makers, lineage: Makers) -> str | None:
    """The field of an entry whose conditions keep this call from blocking; None if none does. `made` gives the calls that made
    the receiver, `lineage` those and what made what they were called on.

    A condition that hangs on a value that is not known, and could switch blocking off, does so.
    """
    for condition in entry.unless:
        answer = holds(condition, arguments)
        if answer is Answer.YES or (answer is Answer.UNKNOWN and _is_switch(condition)):
            return "unless"
    if any(holds(condition, arguments) is not Answer.YES for condition in entry.when):
        return "when"
    if entry.unless_made and any(holds(condition, maker) is Answer.YES for condition in entry.unless_made for maker in lineage()):
        return "unless_made"
    if entry.when_made:
        makers = made()
        if not makers or any(holds(condition, maker) is not Answer.YES for condition in entry.when_made for maker in makers):
            return "when_made"
    return None


def is_guarded(linker: Linker, entry: Blocking, frame: Frame, receiver: Expr) -> bool:
    """Whether the function also makes one of the calls on this receiver that keep it from blocking."""
    for site in frame.scope.sites if entry.unless_called else ():
        if not isinstance(site, facts.Call) or not isinstance(site.function, facts.Attribute):
            continue
        if frame.scope.root(site.function.value) == frame.scope.root(receiver):
            for guard in entry.unless_called:
                if guard.method == site.function.name:
                    arguments = Arguments.of_call(linker, frame, site)
                    if not is_about_argument(guard) or holds(guard, arguments) is Answer.YES:
                        return True
    return False


def _is_switch(condition: Condition) -> bool:
    """Whether the argument is one that turns blocking on or off, so that not knowing it is not knowing whether it blocks."""
    return isinstance(condition.equals, bool) or any(isinstance(choice, bool) for choice in condition.one_of)


def holds(condition: Condition, arguments: Arguments) -> Answer:
    """Whether a condition is true of a call's arguments."""
    operand = arguments.at(condition.position, condition.argument)
    if operand is None:
        if not arguments.complete:
            return Answer.UNKNOWN
        if condition.given is not None:
            return Answer.NO if condition.given else Answer.YES
        return Answer.YES if condition.default else Answer.NO
    if condition.given is not None:
        return Answer.YES if condition.given else Answer.NO
    if condition.names:
        named = operand.constants()
        if named is not None:
            return Answer.YES if any(name in condition.names for name in named) else Answer.NO
    literal = operand.literal()
    if literal is None or (literal.value is None and literal.type_name != "NoneType"):
        return Answer.UNKNOWN
    value = literal.value
    matches = False
    if not isinstance(condition.equals, msgspec.UnsetType):
        matches = _same(value, condition.equals)
    if condition.one_of:
        matches = matches or any(_same(value, choice) for choice in condition.one_of)
    if condition.starts_with and isinstance(value, str):
        matches = matches or value.startswith(condition.starts_with)
    return Answer.YES if matches else Answer.NO


def _same(value: object, wanted: object) -> bool:
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def is_about_argument(condition: Condition) -> bool:
    """Whether a condition asks for an argument at all."""
    return condition.position is not None or condition.argument is not None
