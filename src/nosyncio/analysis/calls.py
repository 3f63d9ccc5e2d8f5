"""What a call gives: overloads, type variables, decorators, the few built-ins that checkers know by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments, Operand
from nosyncio.analysis.facts import ParameterKind, ScopeKind
from nosyncio.analysis.known import known_result
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.solve import accepts, solve
from nosyncio.analysis.types import (
    NONE,
    CallableType,
    ClassType,
    Form,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
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
    substitute,
    transform,
    type_variables,
    union,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_Operands: TypeAlias = Sequence[tuple[Frame, facts.Expr]]

_CACHES = frozenset(("functools.cache", "functools.lru_cache"))
_PROPERTIES = frozenset(("builtins.property", "functools.cached_property", "abc.abstractproperty", "types.DynamicClassAttribute"))
_TYPE_VARIABLES = frozenset(("typing.TypeVar", "typing.ParamSpec", "typing.TypeVarTuple"))


class Calls:
    """The result of calling a value."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._decorators: Kept[FunctionSymbol, tuple[str, ...]] = Kept(linker.reads)

    # ------------------------------------------------------------------------------------------------------------- decorators

    def decorators(self, symbol: FunctionSymbol) -> tuple[str, ...]:
        """The qualified names of a function's decorators; `.setter` and the like for a property's own."""
        return self._decorators.settled(symbol, (), lambda: tuple(self._decorator_names(symbol)))

    def _decorator_names(self, symbol: FunctionSymbol) -> Iterator[str]:
        for node in symbol.frame.scope.decorators:
            yield from self.decorator_names(symbol.frame.outer, node)

    def is_cached(self, symbol: FunctionSymbol) -> bool:
        """Whether a function keeps what it gives, for calls with the same arguments."""
        return not _CACHES.isdisjoint(self.decorators(symbol))

    def decorator_names(self, frame: Frame, node: facts.Expr) -> list[str]:
        """What a decorator is called: several names where it is bound in several ways (`if TYPE_CHECKING: ... else: ...`)."""
        if isinstance(node, facts.Result):
            site = frame.scope.sites[node.site]
            return self.decorator_names(frame, site.function) if isinstance(site, facts.Call) else []
        if isinstance(node, facts.Attribute) and node.name in ("setter", "deleter", "getter"):
            return [f".{node.name}"]
        names: list[str] = []
        for value in alternatives(self._linker.values.value(frame, node)):
            if isinstance(value, (ClassType, FunctionType)):
                names.append(value.symbol.qualified_name)
            elif isinstance(value, Named):
                names.append(value.qualified_name)
        return names

    def is_property(self, symbol: FunctionSymbol) -> bool:
        """Whether reading the attribute calls the function. Libraries' own are known by their last word."""
        names = self.decorators(symbol)
        return any(name in _PROPERTIES or name.rpartition(".")[2].endswith("property") for name in names)

    def is_static(self, symbol: FunctionSymbol) -> bool:
        return "builtins.staticmethod" in self.decorators(symbol)

    def is_class_method(self, symbol: FunctionSymbol) -> bool:
        implicit = symbol.name in ("__new__", "__init_subclass__", "__class_getitem__")
        return implicit or "builtins.classmethod" in self.decorators(symbol)

    def decorated(self, symbol: FunctionSymbol) -> Type:
        """A function after its decorators. One that only changes what the call gives keeps the function's identity; one
        that is not understood is taken to keep the function."""
        result = FunctionType(symbol)
        frame = symbol.frame.outer
        for node in reversed(symbol.frame.scope.decorators):
            decorator = self._linker.values.value(frame, node)
            if isinstance(decorator, FunctionType) and decorator.symbol.frame.scope.returns is not None:
                given = self.function(decorator, (), [Operand(self._linker, type_=result)])
                if isinstance(given, CallableType) and not isinstance(given.returns, Unknown):
                    result = FunctionType(symbol, None, given.returns)
        return result

    # ----------------------------------------------------------------------------------------------------------------- results

    def result_of_site(self, frame: Frame, call: facts.Call) -> Type:
        """What a call site gives."""
        callee = self._linker.values.value(frame, call.function)
        return self.result(callee, Arguments.of_call(self._linker, frame, call), frame)

    def method(self, receiver: Type, name: str, operands: _Operands) -> Type:
        """What `receiver.name(...)` gives, for the methods that syntax calls."""
        found = self._linker.members.member(receiver, name)
        arguments = Arguments([Operand(self._linker, frame, expr) for frame, expr in operands], {}, complete=True)
        return self.result(found, arguments, None)

    def result(self, callee: Type, arguments: Arguments, frame: Frame | None) -> Type:
        """What calling `callee` gives. `frame` is where the call stands."""
        if isinstance(callee, Union):
            return union(self.result(item, arguments, frame) for item in candidates(callee))
        if isinstance(callee, FunctionType):
            return self._function(callee, arguments)
        if isinstance(callee, ClassType):
            return self._constructed(callee, arguments, frame)
        if isinstance(callee, CallableType):
            return callee.returns
        if isinstance(callee, Form):
            return callee.denoted
        if isinstance(callee, Partial):
            return self.result(callee.function, Arguments.unknown(), frame)
        if isinstance(callee, Instance):
            call = self._linker.members.member(callee, "__call__")
            if isinstance(call, (FunctionType, Union)):
                return self.result(call, arguments, frame)
        if isinstance(callee, Named) and self._linker.catalogue.is_class(callee.qualified_name):
            return Instance(self._linker.classes.named_class(callee.qualified_name))
        if isinstance(callee, Special) and callee.name == "Type" and callee.arguments:
            return callee.arguments[0]
        return callee if isinstance(callee, (Unknown, Never)) else Unknown(Reason.CALL)

    def function(self, callee: FunctionType, operands: _Operands, extra: Sequence[Operand] = ()) -> Type:
        """What calling a function with these operands gives."""
        given = [Operand(self._linker, frame, expr) for frame, expr in operands]
        return self._function(callee, Arguments([*given, *extra], {}, complete=True))

    def _function(self, callee: FunctionType, arguments: Arguments) -> Type:
        symbol = callee.symbol
        known = known_result(self._linker, callee, arguments)
        if known is not None:
            return known
        if callee.returns is not None:
            return callee.returns
        if symbol.has_body and symbol.frame.scope.returns is None:
            return self._wrapped(symbol, self._for_receiver(callee, self._linker.values.returned(symbol)))
        results: list[Type] = []
        for overload, is_certain in self._matching(callee, arguments):
            results.append(self._returned(FunctionType(overload, callee.receiver), arguments))
            if is_certain:
                break
        return union(results) if results else Unknown(Reason.OVERLOAD)

    def may_be_awaited(self, frame: Frame, callee: Type, call: facts.Call | None = None) -> bool:
        """Whether `await` may take what calling a value gives; `call`: with the arguments of this one."""
        if any(map(self._is_coroutine_function, candidates(callee))):
            return True
        arguments = Arguments.unknown() if call is None else Arguments.of_call(self._linker, frame, call)
        return self._linker.classes.may_be_awaitable(self.result(callee, arguments, frame))

    def _is_coroutine_function(self, callee: Type) -> bool:
        """Whether calling a value surely gives a coroutine, whatever that gives: told without working it out."""
        if not isinstance(callee, FunctionType) or callee.returns is not None:
            return False
        return all(item.frame.scope.is_async and not item.frame.scope.is_generator for item in self.overloads(callee.symbol))

    def _for_receiver(self, callee: FunctionType, returned: Type) -> Type:
        """What a method's body was seen to return, for this receiver: its class in place of the method's own, its type
        arguments in place of the class's parameters."""
        owner, receiver = callee.symbol.owner, callee.receiver
        if owner is None or not isinstance(receiver, (Instance, ClassType)):
            return returned
        own = tuple(TypeVariable(name) for name in self._linker.classes.parameters(owner))
        variables = self._linker.classes.variables(receiver, owner)

        def replace(part: Type) -> Type | None:
            if part == Instance(owner, own):
                return Instance(receiver.symbol, receiver.arguments)
            if isinstance(part, TypeVariable):
                return variables.get(part.name)
            return None

        return transform(returned, replace)

    def overloads(self, symbol: FunctionSymbol) -> list[FunctionSymbol]:
        """The signatures of a function: its overloads where it has some."""
        scope = symbol.frame.scope
        outer = symbol.frame.outer
        if scope.kind is ScopeKind.LAMBDA:
            return [symbol]
        found: list[FunctionSymbol] = []
        for binding in outer.scope.names.get(scope.name, ()):
            value = outer.scope.bindings[binding]
            if isinstance(value, facts.FunctionRef):
                other = self._linker.names.function_symbol(outer.module, value.scope)
                if any(name.endswith(".overload") for name in self.decorators(other)):
                    found.append(other)
        return found or [symbol]

    def _matching(self, callee: FunctionType, arguments: Arguments) -> list[tuple[FunctionSymbol, bool]]:
        """The overloads that take these arguments, each with whether it surely does."""
        overloads = self.overloads(callee.symbol)
        if len(overloads) == 1:
            return [(overloads[0], True)]
        matching: list[tuple[FunctionSymbol, bool]] = []
        for overload in overloads:
            bound = arguments.bind(overload, skip_receiver=self.has_receiver(callee, overload))
            if bound is None:
                continue
            verdicts = [
                accepts(self._linker, self._linker.annotations.of_signature(overload.frame, parameter.annotation), operand)
                for parameter, operand in bound
                if parameter.annotation is not None
            ]
            if all(verdict is not False for verdict in verdicts):
                matching.append((overload, all(verdict is True for verdict in verdicts)))
        if arguments.rest is not None:  # however many there are: to those that take any number
            return [match for match in matching if _takes_any_number(match[0])] or matching
        return matching

    def has_receiver(self, callee: FunctionType, overload: FunctionSymbol) -> bool:
        """Whether the first parameter of a signature is what a callee was read from."""
        return callee.receiver is not None and overload.owner is not None and not self.is_static(overload)

    def _returned(self, callee: FunctionType, arguments: Arguments) -> Type:
        """What one signature gives, its type variables solved from the receiver and the arguments."""
        symbol = callee.symbol
        scope = symbol.frame.scope
        if scope.returns is None:
            return self._wrapped(symbol, Unknown(Reason.STUB))
        declared = self._linker.annotations.of_signature(symbol.frame, scope.returns)
        variables: dict[str, Type] = {}
        receiver = callee.receiver
        if type_variables(declared):  # where there are none, what arguments say of them makes no difference
            if symbol.owner is not None and isinstance(receiver, (Instance, ClassType)):
                variables.update(self._linker.classes.variables(receiver, symbol.owner))
            self._solve_into(variables, callee, arguments)
        if isinstance(receiver, ClassType):
            receiver = Instance(receiver.symbol, receiver.arguments)
        given = substitute(declared, variables, receiver=receiver)
        if symbol.has_body and any(isinstance(item, CallableType) for item in alternatives(given)):
            given = self._functions_returned(symbol) or given
        return self._wrapped(symbol, given)

    def _functions_returned(self, symbol: FunctionSymbol) -> Type | None:
        """The functions that a body returns, which say more than `Callable[...]` does; None if it returns anything else."""
        found = self._linker.values.returned(symbol)
        items = alternatives(found)
        known = all(isinstance(item, (FunctionType, Partial, NoneType)) for item in items)
        return found if known and any(not isinstance(item, NoneType) for item in items) else None

    def _solve_into(self, variables: dict[str, Type], callee: FunctionType, arguments: Arguments) -> None:
        symbol = callee.symbol
        has_receiver = self.has_receiver(callee, symbol)
        if has_receiver and callee.receiver is not None and symbol.frame.scope.parameters:
            annotation = symbol.frame.scope.parameters[0].annotation
            if annotation is not None:
                receiver = Operand(self._linker, type_=callee.receiver)
                solve(self._linker, self._linker.annotations.of_signature(symbol.frame, annotation), receiver, variables)
        for parameter, operand in arguments.bind(symbol, skip_receiver=has_receiver) or ():
            if parameter.annotation is not None:
                formal = self._linker.annotations.of_signature(symbol.frame, parameter.annotation)
                solve(self._linker, formal, operand, variables)

    def _wrapped(self, symbol: FunctionSymbol, value: Type) -> Type:
        """`value` as calling the function gives it: a coroutine or a generator of it where it is one."""
        scope = symbol.frame.scope
        standard = self._linker.classes.standard
        if scope.is_generator:
            if scope.returns is not None:
                return value
            return (
                standard("typing.AsyncGenerator", value, NONE)
                if scope.is_async
                else standard("typing.Generator", value, NONE, NONE)
            )
        if scope.is_async:
            return standard("typing.Coroutine", NONE, NONE, value)
        return value

    def _constructed(self, cls: ClassType, arguments: Arguments, frame: Frame | None) -> Type:
        """What calling a class gives."""
        name = cls.symbol.qualified_name
        if name in _TYPE_VARIABLES:
            first = arguments.at(0, "name")
            literal = None if first is None else first.literal()
            name_of = literal.value if literal is not None and isinstance(literal.value, str) else "?"
            return TypeVariable(name_of, self._bound(arguments))
        if name == "typing.NewType":
            second = arguments.at(1, "tp")
            if second is not None and second.frame is not None and second.expr is not None:
                return Form(self._linker.annotations.denoted(second.frame, second.expr))
        if name == "builtins.staticmethod" and arguments.positional:
            return arguments.positional[0].type
        if name == "builtins.super":
            return self._super_of(arguments.positional) or self._super(frame)
        if name == "builtins.type" and len(arguments.positional) == 1:
            classes = [
                ClassType(item.symbol, item.arguments) if isinstance(item, Instance) else Unknown(Reason.UNKNOWN_CLASS)
                for item in candidates(arguments.positional[0].type)
            ]
            return union(classes)
        if name == "functools.partial" and arguments.positional:
            return Partial(arguments.positional[0].type)
        parameters = self._linker.classes.parameters(cls.symbol)
        made = self._made_by_new(cls, arguments) if parameters or cls.symbol.has_bodies else None
        if made is not None or cls.arguments or not parameters:
            return made or Instance(cls.symbol, cls.arguments)
        return Instance(cls.symbol, self._inferred_arguments(cls, arguments))

    def _made_by_new(self, cls: ClassType, arguments: Arguments) -> Type | None:
        """What a class's `__new__` is declared to give, where that says more than the class alone (`zip`)."""
        found = self._linker.members.find(cls.symbol, "__new__")
        if found is None or not isinstance(found.raw, FunctionType) or found.owner is not cls.symbol:
            return None
        for overload, _ in self._matching(FunctionType(found.raw.symbol, cls), arguments):
            given = self._returned(FunctionType(overload, cls), arguments)
            if isinstance(given, Tuple) or (isinstance(given, Instance) and (given.symbol is not cls.symbol or given.arguments)):
                return given
        return None

    def _bound(self, arguments: Arguments) -> Type | None:
        """What a type variable is limited to: its `bound`, or one of its constraints."""
        limits = [arguments.keywords["bound"]] if "bound" in arguments.keywords else arguments.positional[1:]
        denoted = [
            self._linker.annotations.denoted(limit.frame, limit.expr)
            for limit in limits
            if limit.frame is not None and limit.expr is not None
        ]
        return union(denoted) if denoted else None

    def _inferred_arguments(self, cls: ClassType, arguments: Arguments) -> tuple[Type, ...]:
        """The type arguments of a generic class, from those of the call."""
        parameters = self._linker.classes.parameters(cls.symbol)
        receiver = Instance(cls.symbol, tuple(TypeVariable(name) for name in parameters))
        variables: dict[str, Type] = {}
        for constructor in ("__new__", "__init__"):
            found = self._linker.members.find(cls.symbol, constructor)
            if found is not None and isinstance(found.raw, FunctionType) and found.owner.qualified_name != "builtins.object":
                callee = FunctionType(found.raw.symbol, receiver)
                for overload, is_certain in self._matching(callee, arguments):
                    self._solve_into(variables, FunctionType(overload, receiver), arguments)
                    if is_certain:
                        break
        return tuple(_solved(variables.get(name), name) for name in parameters)

    def _super_of(self, operands: Sequence[Operand]) -> Type | None:
        """`super(Owner, self)`, wherever it stands."""
        if len(operands) != 2:
            return None
        owners, receivers = candidates(operands[0].type), candidates(operands[1].type)
        if len(owners) == len(receivers) == 1:
            owner, receiver = owners[0], receivers[0]
            if isinstance(owner, ClassType) and isinstance(receiver, (Instance, ClassType)):
                return Super(owner.symbol, receiver)
        return None

    def _super(self, frame: Frame | None) -> Type:
        while frame is not None and frame.scope.parent >= 0:
            symbol = self._linker.names.function_symbol(frame.module, frame.number) if _is_function(frame) else None
            if symbol is not None and symbol.owner is not None:
                receiver = self._linker.members.own_receiver(symbol)
                return Unknown(Reason.SUPER) if receiver is None else Super(symbol.owner, receiver)
            frame = frame.outer
        return Unknown(Reason.SUPER)


def _takes_any_number(symbol: FunctionSymbol) -> bool:
    return any(parameter.kind is ParameterKind.VAR_POSITIONAL for parameter in symbol.frame.scope.parameters)


def _is_function(frame: Frame) -> bool:
    return frame.scope.kind in (ScopeKind.FUNCTION, ScopeKind.LAMBDA)


def _solved(value: Type | None, name: str) -> Type:
    if value is None or (isinstance(value, TypeVariable) and value.name == name):
        return Unknown(Reason.TYPE_VARIABLE, soft=True)
    return value
