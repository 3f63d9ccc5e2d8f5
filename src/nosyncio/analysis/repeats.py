"""Ways that are only there the first time: behind `if self._client is None: self._client = connect()`, or in a cached function.

Of several calls in one function that lead through such a place, the first does the work for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.nodes import Junction, Opposite, Same, Test, Truth
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.types import Frame, Step

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_CACHED_PROPERTY = "functools.cached_property"
_OF_A_NEW_OBJECT = ("__init__", "__post_init__")


class FirstTimes:
    """Finds the steps of a way that are taken once. What that hangs on is not noted of whoever asks about a way: it hangs on the
    functions on it, of which `said_of` and `asks` are a part of what is known."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._asked: Kept[Step, frozenset[str]] = Kept(linker.reads)
        self._stored: Kept[Frame, frozenset[str]] = Kept(linker.reads)
        self._cached: Kept[Frame, bool] = Kept(linker.reads)

    def on_the_way(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that hang on a mark which the rest of the way sets, or that a cache takes once."""
        return self._linker.reads.aside(lambda: [step for step, _ in self._taken_once(steps)])

    def is_once_for_all(self, steps: Sequence[Step]) -> bool:
        """Whether a way is there once in a process: behind a mark that is a global, or in a cache of a function without
        parameters."""
        return self._linker.reads.aside(lambda: any(for_all for _, for_all in self._taken_once(steps)))

    def _taken_once(self, steps: Sequence[Step]) -> Iterator[tuple[Step, bool]]:
        """The steps that are taken once, each with whether it is once in a process, and not for each object."""
        stored: frozenset[str] = frozenset()
        for step, is_made in reversed([*zip(steps, self._are_made(steps))]):
            stored |= self._stores(step.frame)
            marks = stored & self.asks(step)
            if is_made:
                marks = frozenset(mark for mark in marks if not mark.startswith("."))
            is_cached = self._is_cached(step.frame)
            if is_cached or marks:
                is_global = any(not mark.startswith(".") for mark in marks)
                yield step, is_global or (is_cached and not step.frame.scope.parameters)

    def _are_made(self, steps: Sequence[Step]) -> Iterator[bool]:
        """Of each step, whether its function runs for an object that was made on this way: what that has in its attributes is
        of this time."""
        is_made = False
        for step in steps:
            is_made = is_made or step.frame.scope.name in _OF_A_NEW_OBJECT
            yield is_made
            is_made = is_made and self.stays_with_its_object(step)

    def stays_with_its_object(self, step: Step) -> bool:
        """Whether what a step runs has the same object as the function that it stands in: `self.load()`, `super().load()`."""
        return any(site.place == step.place and _is_of_receiver(step.frame, site) for site in step.frame.scope.sites)

    def said_of(self, frame: Frame) -> tuple[list[str], bool, bool]:
        """The marks that a function sets, whether it keeps what it gave, and whether it has parameters."""
        return sorted(self._stores(frame)), self._is_cached(frame), bool(frame.scope.parameters)

    def asks(self, step: Step) -> frozenset[str]:
        """The attributes (`.name`) and globals that tests ask about on which it hangs whether a step is taken."""

        def work() -> frozenset[str]:
            sites = (site for site in step.frame.scope.sites if site.place == step.place)
            guards = [frozenset(_marks(step.frame, site.guard)) for site in sites]
            return frozenset.intersection(*guards) if guards else frozenset()

        return self._asked.once(step, work)

    def _stores(self, frame: Frame) -> frozenset[str]:
        """The attributes and globals that a function assigns, by such names."""

        def work() -> frozenset[str]:
            attributes = {f".{site.name}" for site in frame.scope.sites if isinstance(site, facts.Write)}
            return frozenset(attributes | {name for name, _, _ in frame.scope.outer_stores})

        return self._stored.once(frame, work)

    def _is_cached(self, frame: Frame) -> bool:
        """Whether a function keeps what it gave, for all calls alike: it has no parameters but the receiver. An installed one
        may have others: what it is asked for, it is mostly asked for again."""

        def work() -> bool:
            symbol, calls = self._linker.names.function_around(frame), self._linker.calls
            if symbol is None:
                return False
            if frame.module.is_installed:
                return calls.is_cached(symbol)
            if len(symbol.frame.scope.parameters) > (symbol.owner is not None):
                return False
            return calls.is_cached(symbol) or _CACHED_PROPERTY in calls.decorators(symbol)

        return self._cached.once(frame, work)


def _marks(frame: Frame, guard: int) -> Iterator[str]:
    for item in frame.scope.guards_from(guard):
        for value, is_set in _wanted(item.test, item.holds):
            mark = None if item.otherwise_fails and is_set else _mark(frame, value)  # without what it needs nobody gets on, ever
            if mark is not None:
                yield mark


def _wanted(test: Test | None, holds: bool) -> Iterator[tuple[facts.Expr, bool]]:
    """The values that a test asks whether they are there, each with whether that it is speaks for `holds`."""
    if isinstance(test, Opposite):
        yield from _wanted(test.test, not holds)
    elif isinstance(test, Junction):
        for part in test.tests:
            yield from _wanted(part, holds)
    elif isinstance(test, (Truth, Same)):
        yield test.value, holds is isinstance(test, Truth)


def _mark(frame: Frame, expr: facts.Expr) -> str | None:
    """The attribute of the receiver (`.name`), or the global, that a value is read from: what two calls on one object share."""
    root = frame.scope.root(expr)
    if isinstance(root, facts.Local):
        root = frame.scope.root(frame.scope.bindings[root.binding])
    if isinstance(root, facts.Name):
        return root.id
    return f".{root.name}" if isinstance(root, facts.Attribute) and is_receiver(frame, root.value) else None


def _is_of_receiver(frame: Frame, site: facts.Site) -> bool:
    """Whether a site runs a method or property of what its own function runs for."""
    if isinstance(site, facts.Call):
        function = site.function
        value = function.value if isinstance(function, facts.Attribute) else facts.UNKNOWN
    else:
        value = site.value if isinstance(site, (facts.Read, facts.Write)) else facts.UNKNOWN
    root = frame.scope.root(value)
    maker = frame.scope.sites[root.site] if isinstance(root, facts.Result) else None
    is_super = isinstance(maker, facts.Call) and maker.function == facts.Name("super")
    return is_super or is_receiver(frame, root)


class Repeats:
    """The calls of one function, in the order of its source, that lead through places which are only there the first time."""

    def __init__(self, scope: facts.Scope, first_times: FirstTimes) -> None:
        self._scope = scope
        self._first_times = first_times
        self._taken: dict[Step, list[facts.Site]] = {}

    def repeats(self, site: facts.Site, steps: Sequence[Step]) -> bool:
        """Whether a call before `site`, which is made whenever `site` is and on the same object, led through such a place on
        this way. Notes the call."""
        once = self._first_times.on_the_way(steps)
        found = any(self._comes_first(other, site) for step in once for other in self._taken.get(step, ()))
        for step in once:
            self._taken.setdefault(step, []).append(site)
        return found

    def _comes_first(self, other: facts.Site, site: facts.Site) -> bool:
        if other.place == site.place or self._object(other) != self._object(site):
            return False
        return other.guard == -1 or other.guard in self._scope.guard_numbers(site.guard)

    def _object(self, site: facts.Site) -> tuple[facts.Expr, ...]:
        """What a site works on: two sites that work on the same meet the same marks."""
        if isinstance(site, facts.Call):
            function = site.function
            return (self._scope.root(function.value),) if isinstance(function, facts.Attribute) else tuple(site.passed)
        if isinstance(site, facts.Enter):
            return (self._scope.root(site.manager),)
        return (self._scope.root(site.iterable if isinstance(site, facts.Iterate) else site.value),)
