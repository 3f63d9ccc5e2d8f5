"""What an entry of the catalogue says, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from nosyncio.catalogue.schema import Argument, AsksForLoop, Blocking, Calls, Condition, Consumes, Enters, Passes, Target


def conditions(entry: Blocking) -> list[str]:
    """When the calls of an entry block, and when not: sentences without a full stop."""
    return [sentence for _, sentence in _conditions(entry)]


def refusal(entry: Blocking, field: str) -> str:
    """Why an entry does not make a call block, by the field that keeps it from that."""
    said = [sentence for named, sentence in _conditions(entry) if named == field]
    return "; ".join(said) or f"not with what is {field.replace('_', ' ')}"


def _conditions(entry: Blocking) -> Iterator[tuple[str, str]]:
    """The fields of an entry that set conditions, with what they say."""
    if entry.lazy:
        yield "lazy", "when its result is iterated"
    if entry.when:
        yield "when", f"only with {_all(entry.when)}"
    if entry.when_made:
        yield "when_made", f"only if made with {_all(entry.when_made)}"
    if entry.unless:
        yield "unless", f"not with {_any(entry.unless)}"
    if entry.unless_made:
        yield "unless_made", f"not if made with {_any(entry.unless_made)}"
    for called in entry.unless_called:
        given = "" if called.argument is None and called.position is None else f" with {_condition(called)}"
        yield "unless_called", f"not where the function calls {code(called.method)} of the same object{given}"
    if entry.unless_guarded:
        yield "unless_guarded", f"not where the code asks first: {', '.join(map(code, entry.unless_guarded))}"
    if entry.unless_patched:
        yield "unless_patched", f"not in a program that calls {', '.join(map(code, entry.unless_patched))}"
    if entry.handle is not None:
        yield "handle", f"only if {code(f'{entry.handle.method}()')} of {argument(entry.handle)} does"
    if entry.handle_made is not None:
        called_method = code(f"{entry.handle_made.method}()")
        yield "handle_made", f"only if {called_method} of {argument(entry.handle_made)} does, when it was made"
    if entry.in_memory is not None:
        yield "in_memory", f"not if {argument(entry.in_memory)} is in memory"
    if entry.held:
        yield "held", "with `with`, only if the block awaits or blocks"
    if entry.direct:
        yield "direct", "only where loop code makes the call itself"
    if entry.continues:
        yield "continues", "part of the operation that it goes on with"
    if entry.except_:
        yield "except_", f"but not {', '.join(map(code, entry.except_))}"


def handling(target: Target) -> str | None:
    """What a call does with an argument, after which analysis goes on there; None for tables that do not say."""
    if isinstance(target, Calls):
        return f"calls {f'{code(target.method)} of ' if target.method else ''}{argument(target.callable)}"
    if isinstance(target, Enters):
        return f"enters {argument(target.manager)}"
    if isinstance(target, Consumes):
        return f"iterates {argument(target.iterable)}"
    if isinstance(target, Passes):
        return f"gives back what iterates {argument(target.iterable)}"
    return "asks whether a loop runs" if isinstance(target, AsksForLoop) else None


def code(text: str) -> str:
    """Inline code, as Markdown and people write it."""
    return f"`{text}`"


def argument(named: Argument) -> str:
    """An argument, by its keyword if it has one."""
    if named.argument is not None:
        return code(named.argument)
    return "what is decorated" if named.position is None else f"argument {named.position + 1}"


def _any(items: tuple[Condition, ...]) -> str:
    return ", or ".join(map(_condition, items))


def _all(items: tuple[Condition, ...]) -> str:
    return " and ".join(map(_condition, items))


def _condition(item: Condition) -> str:
    left_out = ", or without it" if item.default else ""
    return _values(item) + left_out


def _values(item: Condition) -> str:
    name = argument(item)
    if item.given is not None:
        return name if item.given else f"{name} left out"
    if item.starts_with:
        return f"{name} starting with {' or '.join(code(_literal(start)) for start in item.starts_with)}"
    if item.names:
        return f"{name} = {' or '.join(map(code, item.names))}"
    values = item.one_of if item.equals is msgspec.UNSET else (item.equals,)
    if item.argument is not None and len(values) == 1:
        return code(f"{item.argument}={_literal(values[0])}")
    return f"{name} = {' or '.join(code(_literal(value)) for value in values)}"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
