"""Which callables are coroutine functions for sure: calling one makes a coroutine and runs nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.fates import carried
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.subclasses import Subclasses
from nosyncio.analysis.types import (
    ClassSymbol,
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    NoneType,
    Partial,
    Super,
    Type,
    alternatives,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

# Decorators that leave a coroutine function one.
_KEEPS = frozenset(
    (
        *("builtins.classmethod", "builtins.staticmethod", "abc.abstractmethod", "functools.wraps", "warnings.deprecated"),
        *(
            f"{module}.{name}"
            for module in ("typing", "typing_extensions")
            for name in ("deprecated", "final", "overload", "override")
        ),
    )
)
# Decorators of classes that leave their methods alone, by last word.
_KEEPS_METHODS = frozenset(("dataclass", "define", "attrs", "frozen", "final", "runtime_checkable", "total_ordering"))
_KNOWN_METACLASSES = frozenset(("abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"))


def keeps_coroutine_function(decorator: str) -> bool:
    """Whether a decorator, by its qualified name, leaves a coroutine function one."""
    return decorator in _KEEPS


class Coroutines:
    """Says yes only where nothing that is not understood could have changed the function."""

    def __init__(self, linker: Linker, subclasses: Subclasses) -> None:
        """`subclasses`: those whose overrides count."""
        self._linker = linker
        self._subclasses = subclasses
        self._sure: Kept[FunctionSymbol, bool] = Kept(linker.reads)

    def function(self, callee: Type) -> FunctionSymbol | None:
        """The coroutine function that a callee is; the first of them where it can be several, none if it can be anything else."""
        found: FunctionSymbol | None = None
        for item in alternatives(callee):
            if isinstance(item, NoneType):
                continue
            symbol = self._function(item)
            if symbol is None:
                return None
            found = found or symbol
        return found

    def _function(self, item: Type) -> FunctionSymbol | None:
        if isinstance(item, Partial):
            return self.function(item.function)
        if isinstance(item, FunctionType) and item.returns is None and self.is_sure(item.symbol):
            return item.symbol if self._is_kept_by_classes(item) else None
        return None

    def is_sure(self, symbol: FunctionSymbol) -> bool:
        """Whether a function, with its decorators, is a coroutine function."""
        return self._sure.settled(symbol, False, lambda: self._is_sure(symbol))

    def _is_sure(self, symbol: FunctionSymbol) -> bool:
        scope = symbol.frame.scope
        return scope.is_async and not scope.is_generator and all(self._decorators_keep(symbol))

    def is_plain(self, symbol: FunctionSymbol) -> bool:
        """Whether a function has no decorator that could change what calling it gives."""
        return all(keeps_coroutine_function(name) for name in self._linker.calls.decorators(symbol))

    def is_overridden(self, cls: ClassSymbol, name: str) -> bool:
        """Whether a subclass has a `name` of its own."""
        return any(True for _ in self._overrides_are_sure(cls, name))

    def _decorators_keep(self, symbol: FunctionSymbol) -> Iterator[bool]:
        """For each decorator, whether it leaves a coroutine function one."""
        frame = symbol.frame.outer
        for name, node in zip(self._linker.calls.decorators(symbol), symbol.frame.scope.decorators):
            yield keeps_coroutine_function(name) or self._gives_coroutine_function(self._linker.values.value(frame, node))

    def _gives_coroutine_function(self, decorator: Type) -> bool:
        """Whether a decorator of the code under check gives back what it decorates, or a coroutine function of its own."""
        if not isinstance(decorator, FunctionType) or not decorator.symbol.is_project or decorator.symbol.frame.scope.is_async:
            return False
        frame = decorator.symbol.frame
        bound = decorator.receiver is not None and decorator.symbol.owner is not None
        parameters = frame.scope.parameters[1 if bound else 0 :]
        for value in frame.scope.returned:
            parts = list(carried(frame, value))
            if not parts or not all(self._is_coroutine_function(frame, part, parameters[:1]) for part in parts):
                return False
        return bool(frame.scope.returned)

    def _is_coroutine_function(
        self, frame: Frame, part: tuple[int, str] | int, decorated: tuple[facts.ParameterFacts, ...]
    ) -> bool:
        if isinstance(part, int):
            return self.is_sure(self._linker.names.function_symbol(frame.module, part))
        return any(part == (frame.number, parameter.name) for parameter in decorated)

    # --------------------------------------------------------------------------------------------------------------- methods

    def _is_kept_by_classes(self, function: FunctionType) -> bool:
        """Whether a method is what its receiver really has: no decorator of a class, metaclass, assignment or subclass puts
        something else in its place, and no class fits a Protocol without following it."""
        owner, receiver = function.symbol.owner, function.receiver
        if owner is None:
            return True
        if self._linker.classes.is_protocol(owner):
            return False
        name = function.symbol.name
        cls = receiver.symbol if isinstance(receiver, (Instance, ClassType)) else owner
        if not all(self._leaves_methods(base) and not self._linker.members.assigned(base, name) for base in self._order(cls)):
            return False
        return isinstance(receiver, Super) or all(self._overrides_are_sure(cls, name))

    def _order(self, cls: ClassSymbol) -> list[ClassSymbol]:
        return [base for base, _ in self._linker.classes.order(cls) if base.is_project]

    def _leaves_methods(self, cls: ClassSymbol) -> bool:
        assert cls.frame is not None
        scope, outer = cls.frame.scope, cls.frame.outer
        for node in scope.decorators:
            names = self._linker.calls.decorator_names(outer, node)
            if not names or any(name.rpartition(".")[2] not in _KEEPS_METHODS for name in names):
                return False
        for keyword in scope.keywords:
            if keyword.name == "metaclass" and not self._is_known_metaclass(self._linker.values.value(outer, keyword.value)):
                return False
        return True

    def _is_known_metaclass(self, value: Type) -> bool:
        if not isinstance(value, ClassType):
            return False
        for cls, _ in self._linker.classes.order(value.symbol):
            if cls.frame is None or (cls.is_project and any(map(cls.frame.scope.binds, ("__new__", "__init__")))):
                return False
        return value.symbol.is_project or value.symbol.qualified_name in _KNOWN_METACLASSES

    def _overrides_are_sure(self, cls: ClassSymbol, name: str) -> Iterator[bool]:
        """For each thing that a subclass binds to `name`, whether it is a coroutine function."""
        for symbol in self._subclasses.binding(cls, name):
            assert symbol.frame is not None
            module, scope = symbol.frame.module, symbol.frame.scope
            for binding in scope.names[name]:
                value = scope.bindings[binding]
                yield isinstance(value, facts.FunctionRef) and self.is_sure(
                    self._linker.names.function_symbol(module, value.scope)
                )
