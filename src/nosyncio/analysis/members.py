"""What an attribute is: classes, their bases, their instances' attributes, and the protocols that syntax uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.types import (
    NEVER,
    ClassSymbol,
    ClassType,
    Form,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    ModuleType,
    Named,
    Never,
    NoneType,
    Partial,
    Special,
    Super,
    Tuple,
    Type,
    TypeVariable,
    Union,
    Unknown,
    candidates,
    substitute,
    type_variables,
    union,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Found(NamedTuple):
    """An attribute, with the class that has it and that class's type arguments. `raw` is as the class body holds it."""

    owner: ClassSymbol
    arguments: tuple[Type, ...]
    raw: Type


class Members:
    """Attributes by the method resolution order."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._named: dict[str, ClassSymbol] = {}
        self._standard: dict[str, ClassSymbol] = {}
        self._orders: dict[ClassSymbol, tuple[tuple[ClassSymbol, tuple[Type, ...]], ...]] = {}
        self._writes: dict[ClassSymbol, dict[str, list[tuple[Frame, facts.Expr]]]] = {}

    # --------------------------------------------------------------------------------------------------------------- classes

    def named_class(self, qualified_name: str) -> ClassSymbol:
        """The class of that name, of which nothing else is known."""
        return self._named.setdefault(qualified_name, ClassSymbol(qualified_name))

    def standard(self, qualified_name: str, *arguments: Type) -> Instance:
        """An instance of a class that typeshed defines."""
        symbol = self._standard.get(qualified_name)
        if symbol is None:
            module_name, _, name = qualified_name.rpartition(".")
            module = self._linker.modules.find(module_name)
            found = None if module is None else self._linker.names.member(module, name)
            symbol = found.symbol if isinstance(found, ClassType) else self.named_class(qualified_name)
            self._standard[qualified_name] = symbol
        return Instance(symbol, arguments)

    def parameters(self, symbol: ClassSymbol) -> tuple[str, ...]:
        """The names of a class's type parameters, in order."""
        if symbol.frame is None:
            return ()
        scope = symbol.frame.scope
        if scope.type_parameters:
            return scope.type_parameters
        found: dict[str, None] = {}
        for base in scope.bases:
            value = self._linker.values.value(symbol.frame.outer, base)
            if isinstance(value, Special) and value.name in ("Generic", "Protocol") and value.arguments:
                return tuple(item.name for item in value.arguments if isinstance(item, TypeVariable))
            if isinstance(value, ClassType):
                for argument in value.arguments:
                    found.update(dict.fromkeys(type_variables(argument)))
        return tuple(found)

    def order(self, symbol: ClassSymbol) -> tuple[tuple[ClassSymbol, tuple[Type, ...]], ...]:
        """The method resolution order: each class with the type arguments that `symbol`'s own parameters give it."""
        known = self._orders.get(symbol)
        if known is None:
            own = tuple(TypeVariable(name) for name in self.parameters(symbol))
            self._orders[symbol] = ((symbol, own),)  # a class that is its own base ends here
            try:
                chains = [list(self._specialised(base)) for base in self._bases(symbol)]
            finally:
                del self._orders[symbol]
            known = ((symbol, own), *_linearise(chains))
            if self._linker.values.is_settled:
                self._orders[symbol] = known
        return known

    def _bases(self, symbol: ClassSymbol) -> Iterator[ClassType]:
        if symbol.frame is None:
            return
        for base in symbol.frame.scope.bases:
            value = self._linker.values.value(symbol.frame.outer, base)
            if isinstance(value, ClassType):
                yield value
            elif isinstance(value, Named):
                yield ClassType(self.named_class(value.qualified_name))
            elif isinstance(value, Form) and isinstance(value.denoted, (Instance, Tuple)):
                denoted = value.denoted
                symbol_of = denoted.symbol if isinstance(denoted, Instance) else self.standard("builtins.tuple").symbol
                yield ClassType(symbol_of, denoted.arguments if isinstance(denoted, Instance) else ())
            elif isinstance(value, Special) and value.name == "TypedDict":
                yield ClassType(self.standard("typing._TypedDict").symbol)
            elif isinstance(value, Union):
                yield from (item for item in value.items if isinstance(item, ClassType))
            elif isinstance(value, Unknown):
                yield ClassType(self.named_class("?"))
        if symbol.qualified_name != "builtins.object":
            yield ClassType(self.standard("builtins.object").symbol)

    def _specialised(self, base: ClassType) -> Iterator[tuple[ClassSymbol, tuple[Type, ...]]]:
        variables = dict(zip(self.parameters(base.symbol), base.arguments))
        for cls, arguments in self.order(base.symbol):
            yield cls, tuple(substitute(argument, variables) for argument in arguments)

    def derives(self, symbol: ClassSymbol, base: ClassSymbol) -> bool:
        return any(cls is base for cls, _ in self.order(symbol))

    def as_base(self, instance: Instance, qualified_name: str) -> tuple[Type, ...] | None:
        """The type arguments that `instance` has as a `qualified_name`; None if it is none."""
        for cls, arguments in self.order(instance.symbol):
            if cls.qualified_name == qualified_name:
                variables = dict(zip(self.parameters(instance.symbol), instance.arguments))
                return tuple(substitute(argument, variables) for argument in arguments)
        return None

    def variables(self, instance: Instance | ClassType, owner: ClassSymbol) -> dict[str, Type]:
        """What the type parameters of `owner`, a base of the receiver's class, are for this receiver."""
        found = self.as_base(Instance(instance.symbol, instance.arguments), owner.qualified_name)
        return dict(zip(self.parameters(owner), found)) if found else {}

    # ------------------------------------------------------------------------------------------------------------ attributes

    def find(self, symbol: ClassSymbol, name: str, *, after: ClassSymbol | None = None, instance: bool = True) -> Found | None:
        """Where a class gets attribute `name` from; `after` skips the order up to that class (`super()`). With `instance`,
        what methods assign to `self` counts too. A base of which only the name is known ends the search: it may have it."""
        order = self.order(symbol)
        if after is not None:
            position = next((index for index, (cls, _) in enumerate(order) if cls is after), -1)
            order = order[position + 1 :]
        for cls, arguments in order:
            if cls.frame is None:
                if cls.qualified_name == "?" or not self._linker.catalogue.verdicts(f"{cls.qualified_name}.{name}"):
                    continue
                return Found(cls, arguments, Named(f"{cls.qualified_name}.{name}"))
            raw = self._own(cls, name, instance=instance)
            if raw is not None:
                return Found(cls, arguments, raw)
        return None

    def _own(self, symbol: ClassSymbol, name: str, *, instance: bool) -> Type | None:
        """What a class itself, not its bases, says of an attribute."""
        frame = symbol.frame
        assert frame is not None
        if name in frame.scope.names or (instance and name in self.assigned(symbol)):
            return self._linker.values.once((symbol, name, instance), lambda: self._own_value(symbol, frame, name, instance))
        return None

    def _own_value(self, symbol: ClassSymbol, frame: Frame, name: str, instance: bool) -> Type:
        parts: list[Type] = []
        if name in frame.scope.names:
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
            assigned = self.assigned(symbol).get(name, ())
            for method, value in assigned:
                if isinstance(value, facts.Declared):
                    declared = self._linker.values.declared(method, value)
                    if not isinstance(declared, Unknown):
                        return declared
            parts.extend(self._linker.values.value(method, value) for method, value in assigned)
        return union(parts)

    def assigned(self, symbol: ClassSymbol) -> dict[str, list[tuple[Frame, facts.Expr]]]:
        """What the methods of a class assign to attributes of their first parameter."""
        known = self._writes.get(symbol)
        if known is None:
            known = self._writes[symbol] = {}
            if symbol.frame is not None:
                module = symbol.frame.module
                for index in module.children(symbol.frame.number):
                    scope = module.facts.scopes[index]
                    if scope.kind is ScopeKind.FUNCTION and scope.parameters:
                        for site in scope.sites:
                            if isinstance(site, facts.Write) and scope.root(site.value) == facts.Local(0):
                                known.setdefault(site.name, []).append((Frame(module, index), site.assigned))
        return known

    def _property_getter(self, frame: Frame, name: str) -> FunctionSymbol | None:
        """The getter among the functions called `name`, if it is a property: setters carry the same name."""
        for binding in frame.scope.names[name]:
            value = frame.scope.bindings[binding]
            if isinstance(value, facts.FunctionRef):
                symbol = self._linker.names.function_symbol(frame.module, value.scope)
                if self._linker.calls.is_property(symbol):
                    return symbol
        return None

    def own_receiver(self, symbol: FunctionSymbol) -> Type | None:
        """What the first parameter of a method is; None for a static method."""
        assert symbol.owner is not None
        arguments = tuple(TypeVariable(name) for name in self.parameters(symbol.owner))
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
            return self._of_instance(self.standard("builtins.tuple", union(type_.items)), name)
        if isinstance(type_, Named):
            return Named(f"{type_.qualified_name}.{name}", type_.receiver)
        if isinstance(type_, Super):
            found = self.find(type_.symbol if type_.receiver is None else _symbol(type_.receiver), name, after=type_.symbol)
            return Unknown(f"super() has no {name!r}") if found is None else self._bound(found, type_.receiver, name)
        if isinstance(type_, Partial) and name == "func":
            return type_.function
        if isinstance(type_, TypeVariable):
            return Unknown("attribute of a type variable", soft=True) if type_.bound is None else self.member(type_.bound, name)
        if isinstance(type_, Never):
            return type_
        if isinstance(type_, (NoneType, FunctionType)):
            return Unknown(f"no attribute {name!r}")
        return type_ if isinstance(type_, Unknown) else Unknown(f"no attribute {name!r}")

    def _of_instance(self, instance: Instance, name: str) -> Type:
        if name == "__class__":
            return ClassType(instance.symbol, instance.arguments)
        if name in ("value", "_value_") and self.is_enum(instance.symbol):
            return union(self._enum_values(instance.symbol))
        found = self.find(instance.symbol, name)
        if found is not None:
            return self._bound(found, instance, name)
        for cls, _ in self.order(instance.symbol):
            if cls.frame is None and cls.qualified_name != "?":
                return Named(f"{cls.qualified_name}.{name}", instance)
            if self._linker.catalogue.verdicts(f"{cls.qualified_name}.{name}"):
                return Named(f"{cls.qualified_name}.{name}", instance)
        fallback = self.find(instance.symbol, "__getattr__")
        if fallback is not None and isinstance(fallback.raw, FunctionType) and fallback.raw.symbol.frame.scope.returns:
            return self._linker.calls.method(instance, "__getattr__", ())
        return Unknown(f"{instance.symbol.qualified_name} has no {name!r}")

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
        if found.arguments and isinstance(receiver, Instance):
            return substitute(raw, self.variables(receiver, found.owner), receiver=receiver)
        return raw

    def is_enum(self, symbol: ClassSymbol) -> bool:
        return any(cls.qualified_name == "enum.Enum" for cls, _ in self.order(symbol)) and symbol.is_project

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
        if instance.symbol.frame is None or self.as_base(instance, "typing.NamedTuple") is None:
            return None
        for cls, _ in self.order(instance.symbol):
            if cls.frame is not None and not cls.qualified_name.startswith("typing."):
                scope = cls.frame.scope
                declared = [binding for binding, value in enumerate(scope.bindings) if isinstance(value, facts.Declared)]
                if declared:
                    return Tuple(tuple(self._linker.values.binding(cls.frame, binding) for binding in declared))
        return None

    def item(self, value: Type, key: facts.Constant | None) -> Type | None:
        """What a literal key takes out of a tuple, a named tuple or a typed dictionary; None where that does not tell."""
        if isinstance(value, Instance):
            if key is not None and isinstance(key.value, str) and self.as_base(value, "typing._TypedDict") is not None:
                found = self.find(value.symbol, key.value)
                return None if found is None else found.raw
            value = self.fields(value) or value
        if isinstance(value, Tuple) and key is not None:
            if key.type_name == "slice":
                return self.standard("builtins.tuple", union(value.items))
            if isinstance(key.value, int) and -len(value.items) <= key.value < len(value.items):
                return value.items[key.value]
        return None

    def _of_class(self, cls: ClassType, name: str) -> Type:
        found = self.find(cls.symbol, name, instance=False)
        if found is None:
            known = any(self._linker.catalogue.verdicts(f"{base.qualified_name}.{name}") for base, _ in self.order(cls.symbol))
            if cls.symbol.frame is None or known:
                return Named(f"{cls.symbol.qualified_name}.{name}")
            return Unknown(f"class {cls.symbol.qualified_name} has no {name!r}")
        if self.is_enum(cls.symbol) and found.owner.is_project and not isinstance(found.raw, (FunctionType, ClassType)):
            return Instance(cls.symbol)
        if isinstance(found.raw, FunctionType) and found.raw.symbol.owner is not None:
            if self._linker.calls.is_class_method(found.raw.symbol):
                return FunctionType(found.raw.symbol, cls, found.raw.returns)
        return found.raw

    # ------------------------------------------------------------------------------------------------------------- protocols

    def element(self, type_: Type, asynchronous: bool) -> Type:
        """What iterating a value gives."""
        items: list[Type] = []
        base, enter, step = "typing.Iterable", "__iter__", "__next__"
        if asynchronous:
            base, enter, step = "typing.AsyncIterable", "__aiter__", "__anext__"
        for item in candidates(type_):
            if isinstance(item, ClassType) and self.is_enum(item.symbol):
                items.append(Instance(item.symbol))
                continue
            sequence = self.fields(item) if isinstance(item, Instance) else item
            if isinstance(sequence, Tuple):
                items.extend(sequence.items)
                continue
            arguments = self.as_base(item, base) if isinstance(item, Instance) else None
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
            arguments = self.as_base(item, "typing.Awaitable") if isinstance(item, Instance) else None
            items.append(arguments[0] if arguments else Unknown("result of an unknown awaitable"))
        return union(items) if items else NEVER

    def entered(self, type_: Type, asynchronous: bool) -> Type:
        """What `with` binds for a context manager."""
        method = "__aenter__" if asynchronous else "__enter__"
        result = union(self._linker.calls.method(item, method, ()) for item in candidates(type_))
        return self.awaited(result) if asynchronous else result


def _symbol(type_: Type) -> ClassSymbol:
    assert isinstance(type_, (Instance, ClassType))
    return type_.symbol


def _linearise(
    chains: list[list[tuple[ClassSymbol, tuple[Type, ...]]]],
) -> Iterator[tuple[ClassSymbol, tuple[Type, ...]]]:
    """Merge the bases' orders as C3 does; where they contradict each other, first come, first served."""
    chains = [list(chain) for chain in chains if chain]
    while chains:
        head = chains[0][0]
        for chain in chains:
            if not any(chain[0][0] is later for other in chains for later, _ in other[1:]):
                head = chain[0]
                break
        yield head
        chains = [[entry for entry in chain if entry[0] is not head[0]] for chain in chains]
        chains = [chain for chain in chains if chain]
