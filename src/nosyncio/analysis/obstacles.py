"""Can a function become async, and as what? And what is in the way where it cannot?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis.coroutines import keeps_coroutine_function
from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.overrides import Overrides, own_methods
from nosyncio.analysis.types import ClassSymbol, Frame, FunctionSymbol
from nosyncio.plan import Form, Obstacle

if TYPE_CHECKING:
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.linker import Linker

_MAKES = frozenset(
    ("__init__", "__new__", "__post_init__", "__attrs_post_init__", "__init_subclass__", "__set_name__", "__del__")
)
_ENTERS = frozenset(("__enter__", "__exit__"))
_ITERATES = frozenset(("__iter__", "__next__"))
_MANAGERS = frozenset(("contextlib.contextmanager",))
_ACCESSORS = frozenset((".setter", ".getter", ".deleter"))
_TWINS = ("{}_async", "async_{}", "a{}", "aio_{}")


class Obstacles:
    """Looks at functions one by one, and at what takes one's place or is what another takes the place of."""

    def __init__(self, linker: Linker, contexts: Contexts, overrides: Overrides) -> None:
        self._linker = linker
        self._contexts = contexts
        self._overrides = overrides

    def of(self, symbol: FunctionSymbol) -> Obstacle | None:
        """Why calls of a function are better handed to a thread than awaited, if they are."""
        if symbol.owner is not None and symbol.name in _MAKES:
            return Obstacle.CONSTRUCTOR
        if self._linker.calls.is_cached(symbol):
            return Obstacle.CACHED
        if self._contexts.references.is_offloaded(symbol):
            return Obstacle.IN_THREAD
        return Obstacle.OVERRIDE if self._is_library_method(symbol) else None

    def is_constructor(self, frame: Frame) -> bool:
        """Whether a scope stands in a function that runs when an object is made."""
        function = self._linker.names.function_around(frame)
        return function is not None and function.owner is not None and function.name in _MAKES

    def _is_library_method(self, symbol: FunctionSymbol) -> bool:
        """Whether a method takes the place of a library's, whose code may call it. Special methods have async siblings."""
        if symbol.owner is None or symbol.name.startswith("__"):
            return False
        return any(
            not base.is_project and base.frame is not None and symbol.name in base.frame.scope.names
            for base, _ in self._linker.classes.order(symbol.owner)
        )

    def form(self, symbol: FunctionSymbol) -> Form:
        """What a function becomes."""
        decorators = self._linker.calls.decorators(symbol)
        if symbol.frame.scope.kind is ScopeKind.LAMBDA:
            return Form.LAMBDA
        if not _MANAGERS.isdisjoint(decorators):
            return Form.CONTEXT_MANAGER
        if symbol.owner is not None and (self._linker.calls.is_property(symbol) or not _ACCESSORS.isdisjoint(decorators)):
            return Form.PROPERTY
        if symbol.owner is not None and symbol.name in _ENTERS:
            return Form.WITH
        if symbol.owner is not None and symbol.name in _ITERATES:
            return Form.ITERATION
        if symbol.frame.scope.is_generator:
            return Form.GENERATOR
        is_special = symbol.owner is not None and symbol.name.startswith("__") and symbol.name.endswith("__")
        return Form.SPECIAL if is_special and symbol.name != "__call__" else Form.COROUTINE

    def unknown_decorators(self, symbol: FunctionSymbol) -> list[str]:
        """The decorators of which it is not known whether they take a coroutine function, where that is the question."""
        if self.form(symbol) not in (Form.COROUTINE, Form.GENERATOR):
            return []
        return [name or "?" for name in self._linker.calls.decorators(symbol) if not keeps_coroutine_function(name)]

    def family(self, symbol: FunctionSymbol) -> list[FunctionSymbol]:
        """A function with those that a call of it may run instead, or that it may run instead of: methods of one name in classes
        that derive from each other or follow one Protocol. If one is async, all have to be. Those that are so already are none
        of it."""
        found = {symbol: None}
        pending = [symbol]
        while pending:
            member = pending.pop()
            for other in self._related(member):
                if other not in found:
                    found[other] = None
                    pending.append(other)
        return sorted((member for member in found if not member.frame.scope.is_async), key=place_of)

    def _related(self, symbol: FunctionSymbol) -> Iterator[FunctionSymbol]:
        if symbol.owner is None or symbol.name in _MAKES:
            return
        for base, _ in self._linker.classes.order(symbol.owner):
            if base.is_project and base.frame is not None and symbol.name in base.frame.scope.names:
                yield from self._alike(symbol, base)
                for cls in dict.fromkeys(cls for cls, _ in self._overrides.of(base, symbol.name)):
                    yield from self._alike(symbol, cls)

    def _alike(self, symbol: FunctionSymbol, cls: ClassSymbol) -> Iterator[FunctionSymbol]:
        """What a class itself has in the place of a method: of a property, the accessor for the same purpose."""
        accessor = _ACCESSORS & {*self._linker.calls.decorators(symbol)}
        for other in own_methods(self._linker, cls, symbol.name):
            if _ACCESSORS & {*self._linker.calls.decorators(other)} == accessor:
                yield other

    def twin(self, symbol: FunctionSymbol) -> str | None:
        """The name of a coroutine function beside a function that is called like an async version of it."""
        scope = symbol.frame.outer.scope
        for pattern in _TWINS:
            name = pattern.format(symbol.name)
            for number in symbol.frame.module.children(symbol.frame.scope.parent) if name in scope.names else ():
                other = symbol.frame.module.facts.scopes[number]
                if other.name == name and other.is_async:
                    return name
        return None


def place_of(symbol: FunctionSymbol) -> tuple[str, int, int]:
    """Orders functions by where they begin."""
    line, column, *_ = symbol.frame.scope.place
    return (symbol.frame.module.path or "", line, column)
