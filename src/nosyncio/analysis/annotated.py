"""Which type an annotation denotes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.annotations import unquoted
from nosyncio.analysis.facts import Expr
from nosyncio.analysis.types import (
    ANY,
    NEVER,
    NONE,
    CallableType,
    ClassType,
    Form,
    Frame,
    Instance,
    Literal,
    Named,
    NoneType,
    Reason,
    Special,
    Tuple,
    Type,
    TypeVariable,
    Union,
    Unknown,
    class_of,
    substitute,
    type_variables,
    union,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_TRANSPARENT = frozenset(("Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly"))


class Annotations:
    """Reads expressions as types."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker

    def denoted(self, frame: Frame, annotation: Expr) -> Type:
        """The type that values have where `annotation`, an expression of `frame`'s scope, is said of them."""
        if isinstance(annotation, facts.Constant) and isinstance(annotation.value, str):  # in code that is not an annotation
            annotation = unquoted(annotation.value)
        if isinstance(annotation, facts.Operation) and annotation.operator == "or":
            return self._either(frame, (annotation.left, annotation.right))
        return self.instance_of(self._linker.values.value(frame, annotation))

    def _either(self, frame: Frame, parts: Iterable[Expr]) -> Type:
        """What a union denotes. One of its parts that cannot be read (a compiled module's) is as much of it as others."""
        denoted = [self.denoted(frame, part) for part in parts]
        return union([Unknown(part.reason) if part == _NOT_READ else part for part in denoted])

    def of_signature(self, frame: Frame, annotation: Expr) -> Type:
        """The type in the signature of the function `frame`. Its names are those of the scope around it, beside its own type
        parameters."""
        return self.denoted(frame if frame.scope.type_parameters else frame.outer, annotation)

    def instance_of(self, form: Type) -> Type:
        """What an object that denotes a type stands for: a class for its instances."""
        if isinstance(form, ClassType):
            if form.symbol.qualified_name == "builtins.tuple" and form.arguments:
                return Instance(form.symbol, (union(form.arguments),))
            return Instance(form.symbol, form.arguments)
        if isinstance(form, Form):
            return form.denoted
        if isinstance(form, (TypeVariable, NoneType)):
            return form
        if isinstance(form, Named):
            return Instance(self._linker.classes.named_class(form.qualified_name))
        if isinstance(form, Special):
            return self._special(form)
        if isinstance(form, Union):  # a name that is bound in several places: `object` is what it is where nobody checks types
            return union(self.instance_of(item) for item in form.items if not _is_object(item))
        if isinstance(form, Tuple):
            return union(self.instance_of(item) for item in form.items)
        return form if isinstance(form, Unknown) else Unknown(Reason.NOT_A_TYPE)

    def _special(self, form: Special) -> Type:
        if form.name == "Any":
            return ANY
        if form.name == "Self":
            return form
        if form.name in ("NoReturn", "Never"):
            return NEVER
        if form.name == "LiteralString":
            return self._linker.classes.standard("builtins.str")
        if form.name in ("TypeGuard", "TypeIs"):
            return self._linker.classes.standard("builtins.bool")
        if form.name == "Callable":
            return CallableType(form.arguments[-1] if form.arguments else ANY)
        if form.name == "Tuple":
            return self._linker.classes.standard("builtins.tuple")
        return Unknown(Reason.BARE_FORM)

    def subscripted(self, frame: Frame, value: ClassType | Special, index: Expr) -> Type:
        """`value[index]`, where `value` denotes a type."""
        parts = index.items if isinstance(index, facts.Display) and index.type_name == "tuple" else (index,)
        name = value.name if isinstance(value, Special) else value.symbol.qualified_name
        if name == "Literal":
            return Form(Literal(tuple(part.value for part in parts if isinstance(part, facts.Constant))))
        if name == "Callable":
            return Form(CallableType(self.denoted(frame, parts[-1])))
        if name in _TRANSPARENT:
            return Form(self.denoted(frame, parts[0]))
        if name == "Optional":
            return Form(union([self.denoted(frame, parts[0]), NONE]))
        if name == "Union":
            return Form(self._either(frame, parts))
        if name in ("Type", "builtins.type"):
            return Form(class_of(self.denoted(frame, parts[0])))
        if name in ("Tuple", "builtins.tuple"):
            return Form(self._tuple(frame, parts))
        arguments = tuple(self.denoted(frame, part) for part in parts)
        if isinstance(value, Special):
            return Special(value.name, arguments)
        return ClassType(value.symbol, arguments)

    def alias_subscripted(self, frame: Frame, alias: Form, index: Expr) -> Form:
        """`alias[index]`, where `alias` names a type with variables in it."""
        parts = index.items if isinstance(index, facts.Display) and index.type_name == "tuple" else (index,)
        variables = dict(zip(type_variables(alias.denoted), (self.denoted(frame, part) for part in parts)))
        return Form(substitute(alias.denoted, variables)) if variables else alias

    def _tuple(self, frame: Frame, parts: tuple[Expr, ...]) -> Type:
        if len(parts) == 2 and isinstance(parts[1], facts.Unknown | facts.Constant) and not _is_none(parts[1]):
            return self._linker.classes.standard("builtins.tuple", self.denoted(frame, parts[0]))
        return Tuple(tuple(self.denoted(frame, part) for part in parts))


_NOT_READ = Unknown(Reason.IMPORT, soft=True)


def _is_object(form: Type) -> bool:
    return isinstance(form, ClassType) and form.symbol.qualified_name == "builtins.object"


def _is_none(expr: Expr) -> bool:
    return isinstance(expr, facts.Constant) and expr.type_name == "NoneType"
