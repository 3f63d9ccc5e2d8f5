"""What a site runs before it goes on: the sync functions of the code under check behind a call, a property, a `with`, a loop.

These are the edges of the call graph, worked out for a site when somebody asks.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.bodies import NOTHING_PASSED, Bodies, Node, Passed
from nosyncio.analysis.facts import Expr, Flag
from nosyncio.analysis.fates import Fate, Fates, coroutine_functions
from nosyncio.analysis.guards import Guards
from nosyncio.analysis.index import Index
from nosyncio.analysis.origins import is_made_here, origins
from nosyncio.analysis.overrides import Overrides
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.types import (
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    Partial,
    Super,
    Type,
    Unknown,
    candidates,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_MOST_RETURNED = 4
"""How many functions that only hand a generator on are looked through."""

Run: TypeAlias = tuple[tuple[Node, ...], ...]
"""What one callee runs: for each thing that it can be, the functions of which any may run. Usually one of one."""


class Via(enum.Enum):
    """How a site runs a function: the code there says so itself, by a call or with syntax; or it hands the function to what it
    calls; or something of a library that is called there runs it."""

    CALL = "call"
    SYNTAX = "syntax"
    HANDED = "handed"
    LIBRARY = "library"


class Runs:
    """Edges of the call graph. A site belongs to a function as a call runs it (`around`), or to loop code."""

    def __init__(
        self, linker: Linker, verdicts: Verdicts, fates: Fates, guards: Guards, overrides: Overrides, index: Index
    ) -> None:
        """`index`: of the modules whose properties count."""
        self._linker = linker
        self._guards = guards
        self._verdicts = verdicts
        self._fates = fates
        self._bodies = Bodies(linker, fates, overrides)
        self._accessors = index.accessors
        self._made_here: Kept[tuple[Frame, Expr], bool] = Kept(linker.reads)

    def of_site(self, frame: Frame, index: int, around: Node | None = None) -> list[Run]:
        """What a site runs, in a fixed order."""
        return [run for _, run in self.ways_of_site(frame, index, around)]

    def ways_of_site(self, frame: Frame, index: int, around: Node | None = None) -> list[tuple[Via, Run]]:
        """What a site runs, in a fixed order, and how."""
        site = frame.scope.sites[index]
        if site.flags & Flag.ASYNC:
            return [(Via.SYNTAX, run) for run in self._awaited_by_syntax(frame, site, around) if any(run)]
        if isinstance(site, (facts.Read, facts.Write)) and site.name not in self._accessors:
            return []
        ways = [(via, run) for via, run in self._of_site(frame, site, around) if any(run)]
        followed = [(via, run) for via, run in ways if via is Via.CALL and any(_installed(run))]
        if followed and self._verdicts.verdict(frame, index) is not None:  # the catalogue has the last word on this call
            return [way for way in ways if way not in followed]
        return ways

    def of_callee(self, call: facts.Call, callee: Type) -> Run:
        """What a call runs, if `callee` is what it calls, as somebody says who does not say of what it is a method."""
        return self._called(callee, exact=True, passed=_passed(call))

    def functions(self, frame: Frame, index: int) -> list[FunctionSymbol]:
        """All functions that a site may run."""
        runs = self.of_site(frame, index)
        return list(dict.fromkeys(node.symbol for run in runs for branch in run for node in branch))

    def _of_site(self, frame: Frame, site: facts.Site, around: Node | None) -> Iterator[tuple[Via, Run]]:
        if isinstance(site, facts.Call):
            yield from self._of_call(frame, site, around)
        else:
            for run in self._of_syntax(frame, site, around):
                yield Via.SYNTAX, run

    def _of_syntax(self, frame: Frame, site: facts.Site, around: Node | None) -> Iterator[Run]:
        if isinstance(site, (facts.Read, facts.Write)):
            yield self._accessed(frame, site.value, site.name, around, setter=isinstance(site, facts.Write))
        elif isinstance(site, facts.Enter):
            yield from self._entered(frame, site.manager, around)
        elif isinstance(site, facts.Iterate):
            yield from self._iterated(frame, site.iterable, around)
        elif isinstance(site, facts.Operate):
            run = self._special(frame, site.value, around, site.method)
            yield run
            if site.method == "__contains__" and not any(run):
                yield from self._iterated(frame, site.value, around)

    # ----------------------------------------------------------------------------------------------------------------- calls

    def _of_call(self, frame: Frame, call: facts.Call, around: Node | None) -> Iterator[tuple[Via, Run]]:
        function = call.function
        if isinstance(function, facts.Attribute) and function.name in self._accessors:
            yield Via.SYNTAX, self._accessed(frame, function.value, function.name, around, setter=False)
        callee = self._value(frame, function, around)
        if frame.module.is_installed and self._is_one_of_more(frame, function, around):
            return
        exact = False
        if isinstance(function, facts.Attribute) and any(map(self._is_ours, candidates(callee))):
            exact = self._is_exact(frame, function.value, around)
        run = self._called(callee, exact=exact, passed=_passed(call), awaited=bool(call.flags & Flag.AWAITED))
        if any(frame.scope.root(expr) == frame.scope.root(function) for expr in coroutine_functions(frame, call.guard)):
            run = ()  # there it is called only if it is one, and calling those runs nothing
        if call.flags & Flag.AWAITED:
            run = tuple([tuple([node for node in branch if self._may_be_awaited(frame, node)]) for branch in run])
        yield Via.CALL, self._given(frame, call, around, callee, run)
        for handed in self._fates.of_call(frame, call):
            if handed.fate is Fate.CALLED:
                yield Via.HANDED, self._called(handed.operand.type, exact=False)
        for run in self._of_library(frame, call, around):
            yield Via.LIBRARY, run

    def _is_one_of_more(self, frame: Frame, function: Expr, around: Node | None) -> bool:
        """Whether a method is called on what may be of several classes, of one of which nobody knows what it runs."""
        receivers = candidates(self._value(frame, function.value, around)) if isinstance(function, facts.Attribute) else ()
        if len(receivers) < 2 or not isinstance(function, facts.Attribute):
            return False
        members = (self._linker.members.member(receiver, function.name) for receiver in receivers)
        return any(isinstance(item, Unknown) for item in members)

    def _of_library(self, frame: Frame, call: facts.Call, around: Node | None) -> Iterator[Run]:
        """What a call of a library's runs of its arguments."""
        method = self._verdicts.called_method(frame, call)
        if method is not None:
            yield self._special(frame, method[0], around, method[1])
        consumed = self._verdicts.consumed_argument(frame, call)
        if consumed is not None:
            yield from self._iterated(frame, consumed, around)
        entered = self._verdicts.entered_argument(frame, call)
        if entered is not None:
            yield self._special(frame, entered, around, "__enter__")  # it is left later, by whoever leaves the stack

    def _may_be_awaited(self, frame: Frame, node: Node) -> bool:
        """Whether what a function gives can be awaited: a sync override of a coroutine method is not what an `await` calls."""
        symbol = node.symbol
        if symbol.frame.scope.decorators or symbol.name == "__init__":
            return True
        return self._linker.calls.may_be_awaited(frame, FunctionType(symbol))

    def _given(self, frame: Frame, call: facts.Call, around: Node | None, callee: Type, run: Run) -> Run:
        """What a call runs, with what its arguments say of the tests there."""
        plain = isinstance(callee, FunctionType) and callee.receiver is None
        outer = around.given if around is not None else ()

        def of(node: Node) -> Node | None:
            symbol = node.symbol
            skip = symbol.owner is not None and not plain and not self._linker.calls.is_static(symbol)
            if isinstance(callee, FunctionType) and not self._fits(frame, call, callee, symbol, skip_receiver=skip):
                return None
            return node._replace(given=self._guards.given(frame, call, outer, symbol, skip_receiver=skip))

        return tuple([tuple([node for node in map(of, branch) if node is not None]) for branch in run])

    def _fits(self, frame: Frame, call: facts.Call, callee: FunctionType, symbol: FunctionSymbol, *, skip_receiver: bool) -> bool:
        """Whether a function can be called so: what cannot, an override say, is not what the call is meant for, or fails."""
        if symbol.name.startswith("__") or symbol.frame.scope.decorators:
            return True
        if symbol.owner is None and (symbol is not callee.symbol or isinstance(call.function, facts.Attribute)):
            return True  # a decorator's wrapper, or what a class may have made a method of
        arguments = Arguments.of_call(self._linker, frame, call)
        return not arguments.complete or arguments.bind(symbol, skip_receiver=skip_receiver) is not None

    def _called(self, callee: Type, *, exact: bool, passed: Passed = NOTHING_PASSED, awaited: bool = False) -> Run:
        found = (self._bodies.called(item, exact=exact, passed=passed, awaited=awaited) for item in candidates(callee))
        return tuple([tuple(dict.fromkeys(nodes)) for nodes in found])

    # ---------------------------------------------------------------------------------------------------------------- syntax

    def _accessed(self, frame: Frame, value: Expr, name: str, around: Node | None, *, setter: bool) -> Run:
        """What reading or assigning an attribute runs."""
        items = candidates(self._value(frame, value, around))
        exact = any(map(self._is_ours, items)) and self._is_exact(frame, value, around)
        return tuple([tuple(self._bodies.accessed(item, name, setter=setter, exact=exact)) for item in items])

    def _special(self, frame: Frame, value: Expr, around: Node | None, *methods: str, awaited: bool = False) -> Run:
        """What methods that syntax calls on a value run."""
        items = candidates(self._value(frame, value, around))
        exact = any(map(self._is_ours, items)) and self._is_exact(frame, value, around)
        branches: list[tuple[Node, ...]] = []
        for item in items:
            nodes: list[Node] = []
            if isinstance(item, Instance):
                for method in methods:
                    nodes += self._bodies.method(item, method, exact=exact, awaited=awaited)
            branches.append(tuple(nodes))
        return tuple(branches)

    def _awaited_by_syntax(self, frame: Frame, site: facts.Site, around: Node | None) -> Iterator[Run]:
        """What `async with` and `async for` run that nothing else reports on: coroutines of installed packages."""
        if isinstance(site, facts.Enter):
            value, methods = site.manager, ("__aenter__", "__aexit__")
        elif isinstance(site, facts.Iterate):
            value, methods = site.iterable, ("__aiter__", "__anext__")
        else:
            return
        yield _installed(self._special(frame, value, around, *methods, awaited=True))
        yield _installed(tuple((node,) for node in self._generators(frame, value, asynchronous=True)))

    def _entered(self, frame: Frame, manager: Expr, around: Node | None) -> Iterator[Run]:
        yield self._special(frame, manager, around, "__enter__", "__exit__")
        yield tuple((node,) for node in self._generators(frame, manager))

    def _iterated(self, frame: Frame, iterable: Expr, around: Node | None) -> Iterator[Run]:
        parts = [iterable]
        for origin in origins(self._linker, frame, iterable):
            if not origin.is_generator and origin.frame == frame:
                parts += self._verdicts.passed(frame, origin.call)
        for part in parts:
            items = candidates(self._value(frame, part, around))
            exact = any(map(self._is_ours, items)) and self._is_exact(frame, part, around)
            yield tuple([tuple(self._bodies.iterated(item, exact=exact)) for item in items])
            yield tuple((node,) for node in self._generators(frame, part))
        for origin in origins(self._linker, frame, iterable):
            mapped = None if origin.is_generator else self._verdicts.mapped(origin.frame, origin.call)
            if mapped is not None:
                yield self._called(mapped.type, exact=False)

    def _generators(self, frame: Frame, value: Expr, depth: int = 0, *, asynchronous: bool = False) -> Iterator[Node]:
        """The generator functions whose call `value` comes from: iterating it, or entering it, runs their body."""
        for origin in origins(self._linker, frame, value):
            if origin.is_generator:
                continue
            function = origin.call.function
            for item in candidates(self._linker.values.value(origin.frame, function)):
                if not isinstance(item, FunctionType) or not item.symbol.has_body:
                    continue
                cls = item.receiver.symbol if isinstance(item.receiver, (Instance, ClassType)) else item.symbol.owner
                if item.symbol.frame.scope.is_async is not asynchronous or not self._bodies.is_followed(item.symbol, cls):
                    continue
                if item.symbol.frame.scope.is_generator:
                    yield Node(item.symbol, cls)
                elif depth < _MOST_RETURNED:
                    for returned in _surely_returned(item.symbol):
                        yield from self._generators(item.symbol.frame, returned, depth + 1)

    # ------------------------------------------------------------------------------------------------------------- receivers

    def _is_ours(self, item: Type) -> bool:
        """Whether what a value runs can hang on its class: what has no body, and none behind a stub, runs nothing. A cheap first
        test, before it is asked where a receiver was made."""
        if isinstance(item, Instance):
            return item.symbol.has_bodies or self._linker.sources.of_class(item.symbol) is not None
        if isinstance(item, FunctionType):
            owner = item.symbol.owner
            return item.symbol.has_body or (owner is not None and self._linker.sources.of_class(owner) is not None)
        return isinstance(item, (Partial, Super))

    def _is_exact(self, frame: Frame, receiver: Expr, around: Node | None) -> bool:
        """Whether a receiver is of the class that it is seen as, and of none that derives from it: it was made there, or it is
        what `super()` or a method that runs for a known class says."""
        if frame.scope.parameter(receiver) is not None:
            return is_receiver(frame, frame.scope.root(receiver)) and around is not None and around.exact
        value = self._linker.values.value(frame, receiver)
        if isinstance(value, (Super, ClassType)):
            return True
        return self._made_here.once((frame, receiver), lambda: is_made_here(self._linker, frame, receiver))

    def _value(self, frame: Frame, expr: Expr, around: Node | None) -> Type:
        """The type of an expression: in a method, what hangs on `self` or `super()` is that of the class that it runs for."""
        found = self._linker.values.value(frame, expr)
        if around is None or around.receiver is None or around.receiver is around.symbol.owner:
            return found
        if isinstance(expr, facts.Attribute):
            return self._linker.members.member(self._value(frame, expr.value, around), expr.name)
        receiver = around.receiver
        if isinstance(found, Super):
            same = isinstance(found.receiver, Instance)
            return Super(found.symbol, Instance(receiver) if same else ClassType(receiver))
        if isinstance(expr, facts.Local):
            if is_receiver(frame, frame.scope.root(expr)):
                return Instance(receiver) if isinstance(found, Instance) else ClassType(receiver)
            bound = frame.scope.bindings[expr.binding]
            return self._value(frame, bound, around) if isinstance(bound, (facts.Attribute, facts.Result)) else found
        if isinstance(expr, facts.Result):
            call = frame.scope.sites[expr.site]
            if isinstance(call, facts.Call):
                callee = self._value(frame, call.function, around)
                if callee != self._linker.values.value(frame, call.function):
                    return self._linker.calls.result(callee, Arguments.of_call(self._linker, frame, call), frame)
        return found


def _surely_returned(symbol: FunctionSymbol) -> list[Expr]:
    """What a function may give; in an installed package, where a way counts only if it is surely taken, what it always gives."""
    scope = symbol.frame.scope
    if not symbol.frame.module.is_installed:
        return scope.returned
    only = scope.returned[0] if len(scope.returned) == 1 else None
    return [only] if isinstance(only, facts.Result) and scope.sites[only.site].guard < 0 else []


def _installed(run: Run) -> Run:
    """A run with the functions of installed packages alone."""
    return tuple([tuple([node for node in branch if node.symbol.frame.module.is_installed]) for branch in run])


def _passed(call: facts.Call) -> Passed:
    return Passed(len(call.arguments), frozenset(keyword.name or "**" for keyword in call.keywords))
