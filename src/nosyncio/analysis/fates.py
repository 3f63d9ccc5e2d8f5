"""What becomes of a callable that is handed to a call: called at once, run in a thread, called by the loop, or nothing known.

For libraries the catalogue says so. A function of the code under check is read: what it does with a parameter, directly, in a
`partial`, in a lambda or nested function, or by handing it on.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments, Operand
from nosyncio.analysis.calling import runs_when_called
from nosyncio.analysis.facts import Expr, Flag, ParameterFacts, ScopeKind
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.types import (
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    Module,
    Partial,
    Type,
    alternatives,
    candidates,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_ASKS_FOR_COROUTINE = frozenset(("iscoroutinefunction", "is_coroutine_function", "is_async_callable"))
_KEEPS_FIRST = frozenset(("partial", "update_wrapper", "wraps", "partialmethod"))


class Fate(enum.Flag):
    """What a call does with a callable among its arguments."""

    NONE = 0
    CALLED = enum.auto()
    OFFLOADED = enum.auto()
    ON_LOOP = enum.auto()


class _Parameter(NamedTuple):
    """A parameter of a function, by the function's scope: what closures inside mean, too."""

    scope: int
    name: str


class Handed(NamedTuple):
    """An argument that is handed over, and what becomes of it."""

    operand: Operand
    fate: Fate


class _Bound(NamedTuple):
    """A function that a call may run, and its parameters with what they are given."""

    function: FunctionSymbol
    pairs: list[tuple[ParameterFacts, Operand]]


class Fates:
    """Reads functions for what they do with a parameter, each parameter once."""

    def __init__(self, linker: Linker, verdicts: Verdicts) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._known: Kept[tuple[Frame, _Parameter], Fate] = Kept(linker.reads)
        self._reaching: Kept[Frame, frozenset[_Parameter]] = Kept(linker.reads)
        self._active: dict[tuple[Frame, _Parameter], int] = {}
        self._lowest = 0

    def of_call(self, frame: Frame, call: facts.Call) -> list[Handed]:
        """The callables of the code under check among a call's arguments, with what the call does with each.

        One that is sometimes run in a thread is taken to be run there: the code that decides knows why.
        """
        if not self._may_hand_over(frame, call):
            return []
        arguments = Arguments.of_call(self._linker, frame, call)
        operands = [*arguments.positional, *arguments.keywords.values()]
        bound = self._bound(frame, call, arguments)
        if not self._verdicts.handling_names(frame, call):
            operands = self._used(call, bound, operands)
        found = []
        for operand in operands:
            if is_callable_here(operand.type):
                fate = self._of_operand(frame, call, arguments, bound, operand)
                if fate:
                    found.append(Handed(operand, fate))
        return found

    def _bound(self, frame: Frame, call: facts.Call, arguments: Arguments) -> list[_Bound]:
        """What each function that a call may run is given of the call's arguments."""
        return [
            _Bound(function, arguments.bind(function, skip_receiver=skip) or _by_place(arguments, function, skip))
            for function, skip in self._called(self._linker.values.value(frame, call.function))
        ]

    def _used(self, call: facts.Call, bound: Iterable[_Bound], operands: list[Operand]) -> list[Operand]:
        """The arguments that a function which is called may call or hand on, as far as that is seen without their types: those
        are dearer."""
        found: set[int] = set()
        for function, pairs in bound:
            if not runs_when_called(function, awaited=bool(call.flags & Flag.AWAITED)):
                return operands  # nobody else wants to know what is in it
            reached = self._reached(function.frame)
            for parameter, operand in pairs:
                if _Parameter(function.frame.number, parameter.name) in reached:
                    found.add(id(operand))
        return [operand for operand in operands if id(operand) in found]

    def _reached(self, frame: Frame) -> frozenset[_Parameter]:
        """The parameters that calls in a scope, and in functions in it that these call or are given, call or are given."""
        return self._reaching.once(frame, lambda: frozenset(self._reached_from(frame)))

    def _reached_from(self, frame: Frame) -> Iterator[_Parameter]:
        pending, seen = [frame.number], {frame.number}
        while pending:
            inner = Frame(frame.module, pending.pop())
            calls = (site for site in inner.scope.sites if isinstance(site, facts.Call))
            for part in {part for call in calls for expr in (call.function, *call.passed) for part in carried(inner, expr)}:
                if isinstance(part, _Parameter):
                    yield part
                elif part not in seen:
                    seen.add(part)
                    pending.append(part)

    def of_parameter(self, symbol: FunctionSymbol, name: str) -> Fate:
        """What calling a function does with what its parameter `name` is given."""
        return self._effect(symbol.frame, _Parameter(symbol.frame.number, name))

    # ------------------------------------------------------------------------------------------------------------- arguments

    def _may_hand_over(self, frame: Frame, call: facts.Call) -> bool:
        """Whether anybody says what a call does with its arguments: only then it is asked what they are."""
        if not call.arguments and not call.keywords:
            return False
        is_told = bool(self._verdicts.handling_names(frame, call))
        return is_told or any(True for _ in self._called(self._linker.values.value(frame, call.function)))

    def _of_operand(
        self, frame: Frame, call: facts.Call, arguments: Arguments, bound: Iterable[_Bound], operand: Operand
    ) -> Fate:
        fate = self._told(frame, call, arguments, operand)
        for function, pairs in bound:
            for parameter, given in pairs:
                if given is operand:
                    fate |= self.of_parameter(function, parameter.name)
        return fate & ~Fate.CALLED if fate & (Fate.OFFLOADED | Fate.ON_LOOP) else fate

    def _told(self, frame: Frame, call: facts.Call, arguments: Arguments, operand: Operand) -> Fate:
        """What the catalogue says of the call. What is handed to a thread beside the callable is used there, too."""
        catalogue, told_of = self._linker.catalogue, self._verdicts.told_of_callee
        calls = told_of(frame, call, catalogue.calls)
        if calls is not None and calls.method is None:
            if arguments.at(calls.callable.position, calls.callable.argument) is operand:
                return Fate.CALLED
        offloads = told_of(frame, call, catalogue.offload)
        if offloads is not None and offloads.callable is not None:
            return Fate.OFFLOADED
        registers = told_of(frame, call, catalogue.loop_call)
        if registers is not None and registers.callable is not None:
            if arguments.at(registers.callable.position, registers.callable.argument) is operand:
                return Fate.ON_LOOP
        return Fate.NONE

    def _called(self, callee: Type) -> Iterator[tuple[FunctionSymbol, bool]]:
        """The functions of the code under check that calling `callee` runs with the call's arguments, and whether their first
        parameter is the receiver."""
        for item in candidates(callee):
            if isinstance(item, FunctionType) and item.symbol.has_body:
                yield item.symbol, self._linker.calls.has_receiver(item, item.symbol)
            elif isinstance(item, (ClassType, Instance)) and item.symbol.has_bodies:
                name = "__init__" if isinstance(item, ClassType) else "__call__"
                function = self._linker.members.method(item.symbol, name)
                if function is not None:
                    yield function, True

    # ------------------------------------------------------------------------------------------------------------ parameters

    def _effect(self, frame: Frame, parameter: _Parameter) -> Fate:
        """What running a scope does with a parameter of its own, or of a function around it.

        In a circle of functions that hand a parameter on to each other nothing is known of the one that is asked for again; what
        was derived from that is not kept, so that answers do not depend on the order of questions.
        """
        key = (frame, parameter)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._active:
            self._lowest = min(self._lowest, self._active[key])
            return Fate.NONE
        depth = len(self._active)
        outer, self._lowest = self._lowest, depth
        self._active[key] = depth
        try:
            fate, own = self._linker.reads.during(lambda: self._of_sites(frame, parameter))
        finally:
            del self._active[key]
        if self._lowest >= depth:
            self._known.keep(key, fate, own)
        self._lowest = min(outer, self._lowest)
        return fate

    def _of_sites(self, frame: Frame, parameter: _Parameter) -> Fate:
        fate = Fate.NONE
        for site in frame.scope.sites:
            if isinstance(site, facts.Call) and not self._is_for_coroutines(frame, site, parameter):
                fate |= self._of_site(frame, site, parameter)
        return fate

    def _is_for_coroutines(self, frame: Frame, site: facts.Site, parameter: _Parameter) -> bool:
        """Whether a site runs only where the parameter is a coroutine function, because a test around it says so."""
        return any(parameter in carried(frame, expr) for expr in coroutine_functions(frame, site.guard))

    def _of_site(self, frame: Frame, call: facts.Call, parameter: _Parameter) -> Fate:
        fate = Fate.NONE
        called = set(carried(frame, call.function))
        if called == {parameter}:  # what may be something else instead was chosen by somebody who knows why
            fate |= Fate.CALLED
        for part in called:
            if isinstance(part, int):
                fate |= self._effect(Frame(frame.module, part), parameter)
        if any(isinstance(part, int) or part == parameter for expr in call.passed for part in carried(frame, expr)):
            fate |= self._passed_on(frame, call, parameter)
        return fate

    def _passed_on(self, frame: Frame, call: facts.Call, parameter: _Parameter) -> Fate:
        """What a call does with a parameter that is among its arguments, or is called by a function among them."""
        fate = Fate.NONE
        arguments = Arguments.of_call(self._linker, frame, call)
        bound = self._bound(frame, call, arguments)
        for operand in (*arguments.positional, *arguments.keywords.values()):
            assert operand.expr is not None
            for part in carried(frame, operand.expr):
                if part == parameter:
                    fate |= self._of_operand(frame, call, arguments, bound, operand)
                elif isinstance(part, int):
                    inner = self._effect(Frame(frame.module, part), parameter)
                    outer = self._of_operand(frame, call, arguments, bound, operand) if inner else Fate.NONE
                    fate |= inner if outer is Fate.CALLED else outer
        return fate

    # ------------------------------------------------------------------------------------------------------------ decorators

    def run_by_calling(self, symbol: FunctionSymbol) -> list[FunctionSymbol]:
        """The functions whose bodies calling `symbol` by its name runs, its decorators considered: usually itself. A decorator
        that is not understood is taken to keep the function."""
        bodies = [symbol]
        decorators = symbol.frame.scope.decorators
        if not decorators:
            return bodies
        if any(self._linker.catalogue.offload_decorator_replaces(name) for name in self._linker.calls.decorators(symbol) if name):
            return []
        for node in reversed(decorators):
            makers = self._decorating(symbol, node)
            if makers:
                wrapped: list[FunctionSymbol] = []
                for maker, skip in makers:
                    wrappers = list(self._wrappers(maker, skip))
                    alike = [
                        wrapper for wrapper, _ in wrappers if wrapper is not None and _is_async(wrapper) is _is_async(symbol)
                    ]
                    for wrapper, fate in wrappers:
                        if wrapper is None or wrapper in alike or not alike:  # one wrapper for each sort of function
                            wrapped += [] if wrapper is None else [wrapper]
                            wrapped += bodies if fate is Fate.CALLED else []
                bodies = list(dict.fromkeys(wrapped))
        return bodies

    def is_offloaded_by_decorator(self, symbol: FunctionSymbol) -> bool:
        """Whether a decorator has a function run in a thread whenever it is called."""
        if any(self._linker.catalogue.offload_decorator(name) for name in self._linker.calls.decorators(symbol) if name):
            return True
        makers = [maker for node in symbol.frame.scope.decorators for maker in self._decorating(symbol, node)]
        return any(fate & Fate.OFFLOADED for maker, skip in makers for _, fate in self._wrappers(maker, skip))

    def _decorating(self, symbol: FunctionSymbol, node: Expr) -> list[tuple[FunctionSymbol, bool]]:
        """The functions of the code under check that a decorator is, and whether their first parameter is the receiver."""
        value = self._linker.values.value(symbol.frame.outer, node)
        return [] if isinstance(value, ClassType) else list(self._called(value))

    def _wrappers(self, decorator: FunctionSymbol, skip: bool) -> Iterator[tuple[FunctionSymbol | None, Fate]]:
        """What a decorator puts in a function's place (None: the function itself, or nothing that is understood), and what that
        does with the function."""
        scope = decorator.frame.scope
        parameters = scope.parameters[1 if skip else 0 :]
        own = _Parameter(decorator.frame.number, parameters[0].name) if parameters else None
        parts: list[_Parameter | int | None] = []
        for value in scope.returned if own is not None else ():
            parts += list(carried(decorator.frame, value)) or [None]
        for part in parts or [None]:
            if isinstance(part, int) and own is not None:
                wrapper = Frame(decorator.frame.module, part)
                yield self._linker.names.function_symbol(*wrapper), self._effect(wrapper, own)
            elif part is None or part == own:
                yield None, Fate.CALLED


def _is_async(symbol: FunctionSymbol) -> bool:
    return symbol.frame.scope.is_async


def is_callable_here(value: Type) -> bool:
    """Whether a value is a function or class of the code under check, or may be."""
    for item in alternatives(value):
        if isinstance(item, Partial):
            if is_callable_here(item.function):
                return True
        elif (isinstance(item, FunctionType) and item.symbol.has_body) or (
            isinstance(item, ClassType) and item.symbol.has_bodies
        ):
            return True
    return False


def functions_in(value: Type) -> Iterator[FunctionSymbol]:
    """The functions of the code under check that a callable value is."""
    for item in alternatives(value):
        if isinstance(item, Partial):
            yield from functions_in(item.function)
        elif isinstance(item, FunctionType) and item.symbol.has_body:
            yield item.symbol


def carried(frame: Frame, expr: Expr) -> Iterator[_Parameter | int]:
    """What a callable expression calls in the end, as far as it comes from around it: parameters, and functions that are defined
    here, by scope."""
    seen: set[tuple[int, Expr]] = set()
    pending: list[tuple[int, Expr]] = [(frame.number, expr)]
    while pending:
        number, node = pending.pop()
        if (number, node) in seen:
            continue
        seen.add((number, node))
        scope = frame.module.facts.scopes[number]
        if isinstance(node, facts.Local):
            value = scope.bindings[node.binding]
            if isinstance(value, facts.Parameter):
                yield _Parameter(number, scope.parameters[value.index].name)
            else:
                pending.append((number, value))
        elif isinstance(node, facts.FunctionRef):
            yield node.scope
        elif isinstance(node, facts.Result):
            call = scope.sites[node.site]
            if isinstance(call, facts.Call) and call.arguments and last_word(frame.module, number, call.function) in _KEEPS_FIRST:
                pending.append((number, call.arguments[0]))
        elif isinstance(node, facts.Name):
            pending += _bindings_around(frame.module, number, node.id)
        else:
            pending += [(number, inner) for inner in _inside(node)]


def _inside(node: Expr) -> list[Expr]:
    if isinstance(node, facts.Phi):
        return [facts.Local(binding) for binding in reversed(node.bindings)]
    if isinstance(node, facts.Either):
        return list(reversed(node.values))
    if isinstance(node, (facts.Narrowed, facts.Starred)):
        return [node.value]
    if isinstance(node, facts.Declared) and node.value is not None:
        return [node.value]
    return []


def _bindings_around(module: Module, number: int, name: str) -> list[tuple[int, Expr]]:
    """What the nearest function around a scope binds a free name to; nothing where that is a module's or class's."""
    binder = module.facts.binder(number, name)
    if binder is None or module.facts.scopes[binder].kind not in (ScopeKind.FUNCTION, ScopeKind.LAMBDA):
        return []
    return [(binder, facts.Local(binding)) for binding in reversed(module.facts.scopes[binder].names[name])]


def coroutine_functions(frame: Frame, guard: int) -> Iterator[Expr]:
    """What the tests around a site say is a coroutine function."""
    for item in frame.scope.guards_from(guard):
        test, holds = item.test, item.holds
        if isinstance(test, facts.Opposite):
            test, holds = test.test, not holds
        if holds and isinstance(test, facts.Truth) and isinstance(test.value, facts.Result):
            call = frame.scope.sites[test.value.site]
            if isinstance(call, facts.Call) and asks_for_coroutine(frame, call):
                yield from call.arguments[:1]


def asks_for_coroutine(frame: Frame, call: facts.Call) -> bool:
    """Whether a call asks if a callable is a coroutine function."""
    return last_word(frame.module, frame.number, call.function) in _ASKS_FOR_COROUTINE


def last_word(module: Module, number: int, expr: Expr) -> str:
    """The last word that a callee is spelled with; that of the definition where a variable stands for one."""
    if isinstance(expr, facts.Attribute):
        return expr.name
    if isinstance(expr, facts.Name):
        return expr.id
    if isinstance(expr, (facts.FunctionRef, facts.ClassRef)):
        return module.facts.scopes[expr.scope].name
    if isinstance(expr, facts.Imported):
        return expr.name
    if isinstance(expr, facts.Local):
        value = module.facts.scopes[number].bindings[expr.binding]
        return "" if isinstance(value, (facts.Local, facts.Phi)) else last_word(module, number, value)
    return ""


def _by_place(arguments: Arguments, function: FunctionSymbol, skip: bool) -> list[tuple[ParameterFacts, Operand]]:
    """A rough binding for calls that do not fit a function's signature, or may not: what is given by name or stands before any
    `*args` meets the parameter of that name or place."""
    parameters = function.frame.scope.parameters[1 if skip else 0 :]
    by_name = {parameter.name: parameter for parameter in parameters}
    bound = list(zip(parameters, arguments.positional))
    return [*bound, *((by_name[name], operand) for name, operand in arguments.keywords.items() if name in by_name)]
