"""Which calls in installed packages make no edge of the call graph, whatever a function is called with: seen without working out
any value.

A site there whose tests are not decided makes none. `guards` decides tests; here is a part of those that it always leaves open.
"""

from __future__ import annotations

from nosyncio.analysis import facts
from nosyncio.analysis.calling import runs_when_called
from nosyncio.analysis.facts import Flag
from nosyncio.analysis.nodes import value_tests
from nosyncio.analysis.slots import slot_of
from nosyncio.analysis.types import Frame, FunctionSymbol


def leaves_open(frame: Frame, guard: facts.Guard) -> bool:
    """Whether nobody can know how a test comes out, whatever a function is called with, and both ways are meant."""
    return not guard.otherwise_fails and _is_always_open(frame, guard.test)


def hangs_on_given(frame: Frame, test: facts.Test) -> bool:
    """Whether the outcome of a test may hang on what a function is called with."""
    roots = [frame.scope.root(part.value) for part in value_tests(test)]
    return any(slot_of(frame, root) is not None or _is_joined(frame, root) for root in roots)


def _is_joined(frame: Frame, root: facts.Expr) -> bool:
    return isinstance(root, facts.Local) and isinstance(frame.scope.bindings[root.binding], facts.Phi)


def is_not_run_by(call: facts.Call, symbol: FunctionSymbol) -> bool:
    """Whether a call of a function of an installed package only makes something that others run: a generator, a coroutine."""
    return symbol.frame.module.is_installed and not runs_when_called(symbol, awaited=bool(call.flags & Flag.AWAITED))


def _is_always_open(frame: Frame, test: facts.Test | None) -> bool:
    if isinstance(test, facts.Opposite):
        return _is_always_open(frame, test.test)
    if isinstance(test, facts.Junction):
        return all(_is_always_open(frame, part) for part in test.tests)
    if isinstance(test, facts.Failed):
        return False
    return test is None or _is_never_known(frame, test.value)


def _is_never_known(frame: Frame, value: facts.Expr) -> bool:
    """Whether a value is no literal, nothing that the function was given or its receiver has, and nothing that a call gave."""
    root = frame.scope.root(value)
    if isinstance(value, (facts.Local, facts.Constant)) or isinstance(root, (facts.Local, facts.Result)):
        return False
    if isinstance(value, facts.Name):
        return not any(stored == value.id for stored, _, _ in frame.scope.outer_stores)
    return slot_of(frame, root) is None
