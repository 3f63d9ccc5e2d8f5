"""What the call that made an object says of its attributes: `JsonCache(path=None)` has no path.

Only of attributes that nothing but the constructor assigns, in all of the code under check.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.constructors import Generated, generated
from nosyncio.analysis.facts import Expr
from nosyncio.analysis.index import Index
from nosyncio.analysis.origins import maker
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.subclasses import Subclasses
from nosyncio.analysis.types import ClassSymbol, ClassType, Frame, FunctionSymbol, Module

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Said(NamedTuple):
    """The expression that an attribute has its value from, and its scope."""

    frame: Frame
    expr: Expr


class AttributeWrite(NamedTuple):
    """A place that assigns an attribute."""

    frame: Frame
    site: facts.Write


class Fields:
    """Looks up attributes of objects that one call made."""

    def __init__(self, linker: Linker, index: Index, subclasses: Subclasses) -> None:
        """index, subclasses: of the modules whose assignments count."""
        self._linker = linker
        self._index = index
        self._subclasses = subclasses
        self._installed_writes: dict[tuple[Module, str], list[AttributeWrite]] = {}
        self._generated: Kept[ClassSymbol, Generated | None] = Kept(linker.reads)

    def said(self, frame: Frame, receiver: Expr, name: str) -> Said | None:
        """What attribute `name` of a receiver is, if one call made it and says so."""
        origin = maker(self._linker, frame, receiver)
        return None if origin is None else self.said_by(origin.frame, origin.call, name)

    def may_be_said(self, frame: Frame, receiver: Expr) -> bool:
        """Whether `said` may give something, for some attribute of a receiver."""
        origin = maker(self._linker, frame, receiver)
        return origin is not None and self.may_say(origin.frame, origin.call)

    def may_say(self, frame: Frame, call: facts.Call) -> bool:
        """Whether `said_by` may give something, for some attribute."""
        return self._class(frame, call) is not None

    def _class(self, frame: Frame, call: facts.Call) -> ClassSymbol | None:
        """The class, which somebody wrote, of the object that a call makes."""
        callee = self._linker.values.value(frame, call.function)
        return callee.symbol if isinstance(callee, ClassType) and callee.symbol.has_bodies else None

    def said_by(self, frame: Frame, call: facts.Call, name: str) -> Said | None:
        """What attribute `name` is of what the call of a class makes."""
        cls = self._class(frame, call)
        if cls is None:
            return None
        made = self._made(cls)
        if made is not None and name in made.fields:
            found = self._field(made, Arguments.of_call(self._linker, frame, call), name)
            return None if found is None or self._is_assigned(cls, name) else found
        init = self._linker.members.method(cls, "__init__")
        if init is None:
            return None
        writes = [site for site in init.frame.scope.sites if isinstance(site, facts.Write) and site.name == name]
        if len(writes) != 1:
            return None
        found = self._assigned(init, Arguments.of_call(self._linker, frame, call), writes[0])
        # Who else assigns it is asked last, of what could be told: it takes a look at all of the code under check.
        return None if found is None or self._is_assigned(cls, name, AttributeWrite(init.frame, writes[0])) else found

    def _made(self, cls: ClassSymbol) -> Generated | None:
        return self._generated.once(cls, lambda: generated(self._linker, cls))

    def _field(self, made: Generated, arguments: Arguments, name: str) -> Said | None:
        """A field of a constructor that was made for the class."""
        if arguments.positional and (made.by_place is None or name not in made.by_place):
            return None
        operand = arguments.at(made.by_place.index(name) if made.by_place is not None else None, name)
        if operand is not None and operand.frame is not None and operand.expr is not None:
            return Said(operand.frame, operand.expr)
        field = made.fields[name]
        if not arguments.complete or field.value is None:
            return None
        if isinstance(field.value, facts.Result):
            default = field.option("default")
            return None if default is None else Said(field.frame, default)
        return Said(field.frame, field.value)

    def _assigned(self, init: FunctionSymbol, arguments: Arguments, write: facts.Write) -> Said | None:
        """What the constructor that somebody wrote assigns, whatever happens."""
        if write.guard != -1 or write.assigned is None:
            return None
        root = init.frame.scope.root(write.assigned)
        if not isinstance(root, facts.Local):
            return Said(init.frame, root)
        value = init.frame.scope.bindings[root.binding]
        if not isinstance(value, facts.Parameter):
            return None
        bound = arguments.bind(init, skip_receiver=True)
        parameter = init.frame.scope.parameters[value.index]
        if bound is None or parameter.kind in (facts.ParameterKind.VAR_POSITIONAL, facts.ParameterKind.VAR_KEYWORD):
            return None
        for met, operand in bound:
            if met is parameter:
                return None if operand.frame is None or operand.expr is None else Said(operand.frame, operand.expr)
        if not arguments.complete or parameter.default is None:
            return None
        return Said(init.frame.outer, parameter.default)

    # --------------------------------------------------------------------------------------------------------- assignments

    def _is_assigned(self, cls: ClassSymbol, name: str, but: AttributeWrite | None = None) -> bool:
        """Whether some place, but for one, may assign an attribute of instances of `cls`: not what methods of other classes do to
        `self`. To an object of an installed package, its own module and those of its bases do."""
        if cls.is_project and self._index.files("foreign", name):
            return True
        return any(write != but for write in self._writes(cls, name) if self._may_be_of(write, cls))

    def _writes(self, cls: ClassSymbol, name: str) -> Iterator[AttributeWrite]:
        """The places that assign an attribute, as far as these may be about instances of `cls`."""
        modules = dict.fromkeys(base.frame.module for base, _ in self._linker.classes.order(cls) if base.frame is not None)
        related = {path for path, _ in self._subclasses.of(cls)} | {module.path for module in modules if module.is_project}
        for frame, site in self._index.writes(name, related if cls.is_project else None):
            yield AttributeWrite(frame, site)
        for module in modules:
            if module.is_installed:
                yield from self._written_in(module, name)

    def _written_in(self, module: Module, name: str) -> list[AttributeWrite]:
        """The assignments of an attribute in an installed module."""
        known = self._installed_writes.get((module, name))
        if known is None:
            known = self._installed_writes[module, name] = [
                AttributeWrite(Frame(module, number), site)
                for number, scope in enumerate(module.facts.scopes)
                if scope.may_assign(name)
                for site in scope.sites
                if isinstance(site, facts.Write) and site.name == name
            ]
        return known

    def _may_be_of(self, write: AttributeWrite, cls: ClassSymbol) -> bool:
        if not is_receiver(write.frame, write.frame.scope.root(write.site.value)):
            return True
        owner = self._linker.names.class_symbol(write.frame.module, write.frame.outer.number)
        return self._linker.classes.derives(owner, cls) or self._linker.classes.derives(cls, owner)
