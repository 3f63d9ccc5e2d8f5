"""What of an installed package stands behind a name: the source behind a stub, and the public name of what source defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.types import ClassSymbol, ClassType, Frame, FunctionSymbol, FunctionType, Module, Origin, Type, candidates

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


_FARTHEST = 6
"""How many modules hand a name on from one to the next."""


class Sources:
    """Goes from stubs to source, and from where something is defined to where people import it from."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._classes: Kept[ClassSymbol, ClassSymbol | None] = Kept(linker.reads)

    def of_class(self, symbol: ClassSymbol) -> ClassSymbol | None:
        """The class that a stub describes, if its source is followed."""
        if symbol.frame is None or symbol.frame.module.origin is not Origin.STUB:
            return None
        module, name = symbol.frame.module.name, symbol.frame.scope.name
        return self._classes.settled(symbol, None, lambda: self._class_named(module, name))  # it may be defined by its own stub

    def _class_named(self, module_name: str, name: str) -> ClassSymbol | None:
        found = self._member(module_name, name)
        return found.symbol if isinstance(found, ClassType) and found.symbol.has_bodies else None

    def body(self, symbol: FunctionSymbol, cls: ClassSymbol | None) -> FunctionSymbol | None:
        """The function itself if it has a body, or else the one that it describes in a stub, as `cls` has it."""
        if symbol.has_body:
            return symbol
        if symbol.owner is None:
            return self._of_function(symbol)
        if self.of_class(symbol.owner) is None:
            return None
        return self._linker.members.method(cls or symbol.owner, symbol.name, after=symbol.owner)

    def _of_function(self, symbol: FunctionSymbol) -> FunctionSymbol | None:
        module = symbol.frame.module
        if module.origin is not Origin.STUB or symbol.owner is not None or symbol.frame.scope.parent != 0:
            return None
        found = self._member(module.name, symbol.name)
        return found.symbol if isinstance(found, FunctionType) and found.symbol.has_body else None

    def _member(self, module_name: str, name: str) -> Type | None:
        module = self._linker.modules.source(module_name)
        found = None if module is None else self._linker.names.member(module, name)
        items = () if found is None else candidates(found)
        return items[0] if len(items) == 1 else None

    def name(self, symbol: ClassSymbol | FunctionSymbol) -> str:
        """The name by which the catalogue may know what an installed module defines: its own, or a shorter one that the package
        gives the same thing."""
        own = symbol.qualified_name
        public = self._linker.catalogue.public(own)
        frame = symbol.frame
        if public != own or frame is None or frame.module.facts.scopes[frame.scope.parent].kind is not ScopeKind.MODULE:
            return public
        for known in sorted(self._linker.catalogue.named(own.partition(".")[0], frame.scope.name)):
            module_name, _, last = known.rpartition(".")
            module = self._linker.modules.source(module_name) if known != own else None
            if module is not None and self._definition(module, last) == frame:
                return known
        return own

    def _definition(self, module: Module, name: str, depth: int = 0) -> Frame | None:
        """The class or function that a module binds `name` to, itself or by imports. Only these are looked at: no value is worked
        out, because what is being defined may be the one that is looked for."""
        scope = module.facts.scopes[0]
        bound = scope.bindings[scope.names[name][-1]] if name in scope.names else None
        if isinstance(bound, (facts.ClassRef, facts.FunctionRef)):
            return Frame(module, bound.scope)
        given = [(bound.module, bound.level, bound.name)] if isinstance(bound, facts.Imported) and bound.name else []
        if bound is None:
            given = [(starred, level, name) for starred, level, _ in reversed(module.facts.star_imports)]
        for target, level, last in given if depth < _FARTHEST else ():
            found = self._linker.names.module(module, target, level).module
            frame = self._definition(found, last, depth + 1) if found is not None and found.is_installed else None
            if frame is not None:
                return frame
        return None
