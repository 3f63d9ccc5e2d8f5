"""What one file says by itself: scopes, bindings, and the sites that run code.

Facts are independent of every other file and hold no syntax tree, so that they can be kept, sent to another process, and
linked on demand. Expressions are small trees; a variable is a reference to its *binding*, in static single assignment form:
each assignment makes a new binding, and where paths meet a `Phi` names the bindings that can reach the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum, IntFlag
from typing import TypeAlias

import msgspec

Place: TypeAlias = tuple[int, int, int, int]
"""Line, column, end line, end column; counted from 1, columns in characters, end exclusive."""

Scalar: TypeAlias = bool | int | float | str | None


class _Node(msgspec.Struct, frozen=True, array_like=True, gc=False):
    pass


# ---------------------------------------------------------------------------------------------------------------- expressions


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
    """One of several values: `a or b`, `a if c else b`."""

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


# ---------------------------------------------------------------------------------------------------------------------- sites


class Flag(IntFlag):
    """What a site's surroundings say about it."""

    NONE = 0
    AWAITED = 1
    ASYNC = 2
    """`async for`, `async with`"""
    DISCARDED = 4
    """the value is a statement of its own"""
    MAIN = 8
    """under `if __name__ == "__main__":`"""


class _Site(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`generator` is the index of the generator expression that the site waits in, or -1."""

    place: Place
    flags: int
    generator: int


class Keyword(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A keyword argument; `name` is empty for `**mapping`."""

    name: str
    value: Expr


class Call(_Site, frozen=True, array_like=True, gc=False, tag=1):
    function: Expr
    arguments: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]


class Read(_Site, frozen=True, array_like=True, gc=False, tag=2):
    """An attribute that is read, and not only to be called."""

    value: Expr
    name: str


class Write(_Site, frozen=True, array_like=True, gc=False, tag=3):
    """An attribute that is assigned; `assigned` is None where that says nothing of its type (`self.count += 1`)."""

    value: Expr
    name: str
    assigned: Expr | None


class Iterate(_Site, frozen=True, array_like=True, gc=False, tag=4):
    iterable: Expr


class Enter(_Site, frozen=True, array_like=True, gc=False, tag=5):
    """A `with`; `last_line` is where its block ends."""

    manager: Expr
    last_line: int


class Operate(_Site, frozen=True, array_like=True, gc=False, tag=6):
    """Syntax that calls a special method: `x[k]`, `k in x`, `del x[k]`."""

    value: Expr
    method: str


Site: TypeAlias = Call | Read | Write | Iterate | Enter | Operate


# --------------------------------------------------------------------------------------------------------------------- scopes


class ScopeKind(IntEnum):
    MODULE = 0
    CLASS = 1
    FUNCTION = 2
    LAMBDA = 3


class ParameterKind(IntEnum):
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4


class ParameterFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`annotation` and `default` are expressions of the scope around the function."""

    name: str
    kind: ParameterKind
    annotation: Expr | None
    default: Expr | None


class Scope(msgspec.Struct, array_like=True):
    """A module, class, function or lambda.

    parent: index of the scope around it; -1 for the module.
    bindings: every value that a name is given, in order, with the phis between them.
    names: for each name the bindings that assign it.
    final: for a module or class, the binding that each name has at the end.
    outer_stores: names declared `global` or `nonlocal`, with their bindings here.
    generators: the element of each generator expression.
    bases, decorators, parameters' annotations and defaults, returns: expressions of the scope around this one.
    returned, yielded: expressions of this scope.
    is_main: defined under `if __name__ == "__main__":`.
    """

    kind: ScopeKind
    name: str
    parent: int
    place: Place
    bindings: list[Expr] = []
    names: dict[str, list[int]] = {}
    final: dict[str, int] = {}
    sites: list[Site] = []
    outer_stores: list[tuple[str, int, bool]] = []
    generators: list[Expr] = []
    decorators: tuple[Expr, ...] = ()
    bases: tuple[Expr, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    parameters: tuple[ParameterFacts, ...] = ()
    type_parameters: tuple[str, ...] = ()
    returns: Expr | None = None
    returned: list[Expr] = []
    yielded: list[Expr] = []
    is_async: bool = False
    is_generator: bool = False
    is_main: bool = False

    def root(self, expr: Expr) -> Expr:
        """`expr` with its variables traced back through bindings that change nothing: narrowings, phis of a single value. Two
        expressions with one root have one value."""
        if isinstance(expr, Attribute):
            return Attribute(self.root(expr.value), expr.name)
        seen: set[int] = set()
        while isinstance(expr, Local) and expr.binding not in seen:
            seen.add(expr.binding)
            value = self.bindings[expr.binding]
            if isinstance(value, Phi):
                others = {unnarrowed(self.bindings, binding) for binding in value.bindings} - seen
                if len(others) != 1:
                    break
                expr = Local(others.pop())
            elif isinstance(value, Narrowed) and isinstance(value.value, Local):
                expr = value.value
        return expr


def unnarrowed(bindings: Sequence[Expr], binding: int) -> int:
    """The binding that `binding` is a narrowing of, at any remove; itself if it is none."""
    value = bindings[binding]
    while isinstance(value, Narrowed) and isinstance(value.value, Local):
        binding = value.value.binding
        value = bindings[binding]
    return binding


class Comment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comment that is addressed to a linter, with the lines that it is about. `in_string`: no comment, but taken as one."""

    line: int
    column: int
    first_line: int
    last_line: int
    text: str
    in_string: bool = False


class ModuleFacts(msgspec.Struct, array_like=True):
    """All that one file says. `scopes[0]` is the module; `imports` are the modules that it names, whole; `head` is the line of
    its first statement that is not its docstring; `exports` what its `__all__` lists, where that can be read."""

    scopes: list[Scope]
    star_imports: list[tuple[str, int]]
    imports: list[str]
    comments: list[Comment]
    lines: int
    head: int = 0
    exports: list[str] | None = None

    def qualified_name(self, scope: int) -> str:
        """The `__qualname__` of a function or class scope; empty for the module."""
        parts: list[str] = []
        inner = self.scopes[scope]
        while inner.parent >= 0:
            outer = self.scopes[inner.parent]
            parts.append(inner.name)
            if outer.kind in (ScopeKind.FUNCTION, ScopeKind.LAMBDA):
                parts.append("<locals>")
            inner = outer
        return ".".join(reversed(parts))

    def around(self, scope: int) -> Iterator[int]:
        """The scope and those around it, from the inside out, the module last."""
        while scope >= 0:
            yield scope
            scope = self.scopes[scope].parent
