"""Which functions of the code under check run when a value is called, made, entered, iterated, or its attribute read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.calling import runs_at_once, runs_when_called
from nosyncio.analysis.constructors import Generated, generated
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.following import Following
from nosyncio.analysis.overrides import Overrides, own_methods
from nosyncio.analysis.slots import Given
from nosyncio.analysis.types import (
    ClassSymbol,
    ClassType,
    FunctionSymbol,
    FunctionType,
    Instance,
    Partial,
    Super,
    Type,
    alternatives,
    candidates,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Node(NamedTuple):
    """A function as a call runs it.

    receiver: the class that a method runs for, which decides what `self.step()` means in an inherited `run`. exact: whether it is
    known to be that very class, and none that derives from it. given: what the call says of parameters that tests ask about.
    depth: in how many functions of installed packages, one called by another, it is the last; 0 in the code under check.
    """

    symbol: FunctionSymbol
    receiver: ClassSymbol | None = None
    exact: bool = False
    given: Given = ()
    depth: int = 0

    def below(self, depth: int) -> Node:
        """The function as one at this depth calls it: one deeper, if it is of an installed package."""
        return self._replace(depth=depth + 1) if self.symbol.frame.module.is_installed else self


class Passed(NamedTuple):
    """How many arguments a constructor is given by place, and which by name (`**` for those of a mapping)."""

    positional: int
    keywords: frozenset[str]


NOTHING_PASSED = Passed(0, frozenset())


class Bodies:
    """Goes from values to functions. `exact` says of a receiver that it is of its class and of none that derives from it; for
    others, what subclasses put in a method's place may run, too.

    A coroutine function is not run by calling it, a generator function not before something iterates it.
    """

    def __init__(self, linker: Linker, fates: Fates, overrides: Overrides) -> None:
        self._linker = linker
        self._fates = fates
        self._overrides = overrides
        self._following = Following(linker)

    def called(self, item: Type, *, exact: bool, passed: Passed = NOTHING_PASSED, awaited: bool = False) -> list[Node]:
        """What calling a value runs; `awaited`: and awaiting what that gives."""
        if isinstance(item, FunctionType):
            return self._of_function(item, exact=exact, awaited=awaited)
        if isinstance(item, ClassType):
            return self.made(item.symbol, passed)
        if isinstance(item, Partial):
            inner = candidates(item.function)
            return [node for part in inner for node in self.called(part, exact=exact, awaited=awaited)]
        if isinstance(item, Instance):
            return self.method(item, "__call__", exact=exact, awaited=awaited)
        return []

    def _of_function(self, function: FunctionType, *, exact: bool, awaited: bool) -> list[Node]:
        cls = function.receiver.symbol if isinstance(function.receiver, (Instance, ClassType)) else None
        symbol = self._linker.sources.body(function.symbol, cls)
        if symbol is None:
            return []
        found = self._run(symbol, cls, exact, awaited=awaited)
        if cls is not None and not exact:
            for subclass, override in self._overrides.of(cls, symbol.name):
                found += self._run(override, subclass, exact, awaited=awaited)
        return found

    def is_followed(self, symbol: FunctionSymbol, cls: ClassSymbol | None) -> bool:
        """Whether the body of a function counts, when it runs for the class `cls`."""
        return self._following.is_followed(symbol, cls)

    def _run(self, symbol: FunctionSymbol, cls: ClassSymbol | None, exact: bool, *, awaited: bool = False) -> list[Node]:
        """What calling a function by name runs at once, its decorators considered."""
        receiver = None if symbol.owner is None else cls or symbol.owner
        if not self.is_followed(symbol, receiver):
            return []
        bodies = (body for body in self._fates.run_by_calling(symbol) if runs_when_called(body, awaited=awaited))
        return [Node(body, receiver, exact) if body is symbol else Node(body) for body in bodies]

    def method(self, instance: Instance, name: str, *, exact: bool, awaited: bool = False) -> list[Node]:
        """What a method that syntax calls runs."""
        function = self._linker.members.method(instance.symbol, name)
        return [] if function is None else self._of_function(FunctionType(function, instance), exact=exact, awaited=awaited)

    # ----------------------------------------------------------------------------------------------------------- constructors

    def made(self, cls: ClassSymbol, passed: Passed) -> list[Node]:
        """What making an instance runs."""
        bases = [base for base, _ in self._linker.classes.order(cls) if base.has_bodies and base.frame is not None]
        if not bases:
            return []
        found: list[Node] = []
        for name in ("__new__", "__init__"):
            function = self._linker.members.method(cls, name)
            if function is not None:
                found += self._run(function, cls, True)
        made = generated(self._linker, cls)
        if made is not None:
            for hook in made.hooks:
                function = self._linker.members.method(cls, hook)
                if function is not None:
                    found += self._run(function, cls, True)
            found += self._default_factories(made, passed)
        return found

    def _default_factories(self, made: Generated, given: Passed) -> Iterator[Node]:
        """What makes the fields that a constructor is not given."""
        if "**" in given.keywords:
            return
        by_place = set(list(made.fields)[: given.positional])
        for name, field in made.fields.items():
            factory = field.option("default_factory", "factory")
            if factory is not None and name not in by_place and name not in given.keywords:
                for item in candidates(self._linker.values.value(field.frame, factory)):
                    yield from self.called(item, exact=True)

    # ------------------------------------------------------------------------------------------------- attributes, iteration

    def accessed(self, item: Type, name: str, *, setter: bool, exact: bool) -> list[Node]:
        """The getter or setter behind an attribute."""
        if isinstance(item, Super) and isinstance(item.receiver, Instance):
            cls, after = item.receiver.symbol, item.symbol
        elif isinstance(item, Instance):
            cls, after = item.symbol, None
        else:
            return []
        order = [base for base, _ in self._linker.classes.order(cls)]
        order = order[order.index(after) + 1 :] if after in order else order
        found: list[Node] = []
        for base in order:
            if base.has_bodies and base.frame is not None and base.frame.scope.binds(name):
                found += self._accessors(base, cls, name, setter=setter, exact=exact)
                break
        if after is None and not exact:
            for subclass in dict.fromkeys(subclass for subclass, _ in self._overrides.of(cls, name)):
                found += self._accessors(subclass, subclass, name, setter=setter, exact=exact)
        return found

    def _accessors(self, owner: ClassSymbol, cls: ClassSymbol, name: str, *, setter: bool, exact: bool) -> Iterator[Node]:
        if owner.frame is None or owner.frame.module.is_installed:  # only names of properties under check are looked for
            return
        for symbol in own_methods(self._linker, owner, name):
            decorators = self._linker.calls.decorators(symbol)
            if (".setter" in decorators) if setter else self._linker.calls.is_property(symbol):
                if runs_at_once(symbol):
                    yield Node(symbol, cls, exact)

    def iterated(self, item: Type, *, exact: bool) -> list[Node]:
        """What iterating a value runs by its class: `__iter__`, and `__next__` of what that gives."""
        if not isinstance(item, Instance):
            return []
        function = self._linker.members.method(item.symbol, "__iter__")
        if function is None:
            return self.method(item, "__next__", exact=exact)
        if function.frame.scope.is_generator:
            return [] if function.frame.scope.is_async else [Node(function, item.symbol, exact)]
        found = self.method(item, "__iter__", exact=exact)
        scope = function.frame.scope
        gives_itself = bool(scope.returned) and all(scope.root(value) == facts.Local(0) for value in scope.returned)
        given = item if gives_itself else self._linker.calls.method(item, "__iter__", ())
        for iterator in alternatives(given):
            if isinstance(iterator, Instance) and iterator.symbol.has_bodies:
                found += self.method(iterator, "__next__", exact=exact)
        return found
