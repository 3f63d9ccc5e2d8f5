"""What a class is: its type parameters, its bases, the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis.facts import Expr
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.sets import NOTHING
from nosyncio.analysis.types import (
    NEVER,
    ClassSymbol,
    ClassType,
    Form,
    Frame,
    Instance,
    Named,
    Reason,
    Special,
    Tuple,
    Type,
    TypeVariable,
    Union,
    Unknown,
    candidates,
    substitute,
    type_variables,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_Order: TypeAlias = tuple[tuple[ClassSymbol, tuple[Type, ...]], ...]
"""Classes, each with its type arguments."""
_NO_VALUE = Unknown(Reason.TYPE_VARIABLE, soft=True)


class Classes:
    """Class symbols and the method resolution order."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._named: dict[str, ClassSymbol] = {}
        self._standard: dict[str, ClassSymbol] = {}
        self._orders: Kept[ClassSymbol, _Order] = Kept(linker.reads)

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
        scope, outer = symbol.frame.scope, symbol.frame.outer
        if scope.type_parameters or not scope.bases:
            return tuple(scope.type_parameters)
        found = self._linker.values.once((symbol, "parameters"), lambda: Tuple(tuple(self._parameters_of(outer, scope.bases))))
        return tuple([item.name for item in found.items if isinstance(item, TypeVariable)]) if isinstance(found, Tuple) else ()

    def _parameters_of(self, frame: Frame, bases: Sequence[Expr]) -> Iterator[TypeVariable]:
        """The type parameters of a class with such bases. These may name what stands in the class itself:
        `class Step(Value["Step.Direction"])`."""
        found: dict[str, None] = {}
        for base in bases:
            value = self._linker.values.value(frame, base)
            if isinstance(value, Special) and value.name in ("Generic", "Protocol") and value.arguments:
                found = {item.name: None for item in value.arguments if isinstance(item, TypeVariable)}
                break
            if isinstance(value, ClassType):
                for argument in value.arguments:
                    found.update(dict.fromkeys(type_variables(argument)))
        return map(TypeVariable, found)

    def order(self, symbol: ClassSymbol) -> _Order:
        """The method resolution order: each class with the type arguments that `symbol`'s own parameters give it."""
        known = self._orders.get(symbol)
        if known is not None:
            return known
        reads = self._linker.reads
        before = reads.begin()
        try:
            order = self._worked_out(symbol)
        finally:
            own = reads.end(before)
        if self._linker.values.is_settled:
            self._orders.keep(symbol, order, own)
        return order

    def _worked_out(self, symbol: ClassSymbol) -> _Order:
        own = tuple(TypeVariable(name) for name in self.parameters(symbol))
        self._orders.keep(symbol, ((symbol, own),), NOTHING)  # a class that is its own base ends here
        try:
            chains = []
            for base in self._bases(symbol):  # no comprehension: each class on the way to the last base takes of the stack
                chains.append([*self._specialised(base)])
        finally:
            self._orders.forget(symbol)
        return ((symbol, own), *_linearise(chains))

    def _bases(self, symbol: ClassSymbol) -> Iterator[ClassType]:
        if symbol.frame is None:
            return
        behind = self._linker.sources.of_class(symbol)
        if behind is not None:
            yield ClassType(behind)
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
        """What the type parameters of `owner`, a base of the receiver's class, are for this receiver. Those without a value are
        left out: what they are bound to says more."""
        found = self.as_base(Instance(instance.symbol, instance.arguments), owner.qualified_name)
        return {name: value for name, value in zip(self.parameters(owner), found or ()) if value != _NO_VALUE}

    def may_be_awaitable(self, value: Type) -> bool:
        """Whether `await` may take a value: only of standard types that are no awaitables is the contrary known."""
        for item in candidates(value):
            if not isinstance(item, (Instance, Tuple)):
                return True
            if isinstance(item, Instance):
                bases = self.order(item.symbol)
                if any(cls.frame is None or cls.has_bodies or cls.qualified_name == "typing.Awaitable" for cls, _ in bases):
                    return True
        return value == NEVER

    def is_protocol(self, symbol: ClassSymbol) -> bool:
        """Whether a class is a protocol, which others fit without deriving from it."""
        if symbol.frame is None:
            return False
        bases = (self._linker.values.value(symbol.frame.outer, base) for base in symbol.frame.scope.bases)
        return any(isinstance(base, Special) and base.name == "Protocol" for base in bases)

    def is_enum(self, symbol: ClassSymbol) -> bool:
        return any(cls.qualified_name == "enum.Enum" for cls, _ in self.order(symbol)) and symbol.has_bodies


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
