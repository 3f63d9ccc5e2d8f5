"""What calls of a few functions give that no signature can say: it hangs on the value of an argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.types import NONE, FunctionType, Instance, Type, union

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


def known_result(linker: Linker, callee: FunctionType, arguments: Arguments) -> Type | None:
    """What the call gives; None where the function is none of these, or its arguments do not tell."""
    result = _RESULTS.get(callee.symbol.qualified_name)
    return None if result is None else result(linker, callee, arguments)


def _cast(linker: Linker, callee: FunctionType, arguments: Arguments) -> Type | None:
    return _denoted(linker, arguments, 0)


def _asserted(linker: Linker, callee: FunctionType, arguments: Arguments) -> Type | None:
    return _denoted(linker, arguments, 1)


def _denoted(linker: Linker, arguments: Arguments, position: int) -> Type | None:
    operand = arguments.at(position, "typ")
    if operand is None or operand.frame is None or operand.expr is None:
        return None
    return linker.annotations.denoted(operand.frame, operand.expr)


def _attribute(linker: Linker, callee: FunctionType, arguments: Arguments) -> Type | None:
    """`getattr(value, "name")`."""
    owner, name, default = (arguments.at(position, None) for position in range(3))
    literal = None if name is None else name.literal()
    if owner is None or literal is None or not isinstance(literal.value, str):
        return None
    found = linker.members.member(owner.type, literal.value)
    return found if default is None else union([found, default.type])


def _key_of_typed_dict(linker: Linker, callee: FunctionType, arguments: Arguments) -> Type | None:
    """`table.get("key")` of a typed dictionary."""
    key = arguments.at(0, None)
    if key is None or not isinstance(callee.receiver, Instance):
        return None
    if linker.classes.as_base(callee.receiver, "typing._TypedDict") is None:
        return None
    found = linker.members.item(callee.receiver, key.literal())
    default = arguments.at(1, None)
    return None if found is None else union([found, NONE if default is None else default.type])


_RESULTS: dict[str, Callable[[Linker, FunctionType, Arguments], Type | None]] = {
    "typing.cast": _cast,
    "typing_extensions.cast": _cast,
    "typing.assert_type": _asserted,
    "typing_extensions.assert_type": _asserted,
    "builtins.getattr": _attribute,
    "typing.Mapping.get": _key_of_typed_dict,
    "typing._TypedDict.pop": _key_of_typed_dict,
    "typing._TypedDict.setdefault": _key_of_typed_dict,
}
