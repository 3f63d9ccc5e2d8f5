"""Expressions and tests as facts hold them: small trees without syntax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

Scalar: TypeAlias = bool | int | float | str | None


class _Node(msgspec.Struct, frozen=True, array_like=True, gc=False):
    pass


class Name(_Node, frozen=True, array_like=True, gc=False, tag=1):
    """A name that this scope does not bind before here: found in the scopes around it when linked."""

    id: str


class Local(_Node, frozen=True, array_like=True, gc=False, tag=2):
    """The value of a binding of the same scope, by index."""

    binding: int


class Attribute(_Node, frozen=True, array_like=True, gc=False, tag=3):
    value: Expr
    name: str


class Result(_Node, frozen=True, array_like=True, gc=False, tag=4):
    """What a call site of the same scope returns, by index."""

    site: int


class Awaited(_Node, frozen=True, array_like=True, gc=False, tag=5):
    value: Expr


class Constant(_Node, frozen=True, array_like=True, gc=False, tag=6):
    """A literal: the name of its built-in type and, where it is short, its value."""

    type_name: str
    value: Scalar


class Display(_Node, frozen=True, array_like=True, gc=False, tag=7):
    """A list, tuple or set display, or a comprehension of one (`items` is then the element)."""

    type_name: str
    items: tuple[Expr, ...]


class DictDisplay(_Node, frozen=True, array_like=True, gc=False, tag=8):
    keys: tuple[Expr, ...]
    values: tuple[Expr, ...]


class Subscript(_Node, frozen=True, array_like=True, gc=False, tag=9):
    value: Expr
    index: Expr


class Operation(_Node, frozen=True, array_like=True, gc=False, tag=10):
    """A binary operator, named by its method without underscores: `truediv`, `or`."""

    operator: str
    left: Expr
    right: Expr


class Either(_Node, frozen=True, array_like=True, gc=False, tag=11):
    """One of several values: `a or b`, `a if c else b`. One of one is an attribute before the tests that narrow it."""

    values: tuple[Expr, ...]


class Element(_Node, frozen=True, array_like=True, gc=False, tag=12):
    """What iterating gives."""

    iterable: Expr
    asynchronous: bool


class Entered(_Node, frozen=True, array_like=True, gc=False, tag=13):
    """What `with` binds."""

    manager: Expr
    asynchronous: bool


class Unpacked(_Node, frozen=True, array_like=True, gc=False, tag=14):
    """One place of a sequence that is unpacked; a negative index counts from the end."""

    value: Expr
    index: int


class Parameter(_Node, frozen=True, array_like=True, gc=False, tag=15):
    index: int


class Imported(_Node, frozen=True, array_like=True, gc=False, tag=16):
    """A module (`name` is empty) or a name out of it. `level` counts the dots of a relative import."""

    module: str
    level: int
    name: str


class FunctionRef(_Node, frozen=True, array_like=True, gc=False, tag=17):
    scope: int


class ClassRef(_Node, frozen=True, array_like=True, gc=False, tag=18):
    scope: int


class GeneratorRef(_Node, frozen=True, array_like=True, gc=False, tag=19):
    """A generator expression of the same scope, by index."""

    generator: int


class Narrowed(_Node, frozen=True, array_like=True, gc=False, tag=20):
    """A value after `isinstance(value, test)` was seen to hold, or not to."""

    value: Expr
    test: Expr
    holds: bool


class Declared(_Node, frozen=True, array_like=True, gc=False, tag=21):
    """A value for a variable with an annotation. `later`: it is given after the annotated assignment, so that its own type
    comes first."""

    annotation: Expr
    value: Expr | None
    later: bool = False


class Caught(_Node, frozen=True, array_like=True, gc=False, tag=22):
    caught: Expr


class Phi(_Node, frozen=True, array_like=True, gc=False, tag=23):
    """One of several bindings, by index."""

    bindings: tuple[int, ...]


class Starred(_Node, frozen=True, array_like=True, gc=False, tag=24):
    value: Expr


class AliasStatement(_Node, frozen=True, array_like=True, gc=False, tag=26):
    """A `type X = ...` statement."""

    annotation: Expr


class Unknown(_Node, frozen=True, array_like=True, gc=False, tag=27):
    pass


Expr: TypeAlias = (
    Name | Local | Attribute | Result | Awaited | Constant | Display | DictDisplay | Subscript | Operation | Either | Element
    | Entered | Unpacked | Parameter | Imported | FunctionRef | ClassRef | GeneratorRef | Narrowed | Declared | Caught | Phi
    | Starred | AliasStatement | Unknown
)  # fmt: skip

UNKNOWN = Unknown()


# ---------------------------------------------------------------------------------------------------------------------- tests


class Truth(_Node, frozen=True, array_like=True, gc=False, tag=1):
    """Whether a value is true."""

    value: Expr


class Same(_Node, frozen=True, array_like=True, gc=False, tag=2):
    """`value is other`."""

    value: Expr
    other: Expr


class Equal(_Node, frozen=True, array_like=True, gc=False, tag=3):
    """Whether a value equals one of others: `==`, `in (...)`."""

    value: Expr
    others: tuple[Expr, ...]


class StartsWith(_Node, frozen=True, array_like=True, gc=False, tag=4):
    """`value.startswith(prefix)`."""

    value: Expr
    prefix: Expr


class InstanceOf(_Node, frozen=True, array_like=True, gc=False, tag=5):
    """`isinstance(value, classes)`."""

    value: Expr
    classes: Expr


class Junction(_Node, frozen=True, array_like=True, gc=False, tag=6):
    """`and` (`every`) or `or` of tests; None stands for a test that is not understood."""

    every: bool
    tests: tuple[Test | None, ...]


class Opposite(_Node, frozen=True, array_like=True, gc=False, tag=7):
    test: Test


class Failed(_Node, frozen=True, array_like=True, gc=False, tag=8):
    """Whether a call site of the same scope raised: true in the handlers of a `try` that makes that call alone."""

    site: int


class Contains(_Node, frozen=True, array_like=True, gc=False, tag=9):
    """`key in value`, for a literal text."""

    value: Expr
    key: str


ValueTest: TypeAlias = Truth | Same | Equal | StartsWith | InstanceOf | Contains
Test: TypeAlias = ValueTest | Junction | Opposite | Failed


def value_tests(test: Test | None) -> Iterator[ValueTest]:
    """The tests in a test that ask about a value, however they are put together."""
    if isinstance(test, Opposite):
        yield from value_tests(test.test)
    elif isinstance(test, Junction):
        for part in test.tests:
            yield from value_tests(part)
    elif test is not None and not isinstance(test, Failed):
        yield test


class Guard(_Node, frozen=True, array_like=True, gc=False):
    """A test that must come out as `holds` for a site to run, inside `outer`: the index of another guard, or -1.
    `otherwise_fails`: if it does not, the function raises an error."""

    test: Test
    holds: bool
    outer: int
    otherwise_fails: bool = False
