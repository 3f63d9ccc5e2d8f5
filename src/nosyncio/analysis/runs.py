"""What a site runs before it goes on: the sync functions of the code under check behind a call, a property, a `with`, a loop.

These are the edges of the call graph, worked out for a site when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, Flag, ScopeKind
from nosyncio.analysis.fates import Fate, Fates
from nosyncio.analysis.origins import origins
from nosyncio.analysis.overrides import Overrides, Scope, own_methods
from nosyncio.analysis.types import (
    ClassSymbol,
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    Module,
    Partial,
    Super,
    Type,
    candidates,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_MOST_RETURNED = 4
"""How many functions that only hand a generator on are looked through."""


class Node(NamedTuple):
    """A function as a call runs it. `receiver` is the class that a method runs for, where that is not the one that defines it:
    it decides what `self.step()` means in an inherited `run`."""

    symbol: FunctionSymbol
    receiver: ClassSymbol | None = None


Run: TypeAlias = tuple[tuple[Node, ...], ...]
"""What one callee runs: for each thing that it can be, the functions of which any may run. Usually one of one."""


class Runs:
    """Edges. A coroutine function is not run by calling it, a generator function not before something iterates it."""

    def __init__(self, linker: Linker, verdicts: Verdicts, fates: Fates, modules: Iterable[Module]) -> None:
        """`modules`: those whose overrides count."""
        self._linker = linker
        self._verdicts = verdicts
        self._fates = fates
        modules = list(modules)
        self._overrides = Overrides(linker, modules)
        self._accessors = _accessor_names(modules)

    def of_site(self, frame: Frame, index: int, receiver: ClassSymbol | None = None) -> list[Run]:
        """What a site runs, in a fixed order. `receiver`: the class that the method around the site runs for."""
        return _Site(self, frame, receiver).run(frame.scope.sites[index])

    def functions(self, frame: Frame, index: int) -> list[FunctionSymbol]:
        """All functions that a site may run."""
        runs = self.of_site(frame, index)
        return list(dict.fromkeys(node.symbol for run in runs for branch in run for node in branch))

    # ---------------------------------------------------------------------------------------------------- what a value runs

    def called(self, item: Type, scope: Scope) -> list[Node]:
        """The functions that calling a value runs."""
        if isinstance(item, FunctionType):
            return self._of_function(item, scope)
        if isinstance(item, ClassType):
            return self._constructed(item.symbol)
        if isinstance(item, Partial):
            return [node for inner in candidates(item.function) for node in self.called(inner, Scope.NONE)]
        if isinstance(item, Instance):
            return self.methods(item.symbol, "__call__")
        return []

    def _of_function(self, function: FunctionType, scope: Scope) -> list[Node]:
        symbol = function.symbol
        if not symbol.is_project:
            return []
        cls = function.receiver.symbol if isinstance(function.receiver, (Instance, ClassType)) else None
        found = self._bodies(symbol, cls)
        if cls is not None and (scope is Scope.ALL or (scope is Scope.OF_ABSTRACT and self._overrides.is_abstract(symbol))):
            for subclass, override in self._overrides.of(cls, symbol.name):
                found += self._bodies(override, subclass)
        return found

    def _bodies(self, symbol: FunctionSymbol, cls: ClassSymbol | None) -> list[Node]:
        """What calling a function by name runs at once."""
        bodies = self._fates.run_by_calling(symbol)
        receiver = cls if symbol.owner is not None and cls is not symbol.owner else None
        return [Node(body, receiver if body is symbol else None) for body in bodies if _runs_at_once(body)]

    def methods(self, cls: ClassSymbol, *names: str) -> list[Node]:
        """The methods of these names that a class of the code under check has or inherits."""
        found: list[Node] = []
        for name in names:
            member = self._linker.members.find(cls, name, instance=False)
            if member is not None and isinstance(member.raw, FunctionType) and member.raw.symbol.is_project:
                found += self._bodies(member.raw.symbol, cls)
        return found

    def _constructed(self, cls: ClassSymbol) -> list[Node]:
        """What making an instance runs."""
        order = self._linker.classes.order(cls)
        if not any(base.is_project for base, _ in order):
            return []
        found = self.methods(cls, "__new__", "__init__", "__post_init__", "__attrs_post_init__", "model_post_init")
        for base, _ in order:
            if base.frame is not None and base.is_project:
                if "__init__" in base.frame.scope.names:
                    break
                found += self._default_factories(base.frame)
        return found

    def _default_factories(self, body: Frame) -> Iterator[Node]:
        """What the fields of a class are made by, where a constructor that is made for it calls that."""
        for site in body.scope.sites:
            if isinstance(site, facts.Call):
                for keyword in site.keywords:
                    if keyword.name in ("default_factory", "factory"):
                        for item in candidates(self._linker.values.value(body, keyword.value)):
                            yield from self.called(item, Scope.NONE)

    # ------------------------------------------------------------------------------------------------------- what syntax runs

    def accessed(self, cls: ClassSymbol, name: str, scope: Scope, *, setter: bool) -> list[Node]:
        """The getter or setter behind an attribute of an instance."""
        found: list[Node] = []
        for base, _ in self._linker.classes.order(cls):
            if base.is_project and base.frame is not None and name in base.frame.scope.names:
                found += self._own_accessors(base, cls, name, setter=setter)
                break
        if scope is Scope.ALL:
            for subclass, _ in self._overrides.of(cls, name):
                found += self._own_accessors(subclass, subclass, name, setter=setter)
        return found

    def _own_accessors(self, owner: ClassSymbol, cls: ClassSymbol, name: str, *, setter: bool) -> Iterator[Node]:
        for symbol in own_methods(self._linker, owner, name):
            decorators = self._linker.calls.decorators(symbol)
            if (".setter" in decorators) if setter else self._linker.calls.is_property(symbol):
                if _runs_at_once(symbol):
                    yield Node(symbol, cls if cls is not owner else None)

    def may_be_accessor(self, name: str) -> bool:
        """Whether any class under check has a property of that name: a cheap first test."""
        return name in self._accessors

    def generators(self, frame: Frame, value: Expr, depth: int = 0) -> Iterator[Node]:
        """The generator functions whose call `value` comes from: iterating it, or entering it, runs their body."""
        for origin in origins(self._linker, frame, value):
            if origin.is_generator:
                continue
            for item in candidates(self._linker.values.value(origin.frame, origin.call.function)):
                if isinstance(item, FunctionType) and item.symbol.is_project and not item.symbol.frame.scope.is_async:
                    if item.symbol.frame.scope.is_generator:
                        cls = item.receiver.symbol if isinstance(item.receiver, (Instance, ClassType)) else None
                        yield Node(item.symbol, cls if cls is not item.symbol.owner else None)
                    elif depth < _MOST_RETURNED:
                        for returned in item.symbol.frame.scope.returned:
                            yield from self.generators(item.symbol.frame, returned, depth + 1)

    # ------------------------------------------------------------------------------------------------------------- callbacks

    def callbacks(self, frame: Frame, call: facts.Call) -> Iterator[Run]:
        """The functions among the arguments that the callee calls before it returns."""
        for handed in self._fates.of_call(frame, call):
            if handed.fate is Fate.CALLED:
                yield self.run(handed.operand.type, Scope.NONE)

    def run(self, callee: Type, scope: Scope) -> Run:
        """What calling a value runs, for each thing that it can be."""
        return tuple([tuple(dict.fromkeys(self.called(item, scope))) for item in candidates(callee)])

    def scope(self, frame: Frame, function: Expr) -> Scope:
        return self._overrides.scope(frame, function)

    def iterated_argument(self, frame: Frame, call: facts.Call) -> Expr | None:
        """The argument that a call iterates before it returns."""
        return self._verdicts.consumed_argument(frame, call)

    def iterated_parts(self, frame: Frame, iterable: Expr) -> Iterator[Expr]:
        """What iterating a value iterates: itself, and the arguments of `enumerate`, `zip` and the like that it comes from."""
        yield iterable
        for origin in origins(self._linker, frame, iterable):
            if not origin.is_generator and origin.frame == frame:
                yield from self._verdicts.passed(frame, origin.call)

    def mapped(self, frame: Frame, iterable: Expr) -> Iterator[Run]:
        """The functions that `map` and the like call while their result is iterated."""
        for origin in origins(self._linker, frame, iterable):
            if not origin.is_generator:
                operand = self._verdicts.mapped(origin.frame, origin.call)
                if operand is not None:
                    yield self.run(operand.type, Scope.NONE)

    def value(self, frame: Frame, expr: Expr, receiver: ClassSymbol | None) -> Type:
        """The type of an expression in a method that runs for `receiver`: what hangs on `self` or `super()` is that class's."""
        values, members = self._linker.values, self._linker.members
        if receiver is None:
            return values.value(frame, expr)
        if isinstance(expr, facts.Attribute):
            owner = self.value(frame, expr.value, receiver)
            return members.member(owner, expr.name)
        found = values.value(frame, expr)
        if isinstance(found, Super):
            return Super(found.symbol, _for(found.receiver, receiver))
        if isinstance(expr, facts.Local) and frame.scope.root(expr) == facts.Local(0) and _has_receiver(frame):
            return _for(found, receiver)
        return found


class _Site:
    """One site's edges, for one receiver of the method around it."""

    def __init__(self, runs: Runs, frame: Frame, receiver: ClassSymbol | None) -> None:
        self._runs = runs
        self._frame = frame
        self._receiver = receiver

    def run(self, site: facts.Site) -> list[Run]:
        if site.flags & Flag.ASYNC:
            return []
        return [run for run in self._run(site) if any(run)]

    def _run(self, site: facts.Site) -> Iterator[Run]:
        frame, runs = self._frame, self._runs
        if isinstance(site, facts.Call):
            yield runs.run(self._value(site.function), runs.scope(frame, site.function))
            yield from runs.callbacks(frame, site)
            consumed = runs.iterated_argument(frame, site)
            if consumed is not None:
                yield from self._iterated(consumed)
        elif isinstance(site, (facts.Read, facts.Write)):
            if runs.may_be_accessor(site.name):
                yield from self._accessed(site)
        elif isinstance(site, facts.Enter):
            yield self._special(site.manager, "__enter__", "__exit__")
            yield tuple((node,) for node in runs.generators(frame, site.manager))
        elif isinstance(site, facts.Iterate):
            yield from self._iterated(site.iterable)
        elif isinstance(site, facts.Operate):
            yield self._special(site.value, site.method)

    def _value(self, expr: Expr) -> Type:
        return self._runs.value(self._frame, expr, self._receiver)

    def _accessed(self, site: facts.Read | facts.Write) -> Iterator[Run]:
        scope = self._runs.scope(self._frame, facts.Attribute(site.value, site.name))
        branches = [
            tuple(self._runs.accessed(item.symbol, site.name, scope, setter=isinstance(site, facts.Write)))
            if isinstance(item, Instance)
            else ()
            for item in candidates(self._value(site.value))
        ]
        yield tuple(branches)

    def _special(self, value: Expr, *methods: str) -> Run:
        items = candidates(self._value(value))
        return tuple(tuple(self._runs.methods(item.symbol, *methods)) if isinstance(item, Instance) else () for item in items)

    def _iterated(self, iterable: Expr) -> Iterator[Run]:
        for part in self._runs.iterated_parts(self._frame, iterable):
            yield self._special(part, "__iter__", "__next__")
            yield tuple((node,) for node in self._runs.generators(self._frame, part))
        yield from self._runs.mapped(self._frame, iterable)


def _runs_at_once(symbol: FunctionSymbol) -> bool:
    """Whether calling a function runs its body: not that of a coroutine function or a generator."""
    scope = symbol.frame.scope
    return symbol.is_project and not scope.is_async and not scope.is_generator


def _has_receiver(frame: Frame) -> bool:
    scope = frame.scope
    in_class = scope.parent >= 0 and frame.outer.scope.kind is ScopeKind.CLASS
    return in_class and bool(scope.parameters)


def _for(type_: Type, receiver: ClassSymbol) -> Type:
    """`self` or `cls` as an object of another class."""
    if isinstance(type_, Instance):
        return Instance(receiver)
    return ClassType(receiver) if isinstance(type_, ClassType) else type_


def _accessor_names(modules: Iterable[Module]) -> set[str]:
    """The names of methods that have a decorator which may make a property of them."""
    found: set[str] = set()
    for module in modules:
        for scope in module.facts.scopes:
            if scope.decorators and scope.kind is ScopeKind.FUNCTION:
                if module.facts.scopes[scope.parent].kind is ScopeKind.CLASS:
                    found.add(scope.name)
    return found
