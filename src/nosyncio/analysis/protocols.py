"""Which classes of the code under check implement a Protocol without naming it as a base.

Names alone do not tell: every `close()` fits a Protocol that asks for `close`. So a Protocol of a single method has to say more
of it than that, and one that only asks for `__call__` is about functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Operand
from nosyncio.analysis.facts import Expr, ParameterFacts, ParameterKind
from nosyncio.analysis.index import Index
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.solve import accepts
from nosyncio.analysis.types import ClassSymbol, Frame, FunctionSymbol, FunctionType

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_NO_MEMBERS = frozenset(("__init__", "__new__", "__init_subclass__", "__class_getitem__"))
_AWAITABLE = frozenset(("Awaitable", "Coroutine"))
_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)
_BY_PLACE = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)


def has_members(linker: Linker, cls: ClassSymbol, protocol: ClassSymbol) -> bool:
    """Whether a class has all members that a Protocol names: then `isinstance` says that it is one, whatever these are."""
    return all(linker.members.find(cls, name) is not None for _, name, _ in _members(linker, protocol))


def _members(linker: Linker, protocol: ClassSymbol) -> Iterator[tuple[Frame, str, Expr]]:
    """What a Protocol and those that it extends ask for: methods and declared attributes, each by name."""
    for cls, _ in linker.classes.order(protocol):
        if cls.frame is not None and linker.classes.is_protocol(cls):
            scope = cls.frame.scope
            for name, bindings in scope.names.items():
                value = scope.bindings[bindings[-1]]
                is_method = isinstance(value, facts.FunctionRef) and name not in _NO_MEMBERS
                if is_method or isinstance(value, facts.Declared):
                    yield cls.frame, name, value


class Protocols:
    """The classes in the modules under check, by the names of what they define."""

    def __init__(self, linker: Linker, index: Index) -> None:
        self._linker = linker
        self._index = index
        self._known: Kept[ClassSymbol, list[ClassSymbol]] = Kept(linker.reads)

    def implementations(self, protocol: ClassSymbol) -> list[ClassSymbol]:
        """The classes that have all that a Protocol asks for: methods that take and give what its own do, and attributes. Those
        that derive from it are not among them. None for a Protocol without methods, or a class that is none."""

        def work() -> list[ClassSymbol]:
            is_asked = protocol.is_project and self._linker.classes.is_protocol(protocol)
            return list(self._search(protocol)) if is_asked else []

        return self._known.once(protocol, work)

    def _search(self, protocol: ClassSymbol) -> Iterator[ClassSymbol]:
        methods, names = self._asked(protocol)
        if not methods or all(method.name == "__call__" for method in methods):
            return
        definers = dict.fromkeys(definer for name in names for definer in self._index.definers(name))
        for module, index in definers:
            symbol = self._linker.names.class_symbol(module, index)
            if self._linker.classes.is_protocol(symbol) or not all(self._has(symbol, name) for name in names):
                continue
            if self._linker.classes.derives(symbol, protocol):
                continue
            if all(self._fits(symbol, method, alone=len(names) == 1) for method in methods):
                yield symbol

    def _asked(self, protocol: ClassSymbol) -> tuple[list[FunctionSymbol], list[str]]:
        """The methods of a Protocol and of those that it extends, and the names of all members."""
        methods: dict[str, FunctionSymbol] = {}
        names: dict[str, None] = {}
        for frame, name, value in _members(self._linker, protocol):
            if frame.module.is_project:
                names[name] = None
                if isinstance(value, facts.FunctionRef):
                    symbol = self._linker.names.function_symbol(frame.module, value.scope)
                    if not self._linker.calls.is_property(symbol):
                        methods.setdefault(name, symbol)
        return list(methods.values()), list(names)

    def _has(self, symbol: ClassSymbol, name: str) -> bool:
        for cls, _ in self._linker.classes.order(symbol):
            if cls.frame is not None and cls.qualified_name != "builtins.object":
                if name in cls.frame.scope.names or self._linker.members.assigned(cls, name):
                    return True
        return False

    def _fits(self, cls: ClassSymbol, asked: FunctionSymbol, *, alone: bool) -> bool:
        """Whether what `cls` has by a method's name can be called as the Protocol says. `alone`: nothing else is asked for."""
        found = self._linker.members.find(cls, asked.name)
        if found is None or not found.owner.is_project:
            return False
        if not isinstance(found.raw, FunctionType):
            return not alone
        given = found.raw.symbol
        if _gives_awaitable(asked) != _gives_awaitable(given) or not self._takes(asked, given):
            return False
        agrees = self._agreement(asked, asked.frame.scope.returns, given, given.frame.scope.returns)
        if alone and not self._parameters(asked):
            return agrees is True and not _is_none(asked.frame.scope.returns)
        return agrees is not False and not (alone and any(item.kind in _VARIADIC for item in self._parameters(given)))

    def _takes(self, asked: FunctionSymbol, given: FunctionSymbol) -> bool:
        """Whether each call that `asked` allows is one that `given` takes."""
        wanted, own = self._parameters(asked), self._parameters(given)
        places = [parameter for parameter in own if parameter.kind in _BY_PLACE]
        by_name = {parameter.name: parameter for parameter in own if parameter.kind is not ParameterKind.POSITIONAL_ONLY}
        kinds = {parameter.kind for parameter in own}
        met: set[str] = set()
        for position, parameter in enumerate(wanted):
            target: ParameterFacts | None = None
            if parameter.kind in _BY_PLACE:
                target = places[position] if position < len(places) else None
                if target is None and ParameterKind.VAR_POSITIONAL not in kinds:
                    return False
                is_named = parameter.kind is ParameterKind.POSITIONAL_OR_KEYWORD and not parameter.name.startswith("__")
                if target is not None and is_named and target.name != parameter.name:
                    return False
            elif parameter.kind is ParameterKind.KEYWORD_ONLY:
                target = by_name.get(parameter.name)
                if target is None and ParameterKind.VAR_KEYWORD not in kinds:
                    return False
            if target is not None:
                met.add(target.name)
                if self._agreement(given, target.annotation, asked, parameter.annotation) is False:
                    return False
        required = (parameter.name for parameter in own if parameter.default is None and parameter.kind not in _VARIADIC)
        return any(parameter.kind in _VARIADIC for parameter in wanted) or all(name in met for name in required)

    def _parameters(self, symbol: FunctionSymbol) -> tuple[ParameterFacts, ...]:
        parameters = symbol.frame.scope.parameters
        return parameters if symbol.owner is None or self._linker.calls.is_static(symbol) else parameters[1:]

    def _agreement(
        self, wide: FunctionSymbol, formal: facts.Expr | None, narrow: FunctionSymbol, actual: facts.Expr | None
    ) -> bool | None:
        """Whether a value that is declared as `actual` in the signature of `narrow` is one that `wide` declares as `formal`; None
        where that is not known."""
        if formal is None or actual is None:
            return None
        annotations = self._linker.annotations
        operand = Operand(self._linker, type_=annotations.of_signature(narrow.frame, actual))
        return accepts(self._linker, annotations.of_signature(wide.frame, formal), operand)


def _is_none(annotation: facts.Expr | None) -> bool:
    return isinstance(annotation, facts.Constant) and annotation.value is None


def _gives_awaitable(symbol: FunctionSymbol) -> bool:
    if symbol.frame.scope.is_async:
        return not symbol.frame.scope.is_generator
    returns = symbol.frame.scope.returns
    if isinstance(returns, facts.Subscript):
        returns = returns.value
    word = returns.id if isinstance(returns, facts.Name) else returns.name if isinstance(returns, facts.Attribute) else ""
    return word in _AWAITABLE
