"""What runs on the event loop, and what stands in an async-only module: decided here, for every rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Flag, Place, ScopeKind
from nosyncio.analysis.fates import Fate, Fates, last_word
from nosyncio.analysis.index import Index
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.references import References, Shared
from nosyncio.analysis.types import Frame, FunctionSymbol, Module
from nosyncio.model import Context

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_MARK = re.compile(r"#\s*nosyncio:\s*(async-only|sync-allowed)(?![\w-])")


class Registration(NamedTuple):
    """What makes the loop call a sync function: a place with, by qualified name, its decorator there or the method that it
    overrides; where `by` is empty, a call that registers it."""

    frame: Frame
    place: Place
    by: str


class Registered(NamedTuple):
    """The same, for the file of the function and its scope: what of it outlives the facts. `path`: the file of the place."""

    function: tuple[str | None, int]
    path: str
    scope: int
    place: Place
    by: str


class Contexts:
    """Sorts scopes and sites by where they run.

    index: of the modules whose mentions of each other's functions count. shared: as in `References`. marked: whether
    configuration calls a path async-only. allow_init: whether constructors of async-only modules may load.
    """

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        fates: Fates,
        index: Index,
        shared: Shared,
        marked: Callable[[str], bool],
        *,
        allow_init: bool,
    ) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._fates = fates
        self._marked = marked
        self._allow_init = allow_init
        self._loop_called: dict[tuple[str | None, int], list[Registered]] = {}
        self._async_only: Kept[Module, bool] = Kept(linker.reads)
        self._filled: Kept[FunctionSymbol, bool] = Kept(linker.reads)
        self.references = References(linker, fates, index, shared)

    def collect(self, module: Module) -> Iterator[Registered]:
        """The sync functions of `module` that the loop calls, and those that its code registers with the loop."""
        for index, scope in enumerate(module.facts.scopes):
            frame = Frame(module, index)
            if scope.kind is ScopeKind.CLASS:
                yield from self._collect_overrides(frame)
            elif scope.decorators:
                yield from self._collect_decorated(frame)
            yield from self._collect_registered(frame)

    def renew(self) -> None:
        """Take notice of what is new in the index; what was taken in counts no more."""
        self._loop_called.clear()
        self.references.renew()

    def take(self, registered: Iterable[Registered]) -> None:
        """Take in what `collect` gave: until then, none of these functions is loop code."""
        for item in registered:
            self._loop_called.setdefault(item.function, []).append(item)

    def _collect_overrides(self, frame: Frame) -> Iterator[Registered]:
        if not self._linker.catalogue.words.isdisjoint(frame.scope.names):
            symbol = self._linker.names.class_symbol(*frame)
            for base, _ in self._linker.classes.order(symbol):
                for method in self._linker.catalogue.loop_overrides(base.qualified_name) & frame.scope.names.keys():
                    for binding in frame.scope.names[method]:
                        value = frame.scope.bindings[binding]
                        if isinstance(value, facts.FunctionRef):
                            function = self._linker.names.function_symbol(frame.module, value.scope)
                            place, by = function.frame.scope.place, f"{base.qualified_name}.{method}"
                            yield _registered(function, function.frame, place, by)

    def _collect_decorated(self, frame: Frame) -> Iterator[Registered]:
        symbol = self._linker.names.function_symbol(*frame)
        for name in self._linker.calls.decorators(symbol):
            if name and self._linker.catalogue.loop_decorator(name):
                yield _registered(symbol, frame, frame.scope.place, name)

    def _collect_registered(self, frame: Frame) -> Iterator[Registered]:
        words = self.references.registering()
        for site in frame.scope.sites:
            if isinstance(site, facts.Call) and last_word(frame.module, frame.number, site.function) in words:
                for symbol in self.references.handed_over(frame, site, Fate.ON_LOOP):
                    yield _registered(symbol, frame, site.place, "")

    def registrations(self, symbol: FunctionSymbol) -> list[Registration]:
        """What makes the loop call a sync function."""
        found: list[Registration] = []
        for item in self._loop_called.get((symbol.frame.module.path, symbol.frame.number), ()):
            module = self._linker.modules.at(item.path)
            assert module is not None
            found.append(Registration(Frame(module, item.scope), item.place, item.by))
        return found

    # --------------------------------------------------------------------------------------------------------------- loop code

    def on_loop(self, frame: Frame) -> bool:
        """Whether a scope's own body runs on the loop: a coroutine function, what the loop calls, a class body in either."""
        scope = frame.scope
        if scope.kind is ScopeKind.MODULE:
            return False
        if scope.kind is ScopeKind.CLASS:
            return self.on_loop(frame.outer)
        return scope.is_async or (frame.module.path, frame.number) in self._loop_called

    def running(self, frame: Frame) -> list[int]:
        """The sites of a scope that run when it does: not those of generator expressions that nothing there consumes."""
        sites = frame.scope.sites
        if not frame.scope.generators:
            return list(range(len(sites)))
        consumed: set[int] = set()
        changed = True
        while changed:
            before = len(consumed)
            for site in sites:
                if site.generator < 0 or site.generator in consumed:
                    consumed.update(self._consumed_by(frame, site))
            changed = len(consumed) != before
        return [index for index, site in enumerate(sites) if site.generator < 0 or site.generator in consumed]

    def _consumed_by(self, frame: Frame, site: facts.Site) -> Iterator[int]:
        value: facts.Expr | None = None
        if isinstance(site, facts.Iterate):
            value = site.iterable
        elif isinstance(site, facts.Operate) and site.method == "__contains__":
            value = site.value
        elif isinstance(site, facts.Call) and any(_may_be_generator(argument) for argument in site.arguments):
            value = self._verdicts.consumed_argument(frame, site)
        if value is not None:
            yield from self._verdicts.iterated_generators(frame, value)

    # ------------------------------------------------------------------------------------------------------ async-only modules

    def is_async_only(self, module: Module) -> bool:
        """Whether the module's owner, or that of a package around it, has marked it; the nearest mark decides."""

        def work() -> bool:
            mark = self._nearest_mark(module)
            configured = module.path is not None and self._marked(module.path)
            return mark == "async-only" or (configured and mark is None)

        return self._async_only.once(module, work)

    def _nearest_mark(self, module: Module) -> str | None:
        """The mark of the module, or else of the innermost package around it that has one."""
        within: Module | None = module
        while within is not None:
            mark = _mark(within)
            if mark is not None:
                return mark
            within = self._linker.modules.package_of(within)
        return None

    def excused(self, frame: Frame, site: facts.Site) -> bool:
        """Whether a site of an async-only module does not count there."""
        if site.flags & Flag.MAIN:
            return True
        for index in frame.module.facts.around(frame.number):
            if frame.module.facts.scopes[index].is_main:
                return True
        return self._is_initialising(frame) or self.in_thread(frame)

    def is_allowed_load(self, frame: Frame) -> bool:
        """Whether a scope of an async-only module is what its constructors may load in."""
        return self.is_async_only(frame.module) and self._is_initialising(frame)

    def _is_initialising(self, frame: Frame) -> bool:
        return self._allow_init and any(map(self.only_initialises, self._functions_around(frame)))

    def in_thread(self, frame: Frame) -> bool:
        """Whether a scope stands in a function that only ever runs in a thread, or is one."""
        return any(map(self.only_offloaded, self._functions_around(frame)))

    def _functions_around(self, frame: Frame) -> Iterator[FunctionSymbol]:
        """The functions that a scope is or stands in, from the inside out."""
        for index in frame.module.facts.around(frame.number):
            if frame.module.facts.scopes[index].kind in (ScopeKind.FUNCTION, ScopeKind.LAMBDA):
                yield self._linker.names.function_symbol(frame.module, index)

    def only_initialises(self, symbol: FunctionSymbol) -> bool:
        """Whether a function is a constructor, or is called by constructors and by what they alone call."""
        return self._only_initialises(symbol, set())

    def _only_initialises(self, symbol: FunctionSymbol, asking: set[FunctionSymbol]) -> bool:
        if symbol.is_constructor:
            return True
        if symbol in asking or symbol.frame.scope.is_async:
            return symbol in asking
        callers = [self._linker.names.function_around(frame) for frame in self.references.calls_of(symbol)]
        return bool(callers) and all(
            caller is not None and self._only_initialises(caller, asking | {symbol}) for caller in callers
        )

    def is_filled_beforehand(self, symbol: FunctionSymbol) -> bool:
        """Whether a function keeps what it gives, and somebody sees to it that the loop finds it done: calls it while a module is
        imported, with whatever arguments, or, if it needs none, in a thread."""
        if not self._linker.calls.is_cached(symbol):
            return False
        return self._filled.once(symbol, lambda: self.is_called_at_import(symbol) or self._is_filled_in_thread(symbol))

    def _is_filled_in_thread(self, symbol: FunctionSymbol) -> bool:
        if any(parameter.default is None for parameter in symbol.frame.scope.parameters):
            return False
        return any(map(self._is_in_thread, self.references.calls_of(symbol))) or self.references.is_offloaded(symbol)

    def _is_in_thread(self, frame: Frame) -> bool:
        caller = self._linker.names.function_around(frame)
        return caller is not None and not caller.frame.scope.is_async and self.only_offloaded(caller)

    def is_called_at_import(self, symbol: FunctionSymbol) -> bool:
        """Whether a function is called while a module is imported."""
        return any(frame.scope.kind is ScopeKind.MODULE for frame in self.references.calls_of(symbol))

    def only_offloaded(self, symbol: FunctionSymbol) -> bool:
        """Whether a function is handed to a thread somewhere and nowhere called on this one."""
        return self._only_offloaded(symbol, set())

    def _only_offloaded(self, symbol: FunctionSymbol, asking: set[FunctionSymbol]) -> bool:
        if symbol in asking:
            return True
        if self._is_offloaded_by_definition(symbol):
            return not symbol.frame.scope.is_async
        callers = [self._linker.names.function_around(frame) for frame in self.references.calls_of(symbol)]
        if not callers and not self.references.is_offloaded(symbol):
            return False
        return all(
            caller is not None and not caller.frame.scope.is_async and self._only_offloaded(caller, asking | {symbol})
            for caller in callers
        )

    def _is_offloaded_by_definition(self, symbol: FunctionSymbol) -> bool:
        """Whether a function runs in a thread by its decorators, or by the method that it overrides."""
        if self._fates.is_offloaded_by_decorator(symbol):
            return True
        return symbol.owner is not None and any(
            self._linker.catalogue.offload_override(f"{base.qualified_name}.{symbol.name}")
            for base, _ in self._linker.classes.order(symbol.owner)
        )

    def of_site(self, frame: Frame, site: facts.Site) -> Context | None:
        """Why a site that runs with its scope counts, if it does."""
        if self.on_loop(frame):
            return Context.ASYNC_BODY
        if self.is_async_only(frame.module) and not self.excused(frame, site):
            return Context.ASYNC_ONLY
        return None


def _registered(symbol: FunctionSymbol, frame: Frame, place: Place, by: str) -> Registered:
    assert frame.module.path is not None
    return Registered((symbol.frame.module.path, symbol.frame.number), frame.module.path, frame.number, place, by)


def _mark(module: Module) -> str | None:
    for comment in module.facts.comments:
        if comment.line < module.facts.head:
            match = _MARK.search(comment.text)
            if match:
                return match[1]
    return None


def _may_be_generator(expr: facts.Expr) -> bool:
    return isinstance(expr, (facts.GeneratorRef, facts.Local, facts.Result))
