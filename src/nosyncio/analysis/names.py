"""What a name means: scopes, modules, imports, star imports, built-ins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, ScopeKind
from nosyncio.analysis.sets import NOTHING, Numbers
from nosyncio.analysis.types import (
    NEVER,
    ClassSymbol,
    Frame,
    FunctionSymbol,
    FunctionType,
    Module,
    ModuleType,
    Named,
    Never,
    Origin,
    Reason,
    Special,
    Type,
    TypeVariable,
    Unknown,
    union,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_SPECIAL_FORMS = frozenset(
    (
        *("Any", "Optional", "Union", "Annotated", "ClassVar", "Final", "Literal", "Callable", "Self", "Generic", "Protocol"),
        *("Type", "Tuple", "Concatenate", "Unpack", "TypeGuard", "TypeIs", "NoReturn", "Never", "LiteralString", "TypeAlias"),
        *("Required", "NotRequired", "ReadOnly", "TypedDict"),
    )
)
# `typing`'s names for classes that live elsewhere; typeshed gives them no value.
_ALIASES = {
    **{name: ("builtins", name.lower()) for name in ("List", "Dict", "Set", "FrozenSet")},
    **{name: ("collections", name) for name in ("OrderedDict", "Counter", "ChainMap")},
    "DefaultDict": ("collections", "defaultdict"),
    "Deque": ("collections", "deque"),
}
_LONGEST_DOTTED = 12
_TYPING = frozenset(("typing", "typing_extensions"))


class Names:
    """Resolves names by binding, as Python does."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._members: dict[tuple[Module, str], tuple[Type | None, Numbers]] = {}
        linker.reads.watch(self._members)

    def lookup(self, frame: Frame, name: str) -> Type:
        """The value of a free `name` in a scope: this scope, the functions around it, the module, the built-ins."""
        scope: Frame | None = frame
        while scope is not None:
            facts_of = scope.scope
            visible = facts_of.kind is not ScopeKind.CLASS or scope is frame
            if visible and facts_of.kind is not ScopeKind.MODULE:
                if name in facts_of.names:
                    found = self.in_scope(scope, name)
                    if found != NEVER or facts_of.kind is not ScopeKind.CLASS:  # `parse = parse` takes it from outside
                        return found
                if name in facts_of.type_parameters:
                    return self._type_parameter(scope, name)
            elif facts_of.kind is ScopeKind.CLASS and name in facts_of.type_parameters:
                return self._type_parameter(scope, name)
            elif facts_of.kind is ScopeKind.MODULE:
                member = self.member(scope.module, name)
                if member is not None:
                    return member
            scope = scope.outer if facts_of.parent >= 0 else None
        return self.builtin(name)

    def _type_parameter(self, frame: Frame, name: str) -> TypeVariable:
        bound = frame.scope.type_parameters[name]
        return TypeVariable(name, None if bound is None else self._linker.annotations.denoted(frame.outer, bound))

    def builtin(self, name: str) -> Type:
        """The value of a built-in name."""
        module = self._linker.modules.find("builtins")
        found = self.member(module, name) if module is not None else None
        return Unknown(Reason.NAME) if found is None else found

    def in_scope(self, frame: Frame, name: str) -> Type:
        """What a scope binds `name` to: the value at its end, or, in a function, any that it is given."""
        scope = frame.scope
        values = self._linker.values
        bindings = scope.names.get(name, [])
        for binding in bindings:
            value = scope.bindings[binding]
            if isinstance(value, facts.Declared):
                declared = values.binding(frame, binding)
                if not isinstance(declared, Unknown):
                    return declared
        if name in scope.final:
            final = scope.final[name]
            function = scope.bindings[final]
            if isinstance(function, facts.FunctionRef):
                return values.function(frame.module, function.scope)
            bindings = [final]
        own = [values.binding(frame, binding) for binding in bindings]
        return union([*own, *self._stored_from_inside(frame, name)])

    def _stored_from_inside(self, frame: Frame, name: str) -> Iterator[Type]:
        for inner, binding in self._linker.outer_stores(frame.module).get((frame.number, name), ()):
            yield self._linker.values.binding(Frame(frame.module, inner), binding)

    def member(self, module: Module, name: str) -> Type | None:
        """What `module.name` is, or None if the module has no such name."""
        key = (module, name)
        reads = self._linker.reads
        known = self._members.get(key)
        if known is None:
            self._members[key] = (None, NOTHING)  # a name that is defined by way of itself is not found
            before = reads.begin()
            try:
                found = self._member(module, name)
            finally:
                own = reads.end(before)
                del self._members[key]
            if self._linker.values.is_settled:
                self._members[key] = (found, own)
            return found
        reads.seen |= known[1]
        return known[0]

    def _member(self, module: Module, name: str) -> Type | None:
        if module.name in _TYPING and name in _SPECIAL_FORMS and not module.is_project:
            return Special(name)
        if module.name in _TYPING and name in _ALIASES and not module.is_project:
            owner, real = _ALIASES[name]
            home = self._linker.modules.find(owner)
            return None if home is None else self.member(home, real)
        own = module.facts.scopes[0].names.get(name, ())
        if own or (0, name) in self._linker.outer_stores(module):
            # The order of a stub's statements says nothing.
            replaced = self._starred(module, name, own[-1]) if own and module.has_bodies else None
            if replaced is not None:
                return replaced
            found = self.in_scope(Frame(module, 0), name)
            if found != NEVER and not isinstance(found, Unknown):
                return found
            submodule = self._linker.modules.submodule(module, name, namespace=False)
            return found if submodule is None else ModuleType(submodule.name, submodule)
        starred = self._starred(module, name, -1)
        if starred is not None:
            return starred
        source = self._linker.modules.source(module.name) if module.origin is Origin.STUB else None
        if source is not None:  # a stub that leaves something out
            behind = self.member(source, name)
            if isinstance(behind, ModuleType):  # which may have a stub again
                return ModuleType(behind.name, self._linker.modules.find(behind.name) or behind.module)
            return behind
        submodule = self._linker.modules.submodule(module, name)
        return None if submodule is None else ModuleType(submodule.name, submodule)

    def _starred(self, module: Module, name: str, after: int) -> Type | None:
        """What the star imports after a binding of the module's scope give `name`; a later one hides an earlier one."""
        for starred, level, position in reversed(module.facts.star_imports):
            if position <= after:
                break
            target = self.module(module, starred, level)
            if target.module is None:
                if not name.startswith("_") and self._linker.catalogue.verdicts(f"{target.name}.{name}"):
                    return self.named(f"{target.name}.{name}")
            elif target.module is not module and self._is_given(target.module, name):
                found = self.member(target.module, name)
                if found is not None:
                    return found
        return None

    def _is_given(self, module: Module, name: str, depth: int = 0) -> bool:
        """Whether `from module import *` binds `name`, if the module has it."""
        exports = module.facts.exports
        if exports is None or (facts.MORE in exports and name not in exports):
            return not name.startswith("_")
        if name in exports:
            return True
        for listed in exports:
            owner, _, rest = listed.partition(".")
            other = self.member(module, owner) if rest and depth < _LONGEST_DOTTED else None
            if isinstance(other, ModuleType) and other.module is not None and self._is_given(other.module, name, depth + 1):
                return True
        return False

    def module(self, importer: Module, name: str, level: int) -> ModuleType:
        """The module that an import in `importer` names."""
        if level:
            found = self._linker.modules.relative(importer, name, level)
            return ModuleType(found.name, found) if found else ModuleType(f"{'.' * level}{name}", None)
        found = self._linker.modules.find(name, importer)
        if found is None:
            public = self._linker.catalogue.public(name)
            if public != name:
                return ModuleType(public, self._linker.modules.find(public))
            found = self._linker.modules.namespace(name, importer)
        elif found.origin is Origin.NAMESPACE:
            found = self._linker.modules.namespace(name, importer) or found
        return ModuleType(name if found is None else found.name, found)

    def module_attribute(self, module: ModuleType, name: str, importer: Module | None = None) -> Type:
        """`module.name` as `importer` sees it, by name alone where the module has no facts."""
        if module.module is not None:
            found = self.member(module.module, name)
            if found is not None:
                return found
            if module.module.is_project:
                return self._given_by_module(module.module) or Unknown(Reason.MODULE_MEMBER)
        qualified = f"{module.name}.{name}"
        has_facts = module.module is not None and module.module.origin is not Origin.NAMESPACE
        submodule = None if has_facts else self._linker.modules.find(qualified, importer)
        if submodule is not None:
            return ModuleType(submodule.name, submodule)
        return self.named(qualified)

    def _given_by_module(self, module: Module) -> Type | None:
        """What a module's own `__getattr__` is declared to give for names that the module does not have."""
        found = self.member(module, "__getattr__") if self._is_lazy(module) else None
        if not isinstance(found, FunctionType) or found.symbol.frame.scope.returns is None:
            return None
        given = self._linker.calls.function(found, ())
        return None if isinstance(given, (Unknown, Never)) else given

    def imported(self, importer: Module, value: facts.Imported) -> Type:
        """What an import binds."""
        module = self.module(importer, value.module, value.level)
        if importer.is_installed and module.module is None and not self._linker.modules.is_there(module.name):
            return Unknown(Reason.IMPORT, soft=True)  # for another platform, or an extra that nobody asked for
        if not value.name:
            return module
        if module.module is importer:  # `from . import x` in a package's __init__: only a submodule can be meant
            submodule = self._linker.modules.submodule(importer, value.name)
            if submodule is not None:
                return ModuleType(submodule.name, submodule)
        if module.module is None and (value.level or self._is_below_project(importer, value.module)):
            return Unknown(Reason.IMPORT, soft=True)
        found = self.module_attribute(module, value.name, importer)
        if found == Unknown(Reason.MODULE_MEMBER) and module.module is not None and not self._is_lazy(module.module):
            return Unknown(Reason.IMPORT, soft=True)  # fails, or gives what was not there to be read; another binding is better
        return found

    def _is_below_project(self, importer: Module, name: str) -> bool:
        """Whether a module that is not found would stand in a package of the project."""
        package = self._linker.modules.find(name.rpartition(".")[0], importer) if "." in name else None
        return package is not None and package.is_project

    def _is_lazy(self, module: Module) -> bool:
        return "__getattr__" in module.facts.scopes[0].names

    def dotted(self, frame: Frame, expr: Expr) -> str | None:
        """The qualified name that an expression spells out from an import on: `sys.stdin.readline`, or `LOCK_EX` after
        `from fcntl import LOCK_EX`. The catalogue may speak of such a value itself, whatever its type."""
        parts: list[str] = []
        for _ in range(_LONGEST_DOTTED):
            if isinstance(expr, facts.Attribute):
                parts.append(expr.name)
                expr = expr.value
            elif isinstance(expr, facts.Local) and isinstance(frame.scope.bindings[expr.binding], facts.Attribute):
                expr = frame.scope.bindings[expr.binding]
            else:
                break
        imported = self._import_behind(frame, expr)
        if imported is None or imported.level:
            return None
        module = self.module(frame.module, imported.module, 0)
        if module.module is not None and module.module.is_project:
            return None
        head = f"{imported.module}.{imported.name}" if imported.name else imported.module
        return self._linker.catalogue.public(".".join((head, *reversed(parts)))) if parts or imported.name else None

    def module_constant(self, frame: Frame, expr: Expr) -> Expr | None:
        """What the module gives a global once, as an expression of the module's scope, for an expression that names it; None
        for anything else."""
        scope = frame.module.facts.scopes[0]
        if not isinstance(expr, facts.Name) or len(scope.names.get(expr.id, ())) != 1 or expr.id in frame.scope.names:
            return None
        value = scope.bindings[scope.names[expr.id][0]]
        return value if isinstance(value, (facts.Operation, facts.Attribute)) else None

    def _import_behind(self, frame: Frame, expr: Expr) -> facts.Imported | None:
        """The import that a variable is bound by, if by nothing else; `import zmq` and `import zmq.asyncio` bind the same."""
        value: Expr | None = None
        if isinstance(expr, facts.Local):
            value = frame.scope.bindings[expr.binding]
        elif isinstance(expr, facts.Name):
            binder = frame.module.facts.binder(frame.number, expr.id)
            if binder is not None:
                scope = frame.module.facts.scopes[binder]
                values = {scope.bindings[binding] for binding in scope.names[expr.id]}
                value = values.pop() if len(values) == 1 else None
        return value if isinstance(value, facts.Imported) else None

    def named(self, qualified_name: str) -> Type:
        """A library's name that has no facts: a class where the catalogue speaks of one."""
        public = self._linker.catalogue.public(qualified_name)
        if public != qualified_name:
            owner, _, last = public.rpartition(".")
            module = self._linker.modules.find(owner)
            found = None if module is None else self.member(module, last)
            if found is not None:
                return found
        return Named(public)

    def class_symbol(self, module: Module, scope: int) -> ClassSymbol:
        """The symbol of a class scope, always the same one."""
        symbol = module.classes.get(scope)
        if symbol is None:
            symbol = module.classes[scope] = ClassSymbol(self._qualified(module, scope), Frame(module, scope))
            if module.is_installed:
                symbol.qualified_name = self._linker.sources.name(symbol)
        return symbol

    def function_symbol(self, module: Module, scope: int) -> FunctionSymbol:
        """The symbol of a function or lambda scope, always the same one."""
        symbol = module.functions.get(scope)
        if symbol is None:
            parent = module.facts.scopes[scope].parent
            in_class = module.facts.scopes[parent].kind is ScopeKind.CLASS
            owner = self.class_symbol(module, parent) if in_class else None
            symbol = module.functions[scope] = FunctionSymbol(self._qualified(module, scope), Frame(module, scope), owner)
            if module.is_installed:
                symbol.qualified_name = f"{owner.qualified_name}.{symbol.name}" if owner else self._linker.sources.name(symbol)
        return symbol

    def function_around(self, frame: Frame) -> FunctionSymbol | None:
        """The function that a scope stands in or is."""
        return None if frame.function is None else self.function_symbol(*frame.function)

    def _qualified(self, module: Module, scope: int) -> str:
        name = f"{module.name}.{module.facts.qualified_name(scope)}"
        return name if module.has_bodies else self._linker.catalogue.public(name)
