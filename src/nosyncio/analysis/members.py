"""What an attribute is, on classes and on their instances; and the protocols that syntax uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Operand
from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.types import (
    NEVER,
    ClassSymbol,
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    ModuleType,
    Named,
    Never,
    NoneType,
    Partial,
    Reason,
    Special,
    Super,
    Tuple,
    Type,
    TypeVariable,
    Union,
    Unknown,
    alternatives,
    candidates,
    class_of,
    substitute,
    union,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


Assigned: TypeAlias = tuple[Frame, facts.Expr]
"""What is assigned, with the scope that does it."""


class Found(NamedTuple):
    """An attribute, with the class that has it and that class's type arguments. `raw` is as the class body holds it."""

    owner: ClassSymbol
    arguments: tuple[Type, ...]
    raw: Type


class Members:
    """Attributes by the method resolution order."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._writes: dict[ClassSymbol, dict[str, list[Assigned]]] = {}

    # ------------------------------------------------------------------------------------------------------------ attributes

    def find(self, symbol: ClassSymbol, name: str, *, after: ClassSymbol | None = None, instance: bool = True) -> Found | None:
        """Where a class gets attribute `name` from; `after` skips the order up to that class (`super()`). With `instance`,
        what methods assign to `self` counts too. A base of which only the name is known ends the search: it may have it."""
        for cls, arguments in self._order(symbol, after):
            if cls.frame is None:
                if cls.qualified_name == "?" or not self._is_catalogued(cls, name):
                    continue
                return Found(cls, arguments, Named(f"{cls.qualified_name}.{name}"))
            raw = self._own(cls, name, instance=instance)
            if raw is not None:
                return Found(cls, arguments, raw)
        return None

    def _order(self, symbol: ClassSymbol, after: ClassSymbol | None) -> Sequence[tuple[ClassSymbol, tuple[Type, ...]]]:
        """The resolution order of a class; only what comes behind `after` in it."""
        order = self._linker.classes.order(symbol)
        position = next((index for index, (cls, _) in enumerate(order) if cls is after), -1) if after is not None else -1
        return order[position + 1 :]

    def method(self, symbol: ClassSymbol, name: str, after: ClassSymbol | None = None) -> FunctionSymbol | None:
        """The method of that name that a class has or inherits, if it has a body to follow: where a stub describes it, the one
        behind the stub. `after`: what comes after that base alone."""
        found = self.find(symbol, name, after=after, instance=False)
        while found is not None and self._linker.sources.of_class(found.owner) is not None:
            found = self.find(symbol, name, after=found.owner, instance=False)
        if found is not None and isinstance(found.raw, FunctionType) and found.raw.symbol.has_body:
            return found.raw.symbol
        return None

    def _own(self, symbol: ClassSymbol, name: str, *, instance: bool) -> Type | None:
        """What a class itself, not its bases, says of an attribute."""
        frame = symbol.frame
        assert frame is not None
        if frame.scope.binds(name) or (instance and self.assigned(symbol, name)):
            return self._linker.values.once((symbol, name, instance), lambda: self._own_value(symbol, frame, name, instance))
        return None

    def _own_value(self, symbol: ClassSymbol, frame: Frame, name: str, instance: bool) -> Type:
        parts: list[Type] = []
        if frame.scope.binds(name):
            getter = self._property_getter(frame, name)
            found = self._linker.names.in_scope(frame, name) if getter is None else FunctionType(getter)
            if isinstance(found, FunctionType) or not instance:
                return found
            bindings = frame.scope.names[name]
            if any(isinstance(frame.scope.bindings[binding], facts.Declared) for binding in bindings):
                if not isinstance(found, Unknown):
                    return found
            parts.append(found)
        if instance:
            assigned = self.assigned(symbol, name)
            for method, value in assigned:
                if isinstance(value, facts.Declared):
                    declared = self._linker.values.declared(method, value)
                    if not isinstance(declared, Unknown):
                        return declared
            parts.extend(self._linker.values.value(method, value) for method, value in assigned)
        return union(parts)

    def assigned(self, symbol: ClassSymbol, name: str) -> Sequence[Assigned]:
        """What the methods of a class assign to an attribute of their first parameter."""
        if symbol.frame is None:
            return ()
        self._linker.reads.seen |= symbol.frame.module.numbers
        known = self._writes.get(symbol)
        if known is None:
            known = self._writes[symbol] = {}
            if not symbol.frame.module.is_installed:
                for site, assigned in _assigned(symbol.frame):
                    known.setdefault(site, []).append(assigned)
        if name not in known and symbol.frame.module.is_installed:  # most of its methods are never asked for anything else
            known[name] = [assigned for _, assigned in _assigned(symbol.frame, name)]
        return known.get(name, ())

    def _property_getter(self, frame: Frame, name: str) -> FunctionSymbol | None:
        """The getter among the functions called `name`, if it is a property: setters carry the same name."""
        for binding in frame.scope.names[name]:
            value = frame.scope.bindings[binding]
            if isinstance(value, facts.FunctionRef):
                symbol = self._linker.names.function_symbol(frame.module, value.scope)
                if self._linker.calls.is_property(symbol):
                    return symbol
                for decorator in symbol.frame.scope.decorators:
                    found = self._inherited_getter(frame, decorator)
                    if found is not None:
                        return found
        return None

    def _inherited_getter(self, frame: Frame, decorator: facts.Expr) -> FunctionSymbol | None:
        """The getter that `@Base.attribute.setter` keeps."""
        if not (isinstance(decorator, facts.Attribute) and decorator.name in ("setter", "deleter")):
            return None
        if not isinstance(decorator.value, facts.Attribute):
            return None
        found = self._linker.values.value(frame, decorator.value)
        is_getter = isinstance(found, FunctionType) and self._linker.calls.is_property(found.symbol)
        return found.symbol if is_getter and isinstance(found, FunctionType) else None

    def own_receiver(self, symbol: FunctionSymbol) -> Type | None:
        """What the first parameter of a method is; None for a static method."""
        assert symbol.owner is not None
        arguments = tuple(TypeVariable(name) for name in self._linker.classes.parameters(symbol.owner))
        if self._linker.calls.is_static(symbol):
            return None
        if self._linker.calls.is_class_method(symbol):
            return ClassType(symbol.owner, arguments)
        return Instance(symbol.owner, arguments)

    def member(self, type_: Type, name: str) -> Type:
        """The value of `type_.name`."""
        if isinstance(type_, Union):
            return union(self.member(item, name) for item in candidates(type_))
        if isinstance(type_, ModuleType):
            return self._linker.names.module_attribute(type_, name)
        if isinstance(type_, Instance):
            return self._of_instance(type_, name)
        if isinstance(type_, ClassType):
            return self._of_class(type_, name)
        if isinstance(type_, Tuple):
            return self._of_instance(self._linker.classes.standard("builtins.tuple", union(type_.items)), name)
        if isinstance(type_, Named):
            if type_.receiver is None:  # it may be a package of packages: `google.cloud.storage`
                return self._linker.names.module_attribute(ModuleType(type_.qualified_name, None), name)
            return Named(f"{type_.qualified_name}.{name}", type_.receiver)
        if isinstance(type_, Super):
            return self._of_super(type_, name)
        if isinstance(type_, Partial) and name == "func":
            return type_.function
        if isinstance(type_, TypeVariable):
            return Unknown(Reason.TYPE_VARIABLE, soft=True) if type_.bound is None else self.member(type_.bound, name)
        if isinstance(type_, Special) and type_.name == "Type" and isinstance(type_.arguments[0], TypeVariable):
            bound = type_.arguments[0].bound
            return Unknown(Reason.TYPE_VARIABLE, soft=True) if bound is None else self.member(class_of(bound), name)
        if isinstance(type_, Never):
            return type_
        if isinstance(type_, (NoneType, FunctionType)):
            return Unknown(Reason.NO_ATTRIBUTE)
        return type_ if isinstance(type_, Unknown) else Unknown(Reason.NO_ATTRIBUTE)

    def _of_instance(self, instance: Instance, name: str) -> Type:
        if name == "__class__":
            return ClassType(instance.symbol, instance.arguments)
        if name in ("value", "_value_") and self._linker.classes.is_enum(instance.symbol):
            return union(self._enum_values(instance.symbol))
        found = self.find(instance.symbol, name)
        if found is not None:
            return self._bound(found, instance, name)
        for cls, _ in self._linker.classes.order(instance.symbol):
            if cls.frame is None and cls.qualified_name != "?":
                return Named(f"{cls.qualified_name}.{name}", instance)
            if self._is_catalogued(cls, name):
                return Named(f"{cls.qualified_name}.{name}", instance)
        fallback = self.find(instance.symbol, "__getattr__")
        if fallback is not None and isinstance(fallback.raw, FunctionType) and fallback.raw.symbol.frame.scope.returns:
            return self._linker.calls.method(instance, "__getattr__", ())
        return Unknown(Reason.NO_ATTRIBUTE)

    def _of_super(self, super_: Super, name: str) -> Type:
        symbol = super_.symbol if super_.receiver is None else _symbol(super_.receiver)
        found = self.find(symbol, name, after=super_.symbol)
        if found is not None:
            return self._bound(found, super_.receiver, name)
        known = (cls for cls, _ in self._order(symbol, super_.symbol) if self._is_catalogued(cls, name))
        return next((Named(f"{cls.qualified_name}.{name}", super_.receiver) for cls in known), Unknown(Reason.NO_ATTRIBUTE))

    def _is_catalogued(self, cls: ClassSymbol, name: str) -> bool:
        """Whether the catalogue knows a method of a class that its stub may leave out."""
        return bool(self._linker.catalogue.verdicts(f"{cls.qualified_name}.{name}"))

    def _bound(self, found: Found, receiver: Type, name: str) -> Type:
        """An attribute as reading it from an instance gives it."""
        raw = found.raw
        if isinstance(raw, FunctionType) and raw.symbol.owner is not None and raw.receiver is None:
            if self._linker.calls.is_property(raw.symbol):
                return self._linker.calls.function(FunctionType(raw.symbol, receiver), ())
            if self._linker.calls.is_static(raw.symbol):
                return raw
            if self._linker.calls.is_class_method(raw.symbol) and isinstance(receiver, Instance):
                return FunctionType(raw.symbol, ClassType(receiver.symbol, receiver.arguments), raw.returns)
            return FunctionType(raw.symbol, receiver, raw.returns)
        if isinstance(raw, Named):
            return Named(raw.qualified_name, receiver)
        if isinstance(receiver, Instance):
            raw = substitute(raw, self._linker.classes.variables(receiver, found.owner), receiver=receiver)
            return union(self._read_through(item, receiver) for item in alternatives(raw)) if raw != NEVER else raw
        return raw

    def _read_through(self, held: Type, receiver: Instance) -> Type:
        """What reading an attribute of an instance gives for what its class holds: what a descriptor's `__get__` says."""
        getter = self.find(held.symbol, "__get__", instance=False) if isinstance(held, Instance) else None
        if getter is None or not isinstance(getter.raw, FunctionType):
            return held
        operands = [Operand(self._linker, type_=part) for part in (receiver, ClassType(receiver.symbol, receiver.arguments))]
        given = self._linker.calls.function(FunctionType(getter.raw.symbol, held), (), operands)
        others = [item for item in alternatives(given) if item != held]  # that it gives for the class
        return union(others) if others else given

    def _enum_values(self, symbol: ClassSymbol) -> Iterator[Type]:
        """What the members of an enumeration are given."""
        frame = symbol.frame
        assert frame is not None
        for name, bindings in frame.scope.names.items():
            if not name.startswith("_"):
                value = frame.scope.bindings[bindings[-1]]
                if not isinstance(value, (facts.FunctionRef, facts.ClassRef, facts.Declared)):
                    yield self._linker.values.binding(frame, bindings[-1])

    def fields(self, instance: Instance) -> Tuple | None:
        """The fields of a named tuple, as a tuple; None for anything else."""
        if instance.symbol.frame is None or self._linker.classes.as_base(instance, "typing.NamedTuple") is None:
            return None
        for cls, _ in self._linker.classes.order(instance.symbol):
            if cls.frame is not None and not cls.qualified_name.startswith("typing."):
                scope = cls.frame.scope
                declared = [binding for binding, value in enumerate(scope.bindings) if isinstance(value, facts.Declared)]
                if declared:
                    return Tuple(tuple(self._linker.values.binding(cls.frame, binding) for binding in declared))
        return None

    def item(self, value: Type, key: facts.Constant | None) -> Type | None:
        """What a literal key takes out of a tuple, a named tuple or a typed dictionary; None where that does not tell."""
        if isinstance(value, Instance):
            if (
                key is not None
                and isinstance(key.value, str)
                and self._linker.classes.as_base(value, "typing._TypedDict") is not None
            ):
                found = self.find(value.symbol, key.value)
                return None if found is None else found.raw
            value = self.fields(value) or value
        if isinstance(value, Tuple) and key is not None:
            if key.type_name == "slice":
                return self._linker.classes.standard("builtins.tuple", union(value.items))
            if isinstance(key.value, int) and -len(value.items) <= key.value < len(value.items):
                return value.items[key.value]
        return None

    def _of_class(self, cls: ClassType, name: str) -> Type:
        found = self.find(cls.symbol, name, instance=False)
        if found is None:
            known = any(
                self._linker.catalogue.verdicts(f"{base.qualified_name}.{name}")
                for base, _ in self._linker.classes.order(cls.symbol)
            )
            if cls.symbol.frame is None or known:
                return Named(f"{cls.symbol.qualified_name}.{name}")
            return Unknown(Reason.NO_ATTRIBUTE)
        is_member = found.owner.has_bodies and not isinstance(found.raw, (FunctionType, ClassType))
        if is_member and self._linker.classes.is_enum(cls.symbol):
            return Instance(cls.symbol)
        if isinstance(found.raw, FunctionType) and found.raw.symbol.owner is not None:
            if self._linker.calls.is_class_method(found.raw.symbol):
                return FunctionType(found.raw.symbol, cls, found.raw.returns)
        variables = self._linker.classes.variables(cls, found.owner)
        return substitute(found.raw, variables, receiver=Instance(cls.symbol, cls.arguments))

    # ------------------------------------------------------------------------------------------------------------- protocols

    def element(self, type_: Type, asynchronous: bool) -> Type:
        """What iterating a value gives."""
        items: list[Type] = []
        base, enter, step = "typing.Iterable", "__iter__", "__next__"
        if asynchronous:
            base, enter, step = "typing.AsyncIterable", "__aiter__", "__anext__"
        for item in candidates(type_):
            if isinstance(item, ClassType) and self._linker.classes.is_enum(item.symbol):
                items.append(Instance(item.symbol))
                continue
            sequence = self.fields(item) if isinstance(item, Instance) else item
            if isinstance(sequence, Tuple):
                items.extend(sequence.items)
                continue
            arguments = self._linker.classes.as_base(item, base) if isinstance(item, Instance) else None
            if arguments:
                items.append(arguments[0])
                continue
            turned = self._linker.calls.method(item, enter, ())
            stepped = self._linker.calls.method(turned, step, ())
            items.append(self.awaited(stepped) if asynchronous else stepped)
        return union(items) if items else NEVER

    def awaited(self, type_: Type) -> Type:
        """What awaiting a value gives."""
        items: list[Type] = []
        for item in candidates(type_):
            arguments = self._linker.classes.as_base(item, "typing.Awaitable") if isinstance(item, Instance) else None
            if not arguments and isinstance(item, Instance):
                made = self._linker.calls.method(item, "__await__", ())
                found = self._linker.classes.as_base(made, "typing.Generator") if isinstance(made, Instance) else None
                arguments = found[2:] if found else None
            items.append(arguments[0] if arguments else Unknown(Reason.AWAITABLE))
        return union(items) if items else NEVER

    def entered(self, type_: Type, asynchronous: bool) -> Type:
        """What `with` binds for a context manager."""
        method = "__aenter__" if asynchronous else "__enter__"
        result = union(self._linker.calls.method(item, method, ()) for item in candidates(type_))
        return self.awaited(result) if asynchronous else result


def _symbol(type_: Type) -> ClassSymbol:
    assert isinstance(type_, (Instance, ClassType))
    return type_.symbol


def _assigned(cls: Frame, only: str | None = None) -> Iterator[tuple[str, Assigned]]:
    """The attributes of their first parameter that the methods of a class assign, by name; `only` one of that name."""
    if only is not None and not cls.scope.may_assign(only):
        return
    for index in cls.module.children(cls.number):
        scope = cls.module.facts.scopes[index]
        if scope.kind is ScopeKind.FUNCTION and (only is None or scope.may_assign(only)):
            scope.read()  # the signature with the body, not twice
            for site in scope.sites if scope.parameters else ():
                if isinstance(site, facts.Write) and site.assigned is not None and only in (None, site.name):
                    if scope.root(site.value) == facts.Local(0):
                        yield site.name, (Frame(cls.module, index), site.assigned)
