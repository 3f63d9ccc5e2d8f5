"""What one file says by itself: scopes, bindings, and the sites that run code.

Facts are independent of every other file and hold no syntax tree, so that they can be kept, sent to another process, and
linked on demand. Expressions are small trees; a variable is a reference to its *binding*, in static single assignment form:
each assignment makes a new binding, and where paths meet a `Phi` names the bindings that can reach the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import TypeAlias

import msgspec

from nosyncio.analysis.nodes import (
    UNKNOWN as UNKNOWN,
)
from nosyncio.analysis.nodes import (
    AliasStatement as AliasStatement,
)
from nosyncio.analysis.nodes import (
    Attribute as Attribute,
)
from nosyncio.analysis.nodes import (
    Awaited as Awaited,
)
from nosyncio.analysis.nodes import (
    Caught as Caught,
)
from nosyncio.analysis.nodes import (
    ClassRef as ClassRef,
)
from nosyncio.analysis.nodes import (
    Constant as Constant,
)
from nosyncio.analysis.nodes import (
    Contains as Contains,
)
from nosyncio.analysis.nodes import (
    Declared as Declared,
)
from nosyncio.analysis.nodes import (
    DictDisplay as DictDisplay,
)
from nosyncio.analysis.nodes import (
    Display as Display,
)
from nosyncio.analysis.nodes import (
    Either as Either,
)
from nosyncio.analysis.nodes import (
    Element as Element,
)
from nosyncio.analysis.nodes import (
    Entered as Entered,
)
from nosyncio.analysis.nodes import (
    Equal as Equal,
)
from nosyncio.analysis.nodes import (
    Expr as Expr,
)
from nosyncio.analysis.nodes import (
    Failed as Failed,
)
from nosyncio.analysis.nodes import (
    FunctionRef as FunctionRef,
)
from nosyncio.analysis.nodes import (
    GeneratorRef as GeneratorRef,
)
from nosyncio.analysis.nodes import (
    Guard as Guard,
)
from nosyncio.analysis.nodes import (
    Imported as Imported,
)
from nosyncio.analysis.nodes import (
    InstanceOf as InstanceOf,
)
from nosyncio.analysis.nodes import (
    Junction as Junction,
)
from nosyncio.analysis.nodes import (
    Local as Local,
)
from nosyncio.analysis.nodes import (
    Name as Name,
)
from nosyncio.analysis.nodes import (
    Narrowed as Narrowed,
)
from nosyncio.analysis.nodes import (
    Operation as Operation,
)
from nosyncio.analysis.nodes import (
    Opposite as Opposite,
)
from nosyncio.analysis.nodes import (
    Parameter as Parameter,
)
from nosyncio.analysis.nodes import (
    Phi as Phi,
)
from nosyncio.analysis.nodes import (
    Result as Result,
)
from nosyncio.analysis.nodes import (
    Same as Same,
)
from nosyncio.analysis.nodes import (
    Scalar as Scalar,
)
from nosyncio.analysis.nodes import (
    Starred as Starred,
)
from nosyncio.analysis.nodes import (
    StartsWith as StartsWith,
)
from nosyncio.analysis.nodes import (
    Subscript as Subscript,
)
from nosyncio.analysis.nodes import (
    Test as Test,
)
from nosyncio.analysis.nodes import (
    Truth as Truth,
)
from nosyncio.analysis.nodes import (
    Unknown as Unknown,
)
from nosyncio.analysis.nodes import (
    Unpacked as Unpacked,
)

Place: TypeAlias = tuple[int, int, int, int]
"""Line, column, end line, end column; counted from 1, columns in characters, end exclusive."""


# ---------------------------------------------------------------------------------------------------------------------- sites


class Flag:
    """What a site's surroundings say about it: bits. Plain numbers, because operators of `enum` are written in Python, and this
    is asked of each site many times."""

    NONE = 0
    AWAITED = 1
    ASYNC = 2
    """`async for`, `async with`"""
    DISCARDED = 4
    """the value is a statement of its own"""
    MAIN = 8
    """under `if __name__ == "__main__":`"""
    LOOP = 16
    """in the body of a loop, or in what each turn begins with"""
    WHILE = 32
    """the innermost loop is a `while`"""
    RETRY = 64
    """the innermost loop tries something, and is left once that works"""
    HANDLER = 128
    """in an exception handler, in the innermost loop if there is one"""


class _Site(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`generator` is the index of the generator expression that the site waits in, `guard` that of the innermost test which
    decides whether it runs, or -1."""

    place: Place
    flags: int
    generator: int
    guard: int


class Keyword(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A keyword argument; `name` is empty for `**mapping`."""

    name: str
    value: Expr


class Call(_Site, frozen=True, array_like=True, gc=False, tag=1):
    function: Expr
    arguments: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]

    @property
    def passed(self) -> list[Expr]:
        """The arguments, by place and by name."""
        return [*self.arguments, *(keyword.value for keyword in self.keywords)]


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
    """Syntax that calls a special method: `x[k]`, `k in x`, `del x[k]`. `key`: that of `x["key"] = ...`."""

    value: Expr
    method: str
    key: str = ""


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
    bases, decorators, parameters' annotations and defaults, returns: expressions of the scope around this one.
    type_parameters: those in square brackets, with their bounds. is_main: defined under `if __name__ == "__main__":`.
    outer_stores: names declared `global` or `nonlocal`, with their bindings here.
    bindings: every value that a name is given, in order, with the phis between them.
    names: for each name the bindings that assign it.
    final: for a module or class, the binding that each name has at the end.
    generators: the element of each generator expression.
    guards: the tests that sites and bindings stand under; `bound_under` is the innermost one of each binding, or -1.
    returned, yielded: expressions of this scope.
    """

    kind: ScopeKind
    name: str
    parent: int
    place: Place
    decorators: tuple[Expr, ...] = ()
    bases: tuple[Expr, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    parameters: tuple[ParameterFacts, ...] = ()
    type_parameters: dict[str, Expr | None] = {}
    returns: Expr | None = None
    is_async: bool = False
    is_main: bool = False
    is_generator: bool = False
    outer_stores: list[tuple[str, int, bool]] = []
    bindings: list[Expr] = []
    names: dict[str, list[int]] = {}
    final: dict[str, int] = {}
    sites: list[Site] = []
    generators: list[Expr] = []
    guards: list[Guard] = []
    bound_under: list[int] = []
    returned: list[Expr] = []
    yielded: list[Expr] = []

    def read(self) -> bool:
        """Have all of it there, also what stands in it; it is, but for `pieces.Later`. Whether anything was to be read."""
        return False

    def may_assign(self, attribute: str) -> bool:
        """Whether an assignment to an attribute of that name may stand in it: False where it is sure that none does."""
        return True

    def binds(self, name: str) -> bool:
        """Whether it gives a value to a name. A class is not read to say no."""
        return name in self.names

    def bindings_of(self, name: str) -> Sequence[int]:
        """The bindings that assign a name; likewise."""
        return self.names[name] if self.binds(name) else ()

    def guards_from(self, guard: int) -> Iterator[Guard]:
        """A guard and those around it, from the inside out; none for -1."""
        return (self.guards[number] for number in self.guard_numbers(guard))

    def guard_numbers(self, guard: int) -> Iterator[int]:
        """The same, by their places in `guards`."""
        while guard >= 0:
            yield guard
            guard = self.guards[guard].outer

    def parameter(self, expr: Expr) -> Parameter | None:
        """The parameter that an expression is, under whatever name; None for any other."""
        root = self.root(expr)
        value = self.bindings[root.binding] if isinstance(root, Local) else None
        return value if isinstance(value, Parameter) else None

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
            elif isinstance(value, Either) and len(value.values) == 1:
                return self.root(value.values[0])
        return expr


def unnarrowed(bindings: Sequence[Expr], binding: int) -> int:
    """The binding that `binding` is a narrowing of, at any remove; itself if it is none."""
    value = bindings[binding]
    while isinstance(value, Narrowed) and isinstance(value.value, Local):
        binding = value.value.binding
        value = bindings[binding]
    return binding


class Comment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comment that is addressed to a linter, with the lines that it is about. `in_string`: no comment, but taken as one.
    `has_reason`: words stand behind what it asks for."""

    line: int
    column: int
    first_line: int
    last_line: int
    text: str
    in_string: bool = False
    has_reason: bool = False


MORE = "..."


class ModuleFacts(msgspec.Struct, array_like=True):
    """All that one file says. `scopes[0]` is the module; `imports` are the modules that it names, whole; `head` is the line of
    its first statement that is not its docstring. `star_imports`: module, level, and how many bindings the module had before.
    `exports`: what its `__all__` lists, if it has one; `x.__all__` is what that lists, `MORE` what cannot be read."""

    scopes: list[Scope]
    star_imports: list[tuple[str, int, int]]
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

    def has(self, scope: int, *kinds: ScopeKind) -> bool:
        """Whether there is a scope of that number, and of one of these kinds."""
        if scope >= len(self.scopes):
            return False
        while self.scopes[scope].parent < 0 < scope:  # its number is kept for it: what it stands in is not read yet
            around = next(number for number in range(scope - 1, -1, -1) if number == 0 or self.scopes[number].parent >= 0)
            if not self.scopes[around].read():
                break
        return self.scopes[scope].kind in kinds

    def around(self, scope: int) -> Iterator[int]:
        """The scope and those around it, from the inside out, the module last."""
        while scope >= 0:
            yield scope
            scope = self.scopes[scope].parent

    def binder(self, scope: int, name: str) -> int | None:
        """The scope that gives a name to one: itself, or the nearest around it that binds the name and is no class."""
        for outer in self.around(scope):
            if name in self.scopes[outer].names and (outer == scope or self.scopes[outer].kind is not ScopeKind.CLASS):
                return outer
        return None
