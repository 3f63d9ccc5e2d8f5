"""May a mapping that a call spreads with `**` have a certain key? What the code shows of how the mapping was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.facts import Expr
from nosyncio.analysis.types import Frame, FunctionSymbol, FunctionType, Instance, alternatives

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_FARTHEST = 30
_MOST_TESTS = 8
"""On which it hangs whether a key is put into a mapping: more are not gone through."""

_Tests: TypeAlias = tuple[tuple[facts.Test, bool], ...]
"""Tests, each with how it comes out."""


def may_have(linker: Linker, frame: Frame, call: facts.Call, name: str, left_out: facts.Constant | None) -> bool:
    """Whether a mapping that the call spreads is seen to be given the key `name`, or is of a `TypedDict` that has it. Where
    nothing is seen, or only under a test (an option that is handed on), it is taken to be without. `left_out`: what the callee
    takes where it is; a display may say that, too."""
    search = _Search(linker, name, left_out)
    return any(search.finds(frame, keyword.value, call.guard) for keyword in call.keywords if not keyword.name)


def item_puts(frame: Frame) -> Iterator[facts.Operate]:
    """The sites of a scope that put an item into something."""
    return (site for site in frame.scope.sites if isinstance(site, facts.Operate) and site.method == "__setitem__")


class _Search:
    """Goes from a mapping back to what it was made of: displays, copies, functions of the project that return it."""

    def __init__(self, linker: Linker, name: str, left_out: facts.Constant | None) -> None:
        self._linker = linker
        self._name = name
        self._left_out = left_out
        self._known: dict[tuple[Frame, Expr], bool] = {}

    def finds(self, frame: Frame, expr: Expr, guard: int = -1, depth: int = 0) -> bool:
        """Whether the key is in a mapping that is used under a guard of a scope."""
        if depth > _FARTHEST:
            return False
        if (frame, expr) not in self._known:
            self._known[frame, expr] = False  # while it is asked: a variable of a loop says nothing of itself
            self._known[frame, expr] = self._is_found(frame, expr, guard, depth)
        return self._known[frame, expr]

    def _is_found(self, frame: Frame, expr: Expr, guard: int, depth: int) -> bool:
        if self._is_declared(frame, expr) or self._is_put(frame, expr, guard):
            return True
        if isinstance(expr, facts.Phi):
            return all(self.finds(frame, facts.Local(binding), guard, depth + 1) for binding in expr.bindings)
        if isinstance(expr, facts.Either):
            return all(self.finds(frame, value, guard, depth + 1) for value in expr.values)
        if isinstance(expr, facts.Result):
            call = frame.scope.sites[expr.site]
            return isinstance(call, facts.Call) and self._is_made_with(frame, call, depth + 1)
        parts = self._parts(frame, expr)
        return any(self.finds(holder, part, guard if holder == frame else -1, depth + 1) for holder, part in parts)

    def _is_declared(self, frame: Frame, expr: Expr) -> bool:
        """Whether it is of a `TypedDict` that has the key."""
        for item in alternatives(self._linker.values.value(frame, expr)):
            if isinstance(item, Instance) and self._linker.classes.as_base(item, "typing._TypedDict") is not None:
                tables = (cls.frame for cls, _ in self._linker.classes.order(item.symbol) if cls.has_bodies)
                if any(table is not None and table.scope.binds(self._name) for table in tables):
                    return True
        return False

    def _is_put(self, frame: Frame, expr: Expr, guard: int) -> bool:
        """Whether the expression itself, or what the function surely does with the variable, says the key."""
        if isinstance(expr, facts.DictDisplay):
            items = zip(expr.keys, expr.values)
            return any(self._is_name(frame, key) and not self._is_left_out(frame, value) for key, value in items)
        if not isinstance(expr, (facts.Local, facts.Attribute)):
            return False
        root = frame.scope.root(expr)
        if self._is_put_blindly(frame, root):
            return True
        around = {*frame.scope.guard_numbers(guard)}
        return self._is_sure(frame, root, [self._tests(frame, site, around) for site in self._puts(frame, root)])

    def _tests(self, frame: Frame, site: facts.Site, around: set[int]) -> _Tests:
        """The tests that must come out so for a site to run, from the outside in, but for those `around`."""
        numbers = (number for number in frame.scope.guard_numbers(site.guard) if number not in around)
        guards = [frame.scope.guards[number] for number in numbers]
        return tuple([(item.test, item.holds) for item in reversed(guards)])

    def _is_sure(self, frame: Frame, root: Expr, puts: list[_Tests]) -> bool:
        """Whether the key is put into a variable however tests come out, or is there where it is not."""
        if not all(puts):
            return True
        if not puts or len({test for tests in puts for test, _ in tests}) > _MOST_TESTS:
            return False
        test = puts[0][0][0]
        for holds in (True, False):
            left = [tuple([item for item in tests if item[0] != test]) for tests in puts if (test, not holds) not in tests]
            if not self._is_there(frame, test, holds, root) and not self._is_sure(frame, root, left):
                return False
        return True

    def _is_there(self, frame: Frame, test: facts.Test, holds: bool, root: Expr) -> bool:
        """Whether the key is in a mapping where a test comes out so: the test says so, or asks another mapping, which has it,
        and cannot come out so."""
        if isinstance(test, facts.Opposite):
            return self._is_there(frame, test.test, not holds, root)
        if not isinstance(test, facts.Contains) or test.key != self._name:
            return False
        return holds if frame.scope.root(test.value) == root else not holds and self.finds(frame, test.value)

    def _is_put_blindly(self, frame: Frame, root: Expr) -> bool:
        """Whether something is put into a variable under a key that nobody sees."""
        return any(not site.key and frame.scope.root(site.value) == root for site in item_puts(frame))

    def _puts(self, frame: Frame, root: Expr) -> Iterator[facts.Site]:
        """The sites of a function that put the key into a variable."""
        for put in item_puts(frame):
            if put.key == self._name and frame.scope.root(put.value) == root:
                yield put
        for site in frame.scope.sites:
            if isinstance(site, facts.Call) and isinstance(site.function, facts.Attribute):
                if site.function.name in ("update", "setdefault") and frame.scope.root(site.function.value) == root:
                    if self._is_told(frame, site):
                        yield site

    def _is_told(self, frame: Frame, call: facts.Call) -> bool:
        """Whether the arguments of `update`, `setdefault` or `dict` have the key."""
        if any(keyword.name == self._name for keyword in call.keywords):
            return True
        return any(self._is_name(frame, argument) or self.finds(frame, argument) for argument in call.arguments[:1])

    def _is_left_out(self, frame: Frame, value: Expr) -> bool:
        return self._left_out is not None and self._linker.values.literal(frame, value) == self._left_out

    def _is_name(self, frame: Frame, expr: Expr) -> bool:
        literal = self._linker.values.literal(frame, expr)
        return literal is not None and literal.value == self._name

    def _parts(self, frame: Frame, expr: Expr) -> Iterator[tuple[Frame, Expr]]:
        """What a mapping has its items from."""
        if isinstance(expr, facts.Local):
            yield frame, frame.scope.bindings[expr.binding]
        elif isinstance(expr, facts.Operation):
            yield from ((frame, expr.left), (frame, expr.right))
        elif isinstance(expr, (facts.Narrowed, facts.Awaited, facts.Starred, facts.Declared)):
            if expr.value is not None:
                yield frame, expr.value
        elif isinstance(expr, facts.DictDisplay):
            yield from ((frame, value.value) for value in expr.values if isinstance(value, facts.Starred))
        elif isinstance(expr, facts.Attribute):
            yield from self._assigned(frame, expr)

    def _assigned(self, frame: Frame, expr: facts.Attribute) -> Iterator[tuple[Frame, Expr]]:
        for item in alternatives(self._linker.values.value(frame, expr.value)):
            if isinstance(item, Instance):
                for cls, _ in self._linker.classes.order(item.symbol):
                    yield from self._linker.members.assigned(cls, expr.name)

    def _is_made_with(self, frame: Frame, call: facts.Call, depth: int) -> bool:
        """Whether the result of a call has the key: all that a function of the project returns does; or something that another is
        given, by way of a copy, a check, or as keywords (`dict(key=value)`)."""
        items = alternatives(self._linker.values.value(frame, call.function))
        ours = [item for item in items if isinstance(item, FunctionType) and item.symbol.is_project]
        if not ours:
            return any(self.finds(frame, part, call.guard, depth) for part in _given(call))
        for item in ours:
            returned = item.symbol.frame.scope.returned
            if returned and all(self.finds(item.symbol.frame, value, -1, depth) for value in returned):
                return True
        return any(self.finds(frame, part, call.guard, depth) for item in ours for part in self._handed_in(frame, call, item))

    def _handed_in(self, frame: Frame, call: facts.Call, function: FunctionType) -> Iterator[Expr]:
        """The arguments of a call of a function that returns what it was given."""
        symbol = function.symbol
        skip = self._linker.calls.has_receiver(function, symbol)
        arguments = Arguments.of_call(self._linker, frame, call)
        returned = set(_returned_parameters(symbol))
        for parameter, operand in arguments.bind(symbol, skip_receiver=skip) or ():
            if parameter.name in returned and operand.expr is not None:
                yield operand.expr


def _given(call: facts.Call) -> Iterator[Expr]:
    named = [keyword for keyword in call.keywords if keyword.name]
    keys = tuple(facts.Constant("str", keyword.name) for keyword in named)
    yield facts.DictDisplay(keys, tuple(keyword.value for keyword in named))
    yield from (keyword.value for keyword in call.keywords if not keyword.name)
    yield from call.arguments
    if isinstance(call.function, facts.Attribute):
        yield call.function.value


def _returned_parameters(symbol: FunctionSymbol) -> Iterator[str]:
    scope = symbol.frame.scope
    for returned in scope.returned:
        parameter = scope.parameter(returned)
        if parameter is not None:
            yield scope.parameters[parameter.index].name
