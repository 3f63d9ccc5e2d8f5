"""The conditions of a catalogue entry, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from docsite.markdown import code
from nosyncio.catalogue.schema import Argument, Blocking, Condition


def conditions(entry: Blocking) -> list[str]:
    """When the calls of an entry block, and when not: sentences without a full stop."""
    return list(_conditions(entry))


def _conditions(entry: Blocking) -> Iterator[str]:
    if entry.lazy:
        yield "when its result is iterated"
    if entry.when:
        yield f"only with {_all(entry.when)}"
    if entry.when_made:
        yield f"only if made with {_all(entry.when_made)}"
    if entry.unless:
        yield f"not with {_any(entry.unless)}"
    if entry.unless_made:
        yield f"not if made with {_any(entry.unless_made)}"
    for called in entry.unless_called:
        given = "" if called.argument is None and called.position is None else f" with {_condition(called)}"
        yield f"not where the function calls {code(called.method)} of the same object{given}"
    if entry.unless_guarded:
        yield f"not where the code asks first: {', '.join(map(code, entry.unless_guarded))}"
    if entry.unless_patched:
        yield f"not in a program that calls {', '.join(map(code, entry.unless_patched))}"
    if entry.handle is not None:
        yield f"only if {code(f'{entry.handle.method}()')} of {argument(entry.handle)} does"
    if entry.handle_made is not None:
        yield f"only if {code(f'{entry.handle_made.method}()')} of {argument(entry.handle_made)} does, when it was made"
    if entry.in_memory is not None:
        yield f"not if {argument(entry.in_memory)} is in memory"
    if entry.held:
        yield "with `with`, only if the block awaits or blocks"
    if entry.direct:
        yield "only where loop code makes the call itself"
    if entry.continues:
        yield "part of the operation that it goes on with"
    if entry.except_:
        yield f"but not {', '.join(map(code, entry.except_))}"


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
