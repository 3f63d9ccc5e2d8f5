"""Whether an argument fits a parameter, and what that says about type variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nosyncio.analysis.arguments import Arguments, Operand
from nosyncio.analysis.types import (
    NEVER,
    CallableType,
    ClassType,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    Partial,
    Special,
    Tuple,
    Type,
    TypeVariable,
    Union,
    Unknown,
    type_variables,
    union,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_DEEPEST = 8

_PROMOTED = {"builtins.int": ("builtins.float", "builtins.complex"), "builtins.float": ("builtins.complex",)}


def accepts(linker: Linker, formal: Type, operand: Operand) -> bool | None:
    """Whether a parameter declared as `formal` takes the argument; None where that is not known."""
    if isinstance(formal, Union):
        verdicts = [accepts(linker, item, operand) for item in formal.items]
        if any(verdict is True for verdict in verdicts):
            return True
        return None if any(verdict is None for verdict in verdicts) else False
    if isinstance(formal, Literal):
        literal = operand.literal()
        if literal is not None and literal.value is not None:
            return literal.value in formal.values
        return None if _could_be_literal(operand.type) else False
    return _fits(linker, formal, operand.type)


def _could_be_literal(actual: Type) -> bool:
    if isinstance(actual, Instance):
        return actual.symbol.qualified_name in ("builtins.str", "builtins.int", "builtins.bool", "builtins.bytes")
    return isinstance(actual, (Unknown, Union, Literal))


def _fits(linker: Linker, formal: Type, actual: Type) -> bool | None:
    if isinstance(actual, Union):
        verdicts = [_fits(linker, formal, item) for item in actual.items]
        return True if all(verdict is True for verdict in verdicts) else None if any(verdicts) or None in verdicts else False
    if isinstance(actual, Unknown) or isinstance(formal, (Unknown, TypeVariable)) or actual == NEVER:
        return None if isinstance(actual, Unknown) else True
    if isinstance(formal, NoneType) or isinstance(actual, NoneType):
        return isinstance(formal, NoneType) and isinstance(actual, NoneType)
    if isinstance(formal, Instance):
        if isinstance(actual, Tuple):
            actual = linker.classes.standard("builtins.tuple", union(actual.items))
        if isinstance(actual, Instance):
            return _instance_fits(linker, formal, actual)
        return None
    if isinstance(formal, CallableType):
        if isinstance(actual, FunctionType) and actual.symbol.frame.scope.returns is not None:
            return _fits(linker, formal.returns, linker.calls.result(actual, Arguments.unknown(), None)) is not False or False
        return not isinstance(actual, (Instance, Tuple)) or None
    return None


def _instance_fits(linker: Linker, formal: Instance, actual: Instance) -> bool | None:
    name = formal.symbol.qualified_name
    order = [cls for cls, _ in linker.classes.order(actual.symbol)]
    if formal.symbol in order or name == "builtins.object" or name in _PROMOTED.get(actual.symbol.qualified_name, ()):
        return True
    if formal.symbol.frame is None or any(cls.frame is None for cls in order):
        return None
    if not linker.classes.is_protocol(formal.symbol):
        return False
    assert formal.symbol.frame is not None
    methods = (name for name in formal.symbol.frame.scope.names if name != "__slots__")
    return None if all(linker.members.find(actual.symbol, name) for name in methods) else False


def solve(linker: Linker, formal: Type, operand: Operand, variables: dict[str, Type]) -> None:
    """Learn from one argument what the type variables in `formal` stand for."""
    if type_variables(formal):
        _unify(linker, formal, operand.type, variables)


def _unify(linker: Linker, formal: Type, actual: Type, variables: dict[str, Type], depth: int = 0) -> None:
    if depth > _DEEPEST:  # protocols whose methods give the protocol again
        return
    if isinstance(formal, TypeVariable):
        if not (isinstance(actual, TypeVariable) and actual.name == formal.name) and actual != NEVER:
            known = variables.get(formal.name)
            if known is not None and isinstance(actual, Unknown):
                return
            variables[formal.name] = actual if known is None or isinstance(known, Unknown) else union([known, actual])
    elif isinstance(formal, Union):
        _unify_union(linker, formal, actual, variables, depth + 1)
    elif isinstance(actual, Union):
        for item in actual.items:
            _unify(linker, formal, item, variables, depth + 1)
    elif isinstance(formal, Instance):
        _unify_instance(linker, formal, actual, variables, depth + 1)
    elif isinstance(formal, Tuple) and isinstance(actual, Tuple):
        for wanted, given in zip(formal.items, actual.items):
            _unify(linker, wanted, given, variables, depth + 1)
    elif isinstance(formal, CallableType):
        if isinstance(actual, (FunctionType, ClassType, CallableType, Partial)):
            result = linker.calls.result(actual, Arguments.unknown(), None)
            _unify(linker, formal.returns, result, variables, depth + 1)
    elif isinstance(formal, Special) and formal.name == "Type" and isinstance(actual, ClassType):
        _unify(linker, formal.arguments[0], Instance(actual.symbol, actual.arguments), variables, depth + 1)


def _unify_union(linker: Linker, formal: Union, actual: Type, variables: dict[str, Type], depth: int = 0) -> None:
    """Each alternative of the argument goes to the members that take it; a bare variable takes what nothing else does."""
    bare = [item for item in formal.items if isinstance(item, TypeVariable)]
    others = [item for item in formal.items if not isinstance(item, TypeVariable)]
    for given in actual.items if isinstance(actual, Union) else (actual,):
        taken = False
        for other in others:
            if _fits(linker, other, given) is True or (isinstance(other, CallableType) and not isinstance(given, Instance)):
                _unify(linker, other, given, variables, depth + 1)
                taken = True
        if not taken:
            for variable in bare or others:
                _unify(linker, variable, given, variables, depth + 1)


def _unify_instance(linker: Linker, formal: Instance, actual: Type, variables: dict[str, Type], depth: int = 0) -> None:
    name = formal.symbol.qualified_name
    if isinstance(actual, Tuple):
        actual = linker.classes.standard("builtins.tuple", union(actual.items))
    if not isinstance(actual, Instance):
        return
    arguments = linker.classes.as_base(actual, name)
    if arguments is not None:
        for wanted, given in zip(formal.arguments, arguments):
            _unify(linker, wanted, given, variables, depth + 1)
    elif name in ("typing.Iterable", "typing.Iterator") and formal.arguments:
        _unify(linker, formal.arguments[0], linker.members.element(actual, False), variables, depth + 1)
    elif linker.classes.is_protocol(formal.symbol):
        _unify_protocol(linker, formal, actual, variables, depth + 1)


def _unify_protocol(linker: Linker, formal: Instance, actual: Instance, variables: dict[str, Type], depth: int = 0) -> None:
    """Match a protocol's methods by what they return: `SupportsNext[T]` from the argument's `__next__`."""
    frame = formal.symbol.frame
    assert frame is not None
    renamed = dict(zip(linker.classes.parameters(formal.symbol), formal.arguments))
    for method in frame.scope.names:
        wanted = linker.members.find(formal.symbol, method)
        if wanted is None or not isinstance(wanted.raw, FunctionType) or wanted.raw.symbol.frame.scope.returns is None:
            continue
        declared = linker.annotations.of_signature(wanted.raw.symbol.frame, wanted.raw.symbol.frame.scope.returns)
        learned: dict[str, Type] = {}
        result = linker.calls.result(linker.members.member(actual, method), Arguments.unknown(), None)
        if wanted.raw.symbol.frame.scope.is_async:  # its annotation says what awaiting the call gives
            result = linker.members.awaited(result)
        _unify(linker, declared, result, learned, depth + 1)
        for variable, value in learned.items():
            target = renamed.get(variable)
            if target is not None:
                _unify(linker, target, value, variables, depth + 1)
