"""What a value can be: the types that evaluation gives, and the symbols that they stand on."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from nosyncio.analysis.facts import ModuleFacts, Place, Scalar, Scope, ScopeKind
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.sets import NOTHING, Numbers


class Origin(enum.Enum):
    """Where a module's facts come from: the code under check, the source of an installed package, or stubs. A folder without
    `__init__.py` has none of its own."""

    PROJECT = "project"
    INSTALLED = "installed"
    NAMESPACE = "namespace package"
    STUB = "stub"


@dataclass(eq=False, slots=True, repr=False)
class Module:
    """A module with its facts. `path` is None for stubs; for a namespace package it is where its `__init__.py` would be, for
    installed source relative to the folder that it is installed in. `package` is what that is of, with its version.

    load: gives the facts, when somebody wants them. Who does is noted in `reads`, where there is anything to note: `numbers`
    is the module's own.
    """

    name: str
    load: Callable[[], ModuleFacts]
    origin: Origin
    path: str | None = None
    is_package: bool = False
    reads: Reads = field(default_factory=Reads)
    numbers: Numbers = NOTHING
    package: str | None = None
    classes: dict[int, ClassSymbol] = field(default_factory=dict)
    functions: dict[int, FunctionSymbol] = field(default_factory=dict)
    _children: dict[int, list[int]] = field(default_factory=dict)
    _facts: ModuleFacts = field(init=False)

    def __getattr__(self, name: str) -> ModuleFacts:
        """What is not there before it is asked for: nothing but the facts."""
        if name != "_facts":
            raise AttributeError(name)
        self._facts = self.load()
        return self._facts

    @property
    def facts(self) -> ModuleFacts:
        self.reads.seen |= self.numbers
        return self._facts

    def children(self, scope: int) -> list[int]:
        """The scopes that stand directly in one, in source order."""
        scopes = self.facts.scopes
        if self.is_installed and scope not in self._children:  # of others, nothing is known before somebody asks for them
            scopes[scope].read()
            self._children[scope] = [index for index in range(scope, len(scopes)) if scopes[index].parent == scope]
        if not self._children:
            for index, child in enumerate(scopes):
                self._children.setdefault(child.parent, []).append(index)
        return self._children.get(scope, [])

    def __repr__(self) -> str:
        return f"<module {self.name}>"

    @property
    def is_project(self) -> bool:
        """Whether it is code under check."""
        return self.origin is Origin.PROJECT

    @property
    def is_installed(self) -> bool:
        """Whether it is the source of an installed package."""
        return self.origin is Origin.INSTALLED

    @property
    def has_bodies(self) -> bool:
        """Whether its functions have bodies that can be followed."""
        return self.origin in (Origin.PROJECT, Origin.INSTALLED)


class Frame(NamedTuple):
    """A scope of a module, by its number: where an expression is evaluated."""

    module: Module
    number: int

    @property
    def scope(self) -> Scope:
        module = self.module
        module.reads.seen |= module.numbers
        return module._facts.scopes[self.number]

    @property
    def function(self) -> Frame | None:
        """The function or lambda that the scope stands in or is."""
        scopes = self.module.facts.scopes
        for number in self.module.facts.around(self.number):
            if scopes[number].kind in (ScopeKind.FUNCTION, ScopeKind.LAMBDA):
                return Frame(self.module, number)
        return None

    @property
    def outer(self) -> Frame:
        return Frame(self.module, self.scope.parent)


class Step(NamedTuple):
    """A site of a function that leads on to another function, or, at the end of a chain, is the blocking call."""

    frame: Frame
    place: Place


@dataclass(eq=False, slots=True, repr=False)
class ClassSymbol:
    """A class: one that has facts, or (`frame` is None) one of which only the name is known."""

    qualified_name: str
    frame: Frame | None = None

    @property
    def is_project(self) -> bool:
        return self.frame is not None and self.frame.module.is_project

    @property
    def has_bodies(self) -> bool:
        return self.frame is not None and self.frame.module.has_bodies

    def __repr__(self) -> str:
        return f"<class {self.qualified_name}>"


@dataclass(eq=False, slots=True, repr=False)
class FunctionSymbol:
    """A function or lambda that has facts; `owner` is the class whose body defines it."""

    qualified_name: str
    frame: Frame
    owner: ClassSymbol | None = None

    @property
    def name(self) -> str:
        return self.frame.scope.name

    @property
    def is_project(self) -> bool:
        return self.frame.module.is_project

    @property
    def has_body(self) -> bool:
        return self.frame.module.has_bodies

    @property
    def is_constructor(self) -> bool:
        """Whether making an instance runs it."""
        return self.owner is not None and self.name in ("__init__", "__new__", "__post_init__")

    def __repr__(self) -> str:
        return f"<function {self.qualified_name}>"


class Reason(enum.Enum):
    """Why a type is not known. A closed list; the value is how a report says it."""

    PARAMETER = "a parameter without an annotation"
    ANY = "declared as Any"
    NO_ATTRIBUTE = "a class without such an attribute"
    NO_VALUE = "declared, but never given a value"
    EXPRESSION = "an expression that is not followed"
    TOO_FAR = "too many steps away"
    NAME = "a name that is not defined"
    MODULE_MEMBER = "a module without such a name"
    IMPORT = "a relative import that leads nowhere"
    UNKNOWN_CLASS = "of a class that is not known"
    NOT_A_TYPE = "an annotation that is no type"
    BARE_FORM = "an annotation that says nothing"
    TYPE_VARIABLE = "a type variable without a value"
    SELF = "Self without a receiver"
    SUPER = "super() outside a method"
    MAPPING = "an item of an unknown mapping"
    AWAITABLE = "the result of an unknown awaitable"
    CALL = "the result of an unknown call"
    OVERLOAD = "a call that fits no overload"
    STUB = "a stub without a return annotation"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not known. `soft`: nothing contradicts another candidate (an unannotated parameter, `Any`)."""

    reason: Reason
    soft: bool = False


@dataclass(frozen=True, slots=True)
class NoneType:
    pass


@dataclass(frozen=True, slots=True)
class Never:
    """No value: an empty union, or a value that is still being worked out."""


@dataclass(frozen=True, slots=True)
class ModuleType:
    """A module object. One without facts is known by name alone."""

    name: str
    module: Module | None = None


@dataclass(frozen=True, slots=True)
class ClassType:
    """A class object; as an annotation it denotes its instances."""

    symbol: ClassSymbol
    arguments: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    symbol: ClassSymbol
    arguments: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuple:
    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """One of the values that a `Literal[...]` annotation allows."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function, bound to `receiver` where it was read from one. `returns` replaces its own result (decorators)."""

    symbol: FunctionSymbol
    receiver: Type | None = None
    returns: Type | None = None


@dataclass(frozen=True, slots=True)
class CallableType:
    """Something callable of which only the result is known."""

    returns: Type


@dataclass(frozen=True, slots=True)
class Named:
    """Something in a library that has no facts, by qualified name. `receiver` is what it was read from, if an instance."""

    qualified_name: str
    receiver: Type | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    function: Type


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in `symbol`, for `receiver`."""

    symbol: ClassSymbol
    receiver: Type


@dataclass(frozen=True, slots=True)
class TypeVariable:
    """A type variable; `bound` is what every value of it is, where that is declared."""

    name: str
    bound: Type | None = None


@dataclass(frozen=True, slots=True)
class Special:
    """A special form of `typing`, with its arguments once subscripted."""

    name: str
    arguments: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """An object that denotes a type but is no class: `int | None`, a `NewType`."""

    denoted: Type


@dataclass(frozen=True, slots=True)
class Union:
    items: tuple[Type, ...]


Type: TypeAlias = (
    Unknown | NoneType | Never | ModuleType | ClassType | Instance | Tuple | Literal | FunctionType | CallableType | Named
    | Partial | Super | TypeVariable | Special | Form | Union
)  # fmt: skip

NONE = NoneType()
NEVER = Never()
ANY = Unknown(Reason.ANY, soft=True)


def union(items: Iterable[Type]) -> Type:
    """One of `items`: flat, without repetition, in order."""
    flat: dict[Type, None] = {}
    for item in items:
        if isinstance(item, Union):
            flat.update(dict.fromkeys(item.items))
        elif not isinstance(item, Never):
            flat[item] = None
    if len(flat) == 1:
        return next(iter(flat))
    return Union(tuple(flat)) if flat else NEVER


def alternatives(type_: Type) -> tuple[Type, ...]:
    """The members of a union, or the type alone."""
    if isinstance(type_, Union):
        return type_.items
    return () if isinstance(type_, Never) else (type_,)


def candidates(type_: Type) -> tuple[Type, ...]:
    """What a receiver can be once it is used: no None, what a type variable is bound to in its place, and nothing soft where
    anything else is known."""
    if not isinstance(type_, (Union, TypeVariable)):
        return () if isinstance(type_, (NoneType, Never)) else (type_,)
    if any(isinstance(item, TypeVariable) and item.bound is not None for item in alternatives(type_)):
        type_ = union(item.bound or item if isinstance(item, TypeVariable) else item for item in alternatives(type_))
    items = tuple(item for item in alternatives(type_) if not isinstance(item, NoneType))
    known = tuple(item for item in items if not (isinstance(item, Unknown) and item.soft))
    return known or items


def class_of(type_: Type) -> Type:
    """What `type[...]` of a type denotes."""
    if isinstance(type_, Instance):
        return ClassType(type_.symbol, type_.arguments)
    if isinstance(type_, TypeVariable):
        return Special("Type", (type_,))
    if isinstance(type_, Union):
        return union(class_of(item) for item in type_.items)
    return Unknown(Reason.UNKNOWN_CLASS, soft=isinstance(type_, Unknown) and type_.soft)


def transform(type_: Type, replace: Callable[[Type], Type | None]) -> Type:
    """`type_` with every part for which `replace` gives a type replaced by it."""
    replaced = replace(type_)
    if replaced is not None:
        return replaced
    if isinstance(type_, Instance) and type_.arguments:
        return Instance(type_.symbol, tuple(transform(item, replace) for item in type_.arguments))
    if isinstance(type_, ClassType) and type_.arguments:
        return ClassType(type_.symbol, tuple(transform(item, replace) for item in type_.arguments))
    if isinstance(type_, Tuple):
        return Tuple(tuple(transform(item, replace) for item in type_.items))
    if isinstance(type_, Union):
        return union(transform(item, replace) for item in type_.items)
    if isinstance(type_, CallableType):
        return CallableType(transform(type_.returns, replace))
    if isinstance(type_, Form):
        return Form(transform(type_.denoted, replace))
    if isinstance(type_, Special) and type_.arguments:
        arguments = tuple(transform(item, replace) for item in type_.arguments)
        if type_.name == "Type":
            return arguments[0] if isinstance(arguments[0], Unknown) else class_of(arguments[0])
        return Special(type_.name, arguments)
    return type_


def substitute(type_: Type, variables: Mapping[str, Type], *, receiver: Type | None = None) -> Type:
    """`type_` with type variables replaced, those without a value by Unknown, and `Self` by `receiver`."""

    def replace(part: Type) -> Type | None:
        if isinstance(part, TypeVariable):
            value = variables.get(part.name, part.bound or Unknown(Reason.TYPE_VARIABLE, soft=True))
            is_itself = isinstance(value, TypeVariable) and value.name == part.name and value.bound is None
            return part if is_itself else value
        if isinstance(part, Special) and part.name == "Self":
            return receiver if receiver is not None else Unknown(Reason.SELF)
        return None

    return transform(type_, replace)


def type_variables(type_: Type) -> tuple[str, ...]:
    """The names of the type variables in `type_`, in the order in which they appear."""
    found: dict[str, None] = {}

    def note(part: Type) -> Type | None:
        if isinstance(part, TypeVariable):
            found[part.name] = None
        return None

    transform(type_, note)
    return tuple(found)
