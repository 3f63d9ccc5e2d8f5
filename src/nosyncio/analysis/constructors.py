"""Constructors that are made for a class, by `@dataclass`, attrs, pydantic: which fields they set, and what they call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.fates import last_word
from nosyncio.analysis.types import ClassSymbol, Frame

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_MADE_BY_DECORATOR = {"dataclass": "__post_init__", "define": "__attrs_post_init__", "attrs": "__attrs_post_init__"}
_MADE_BY_BASE = {"BaseModel": "model_post_init", "BaseSettings": "model_post_init"}
_PLAIN_ORDER = 2
"""A class and `object`: bases add fields before its own."""
_NO_FIELDS = frozenset(("ClassVar", "InitVar", "KW_ONLY"))
_PLACING = ("init", "kw_only")


class Field(NamedTuple):
    """A field of a class: its annotation, what stands behind its `=`, and the scope of both."""

    frame: Frame
    annotation: facts.Expr
    value: facts.Expr | None

    def option(self, *names: str) -> facts.Expr | None:
        """An argument of the call that describes the field: `field(default=None)`."""
        site = self.frame.scope.sites[self.value.site] if isinstance(self.value, facts.Result) else None
        if isinstance(site, facts.Call):
            return next((keyword.value for keyword in site.keywords if keyword.name in names), None)
        return None


class Generated(NamedTuple):
    """The constructor that is made for a class: the methods that it calls, and the fields that it sets, in order.

    by_place: those that arguments may be given for by place, in order; None where that is not sure.
    """

    hooks: Mapping[str, None]
    fields: Mapping[str, Field]
    by_place: tuple[str, ...] | None


def generated(linker: Linker, cls: ClassSymbol) -> Generated | None:
    """The constructor that is made for `cls`; None if it has one of its own, or inherits one that somebody wrote."""
    bases: list[ClassSymbol] = []
    for base, _ in linker.classes.order(cls):
        if base.has_bodies and base.frame is not None:
            if base.frame.scope.binds("__init__"):
                break
            bases.append(base)
    hooks = dict.fromkeys(hook for base in bases for hook in _hooks(linker, base))
    if not hooks:
        return None
    fields = dict(_fields(reversed(bases)))
    is_plain = len(bases) == 1 and len(linker.classes.order(cls)) <= _PLAIN_ORDER and not any(map(_is_special, fields.values()))
    return Generated(hooks, fields, tuple(fields) if is_plain else None)


def _is_special(field: Field) -> bool:
    """Whether a field may be left out of the constructor, or is taken by name alone."""
    annotation = field.annotation.value if isinstance(field.annotation, facts.Subscript) else field.annotation
    if last_word(field.frame.module, field.frame.number, annotation) in _NO_FIELDS:
        return True
    return isinstance(field.value, facts.Result) and field.option(*_PLACING) is not None


def _hooks(linker: Linker, cls: ClassSymbol) -> Iterator[str]:
    """The methods that a constructor which is made for a class calls."""
    assert cls.frame is not None
    outer, scope = cls.frame.outer, cls.frame.scope
    for node in scope.decorators:
        site = outer.scope.sites[node.site] if isinstance(node, facts.Result) else None
        word = last_word(outer.module, outer.number, site.function if isinstance(site, facts.Call) else node)
        if word in _MADE_BY_DECORATOR:
            yield _MADE_BY_DECORATOR[word]
    for base, _ in linker.classes.order(cls):
        word = base.qualified_name.rpartition(".")[2]
        if word in _MADE_BY_BASE and not base.has_bodies:
            yield _MADE_BY_BASE[word]


def _fields(classes: Iterable[ClassSymbol]) -> Iterator[tuple[str, Field]]:
    for cls in classes:
        assert cls.frame is not None
        for name, bindings in cls.frame.scope.names.items():
            value = cls.frame.scope.bindings[bindings[-1]]
            if isinstance(value, facts.Declared):
                yield name, Field(cls.frame, value.annotation, value.value)
