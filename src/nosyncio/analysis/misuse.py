"""Code that looks async and is not: what is handed to a thread wrongly, and coroutines that nobody awaits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.coroutines import Coroutines
from nosyncio.analysis.extract import renamed
from nosyncio.analysis.facts import Expr, Flag, Place, ScopeKind
from nosyncio.analysis.fates import asks_for_coroutine, last_word
from nosyncio.analysis.index import Index
from nosyncio.analysis.lazies import Lazies
from nosyncio.analysis.offloads import Offloads, Slot
from nosyncio.analysis.origins import origins
from nosyncio.analysis.reach import Reach
from nosyncio.analysis.types import (
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    Literal,
    Module,
    ModuleType,
    Named,
    NoneType,
    Tuple,
    Type,
    alternatives,
)
from nosyncio.model import Kind, Misuse

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.subclasses import Subclasses
    from nosyncio.analysis.verdicts import Verdicts

# Protocols whose instances are never called; of any other, an implementation may have a `__call__`.
_NEVER_CALLED = frozenset(
    f"typing.{name}"
    for name in ("AsyncGenerator", "AsyncIterator", "Awaitable", "Coroutine", "Generator", "Iterator", "SupportsIndex")
)
# Where the standard library's coroutine functions are.
_STANDARD = ("events", "locks", "queues", "streams", "subprocess", "tasks", "threads")
_PLAIN = frozenset(f"builtins.{name}" for name in ("bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"))
# What such calls give is data, never a function.
_GIVES_DATA = frozenset(
    (
        *(Kind.SLEEP, Kind.OPEN, Kind.FILE_TREE, Kind.FILE_METADATA, Kind.HTTP, Kind.SQLITE, Kind.DATABASE, Kind.SUBPROCESS),
        *(Kind.CONSOLE, Kind.CPU),
    )
)


@dataclass(frozen=True, slots=True)
class Misused:
    """A misuse. callee: what is called, by qualified name or, if it is the code under check's, the function. offload: what it is
    given to, by qualified name."""

    misuse: Misuse
    frame: Frame
    place: Place
    callee: FunctionSymbol | str
    offload: str = ""


class Misuses:
    """Finds misuse of one module at a time."""

    def __init__(
        self, linker: Linker, verdicts: Verdicts, contexts: Contexts, reach: Reach, index: Index, subclasses: Subclasses
    ) -> None:
        """index, subclasses: of the modules whose coroutine functions and overrides count."""
        self._linker = linker
        self._verdicts = verdicts
        self._contexts = contexts
        self._coroutines = Coroutines(linker, subclasses)
        self._offloads = Offloads(linker, verdicts)
        self._lazies = Lazies(linker, verdicts, contexts, reach, self._offloads, self._coroutines)
        standard = [linker.modules.find(f"asyncio.{name}") for name in _STANDARD]
        known = (module for module in standard if module is not None)
        self._index = index
        self._standard = {name for module in known for name in _coroutine_functions(module)}

    def of(self, module: Module) -> Iterator[Misused]:
        coroutines, standard = self._index.coroutines, self._standard
        known_as = {name for name, value in renamed(module) if value in coroutines or value in standard}
        handing = self._contexts.references.handing()
        for number, scope in enumerate(module.facts.scopes):
            frame = Frame(module, number)
            for site in scope.sites:
                if isinstance(site, facts.Call):
                    word = last_word(module, number, site.function)
                    if site.flags & Flag.DISCARDED and (word in coroutines or word in standard or word in known_as):
                        yield from self._never_awaited(frame, site)
                    if word in handing and _may_hand_over(site):
                        yield from self._handed_over(frame, site)
        lazy = {place: (frame, maker) for frame, place, maker in self._lazies.consumed(module)}
        for place, (frame, maker) in lazy.items():
            yield Misused(Misuse.OFFLOADED_LAZY, frame, place, maker)

    # -------------------------------------------------------------------------------------------------------- never awaited

    def _never_awaited(self, frame: Frame, call: facts.Call) -> Iterator[Misused]:
        function = self._coroutines.function(self._linker.values.value(frame, call.function))
        if function is not None and not _is_asked_about(frame, call.function):
            yield Misused(Misuse.NEVER_AWAITED, frame, call.place, function)

    # ---------------------------------------------------------------------------------------------------- handed to a thread

    def _handed_over(self, frame: Frame, call: facts.Call) -> Iterator[Misused]:
        slot = self._offloads.slot(frame, call)
        if slot is None or slot.operand.expr is None:
            return
        coroutine = self._coroutine_of(slot)
        called = None if coroutine is not None else self._called_in(frame, slot)
        if coroutine is not None and not slot.accepts_async and not self._offloads.is_looked_at(frame, call):
            yield Misused(Misuse.OFFLOADED_COROUTINE, frame, call.place, coroutine, slot.callee)
        elif called is not None:
            yield Misused(Misuse.CALLED_NOT_PASSED, frame, call.place, called, slot.callee)

    def _coroutine_of(self, slot: Slot) -> FunctionSymbol | None:
        """The coroutine function that a thread would call, directly or in a lambda that returns its coroutine."""
        found = self._coroutines.function(slot.operand.type)
        if found is None and isinstance(slot.operand.type, FunctionType):
            inner = slot.operand.type.symbol.frame
            if inner.scope.kind is ScopeKind.LAMBDA:
                for value in inner.scope.returned:
                    call = inner.scope.sites[value.site] if isinstance(value, facts.Result) else None
                    if isinstance(call, facts.Call):
                        found = self._coroutines.function(self._linker.values.value(inner, call.function))
        return found

    def _called_in(self, frame: Frame, slot: Slot) -> FunctionSymbol | str | None:
        """What is called to give a thread its callable, where that surely gives none."""
        operand = slot.operand
        assert operand.expr is not None
        made = [origin for origin in origins(self._linker, frame, operand.expr, parts=True) if not origin.is_generator]
        if not made or any(origin.frame != frame for origin in made):
            return None
        first = made[0]
        callee = self._linker.values.value(frame, first.call.function)
        if not self._is_understood(callee):
            return None
        if self._is_data(slot) or (operand.expr == facts.Result(first.site) and self._gives_data(frame, first.site)):
            return self._name(callee, frame, first.call)
        return None

    def _is_data(self, slot: Slot) -> bool:
        """Whether a value surely cannot be called. What takes coroutine functions may take coroutines, too, and job objects."""
        items = alternatives(slot.operand.type)
        if slot.accepts_async and not all(_is_plain_data(item) for item in items):
            return False
        return bool(items) and all(self._cannot_be_called(item) for item in items)

    def _cannot_be_called(self, item: Type) -> bool:
        if _is_plain_data(item) or isinstance(item, ModuleType):
            return True
        if not isinstance(item, Instance) or item.symbol.qualified_name == "builtins.object":
            return False
        if item.symbol.qualified_name not in _NEVER_CALLED and self._linker.classes.is_protocol(item.symbol):
            return False
        for cls, _ in self._linker.classes.order(item.symbol):
            if cls.frame is None or cls.frame.scope.binds("__call__"):
                return False
        return not self._coroutines.is_overridden(item.symbol, "__call__")

    def _is_understood(self, callee: Type) -> bool:
        """Whether code says what a callee gives: not the annotation of a callable, which may be wrong without anybody noticing,
        nor a function whose decorators may change that."""
        for item in alternatives(callee):
            if isinstance(item, FunctionType):
                if item.symbol.is_project and not self._coroutines.is_plain(item.symbol):
                    return False
            elif not isinstance(item, (ClassType, Instance, Named)):
                return False
        return True

    def _gives_data(self, frame: Frame, site: int) -> bool:
        verdict = self._verdicts.verdict(frame, site)
        return verdict is not None and Kind.from_label(verdict.entry.kind) in _GIVES_DATA

    def _name(self, callee: Type, frame: Frame, call: facts.Call) -> FunctionSymbol | str:
        """A callee as messages name it."""
        for item in alternatives(callee):
            if isinstance(item, FunctionType) and item.symbol.is_project:
                return item.symbol
            for name in self._verdicts.names(item):
                return name
        return last_word(frame.module, frame.number, call.function)


def _is_asked_about(frame: Frame, function: Expr) -> bool:
    """Whether code asks of a callee whether it is a coroutine function."""
    return any(
        frame.scope.root(argument) == frame.scope.root(function)
        for site in frame.scope.sites
        if isinstance(site, facts.Call) and asks_for_coroutine(frame, site)
        for argument in site.arguments
    )


def _may_hand_over(call: facts.Call) -> bool:
    """Whether anything but literals is among a call's arguments: a cheap first test."""
    return any(not isinstance(value, (facts.Constant, facts.Display, facts.DictDisplay)) for value in call.passed)


def _is_plain_data(item: Type) -> bool:
    if isinstance(item, Instance):
        return item.symbol.qualified_name in _PLAIN
    return isinstance(item, (NoneType, Tuple, Literal))


def _coroutine_functions(module: Module) -> Iterator[str]:
    for scope in module.facts.scopes:
        if scope.is_async and not scope.is_generator:
            yield scope.name
