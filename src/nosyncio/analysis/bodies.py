"""Which functions of the code under check run when a value is called, made, entered, iterated, or its attribute read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.fates import Fates, last_word
from nosyncio.analysis.guards import Given
from nosyncio.analysis.overrides import Overrides, own_methods
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
    alternatives,
    candidates,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_MADE_BY_DECORATOR = {"dataclass": "__post_init__", "define": "__attrs_post_init__", "attrs": "__attrs_post_init__"}
_MADE_BY_BASE = {"BaseModel": "model_post_init", "BaseSettings": "model_post_init"}


class Node(NamedTuple):
    """A function as a call runs it.

    receiver: the class that a method runs for, which decides what `self.step()` means in an inherited `run`. exact: whether it is
    known to be that very class, and none that derives from it. given: what the call says of parameters that tests ask about.
    """

    symbol: FunctionSymbol
    receiver: ClassSymbol | None = None
    exact: bool = False
    given: Given = ()


class Fields(NamedTuple):
    """How many arguments a constructor is given by place, and which by name (`**` for those of a mapping)."""

    positional: int
    keywords: frozenset[str]


NO_FIELDS = Fields(0, frozenset())


class Bodies:
    """Goes from values to functions. `exact` says of a receiver that it is of its class and of none that derives from it; for
    others, what subclasses put in a method's place may run, too.

    A coroutine function is not run by calling it, a generator function not before something iterates it.
    """

    def __init__(self, linker: Linker, fates: Fates, modules: Iterable[Module]) -> None:
        """`modules`: those whose overrides count."""
        self._linker = linker
        self._fates = fates
        self._overrides = Overrides(linker, modules)

    def called(self, item: Type, *, exact: bool, fields: Fields = NO_FIELDS) -> list[Node]:
        """What calling a value runs."""
        if isinstance(item, FunctionType):
            return self._of_function(item, exact=exact)
        if isinstance(item, ClassType):
            return self.made(item.symbol, fields)
        if isinstance(item, Partial):
            return [node for inner in candidates(item.function) for node in self.called(inner, exact=exact)]
        if isinstance(item, Instance):
            return self.method(item, "__call__", exact=exact)
        return []

    def _of_function(self, function: FunctionType, *, exact: bool) -> list[Node]:
        symbol = function.symbol
        if not symbol.is_project:
            return []
        cls = function.receiver.symbol if isinstance(function.receiver, (Instance, ClassType)) else None
        found = self._run(symbol, cls, exact)
        if cls is not None and not exact:
            for subclass, override in self._overrides.of(cls, symbol.name):
                found += self._run(override, subclass, exact)
        return found

    def _run(self, symbol: FunctionSymbol, cls: ClassSymbol | None, exact: bool) -> list[Node]:
        """What calling a function by name runs at once, its decorators considered."""
        receiver = None if symbol.owner is None else cls or symbol.owner
        bodies = self._fates.run_by_calling(symbol)
        return [Node(body, receiver, exact) if body is symbol else Node(body) for body in bodies if runs_at_once(body)]

    def method(self, instance: Instance, name: str, *, exact: bool) -> list[Node]:
        """What a method that syntax calls runs."""
        function = self._linker.members.method(instance.symbol, name)
        return [] if function is None else self._of_function(FunctionType(function, instance), exact=exact)

    # ----------------------------------------------------------------------------------------------------------- constructors

    def made(self, cls: ClassSymbol, fields: Fields) -> list[Node]:
        """What making an instance runs."""
        bases = [base for base, _ in self._linker.classes.order(cls) if base.is_project and base.frame is not None]
        if not bases:
            return []
        found: list[Node] = []
        for name in ("__new__", "__init__"):
            function = self._linker.members.method(cls, name)
            if function is not None:
                found += self._run(function, cls, True)
        generated: list[ClassSymbol] = []
        for base in bases:
            assert base.frame is not None
            if "__init__" in base.frame.scope.names:
                break
            generated.append(base)
        hooks = dict.fromkeys(hook for base in generated for hook in self._hooks(base))
        for hook in hooks:
            function = self._linker.members.method(cls, hook)
            if function is not None:
                found += self._run(function, cls, True)
        return [*found, *(self._default_factories(generated, fields) if hooks else ())]

    def _hooks(self, cls: ClassSymbol) -> Iterator[str]:
        """The methods that a constructor which is made for a class calls."""
        assert cls.frame is not None
        outer, scope = cls.frame.outer, cls.frame.scope
        for node in scope.decorators:
            site = outer.scope.sites[node.site] if isinstance(node, facts.Result) else None
            word = last_word(outer.module, outer.number, site.function if isinstance(site, facts.Call) else node)
            if word in _MADE_BY_DECORATOR:
                yield _MADE_BY_DECORATOR[word]
        for base, _ in self._linker.classes.order(cls):
            word = base.qualified_name.rpartition(".")[2]
            if word in _MADE_BY_BASE and not base.is_project:
                yield _MADE_BY_BASE[word]

    def _default_factories(self, classes: list[ClassSymbol], given: Fields) -> Iterator[Node]:
        """What makes the fields that a constructor is not given."""
        if "**" in given.keywords:
            return
        known: dict[str, tuple[Frame, facts.Expr]] = {}
        for cls in reversed(classes):
            assert cls.frame is not None
            for name, bindings in cls.frame.scope.names.items():
                value = cls.frame.scope.bindings[bindings[-1]]
                if isinstance(value, facts.Declared):
                    known[name] = (cls.frame, value.value or facts.UNKNOWN)
        by_place = set(list(known)[: given.positional])
        for name, (frame, value) in known.items():
            site = frame.scope.sites[value.site] if isinstance(value, facts.Result) else None
            if isinstance(site, facts.Call) and name not in by_place and name not in given.keywords:
                for keyword in site.keywords:
                    if keyword.name in ("default_factory", "factory"):
                        for item in candidates(self._linker.values.value(frame, keyword.value)):
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
            if base.is_project and base.frame is not None and name in base.frame.scope.names:
                found += self._accessors(base, cls, name, setter=setter, exact=exact)
                break
        if after is None and not exact:
            for subclass in dict.fromkeys(subclass for subclass, _ in self._overrides.of(cls, name)):
                found += self._accessors(subclass, subclass, name, setter=setter, exact=exact)
        return found

    def _accessors(self, owner: ClassSymbol, cls: ClassSymbol, name: str, *, setter: bool, exact: bool) -> Iterator[Node]:
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
            if isinstance(iterator, Instance) and iterator.symbol.is_project:
                found += self.method(iterator, "__next__", exact=exact)
        return found


def runs_at_once(symbol: FunctionSymbol) -> bool:
    """Whether calling a function runs its body: not that of a coroutine function or a generator."""
    scope = symbol.frame.scope
    return symbol.is_project and not scope.is_async and not scope.is_generator
