"""Facts of many files, joined on demand: the narrow interface behind which names and types are resolved."""

from __future__ import annotations

from collections.abc import Iterable

from nosyncio.analysis.annotated import Annotations
from nosyncio.analysis.calls import Calls
from nosyncio.analysis.classes import Classes
from nosyncio.analysis.installed import InstalledPackages, NoPackages
from nosyncio.analysis.members import Members
from nosyncio.analysis.modules import Modules, ProjectFiles, StubReader, typeshed_facts
from nosyncio.analysis.names import Names
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.sources import Sources
from nosyncio.analysis.types import Module
from nosyncio.analysis.values import Values
from nosyncio.catalogue import Catalogue


class Linker:
    """Everything that resolution is made of; each part has one question to answer.

    modules: which module does a name stand for? names: what is a name bound to? values: what is an expression?
    annotations: which type does an annotation denote? classes: what are a class's bases? members: what is an attribute?
    calls: what does a call give? sources: what of an installed package stands behind a stub, and what is its public name?
    reads: what did answers hang on?
    """

    def __init__(
        self,
        files: ProjectFiles,
        roots: Iterable[str],
        catalogue: Catalogue,
        reads: Reads | None = None,
        stubs: StubReader = typeshed_facts,
        installed: InstalledPackages | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.reads = Reads() if reads is None else reads
        packages = installed or NoPackages()
        catalogue.load(packages.tops())  # what is followed may come to any of them, and in whatever order
        self.modules = Modules(files, roots, catalogue, self.reads, stubs, packages)
        self.names = Names(self)
        self.values = Values(self)
        self.annotations = Annotations(self)
        self.classes = Classes(self)
        self.members = Members(self)
        self.calls = Calls(self)
        self.sources = Sources(self)
        self._outer_stores: dict[Module, dict[tuple[int, str], list[tuple[int, int]]]] = {}
        self._stores_beside: dict[Module, dict[tuple[int, int], list[tuple[int, int]]]] = {}

    def outer_stores(self, module: Module) -> dict[tuple[int, str], list[tuple[int, int]]]:
        """For each (scope, name): the (scope, binding) pairs that store to it by `global` or `nonlocal`."""
        known = self._outer_stores.get(module)
        if known is None:
            known = self._outer_stores[module] = {}
            scopes = module.facts.scopes
            for index, scope in enumerate(scopes):
                for name, binding, is_global in scope.outer_stores:
                    target = 0
                    if not is_global:
                        target = scope.parent
                        while target > 0 and name not in scopes[target].names:
                            target = scopes[target].parent
                    known.setdefault((target, name), []).append((index, binding))
        return known

    def stores_beside(self, module: Module) -> dict[tuple[int, int], list[tuple[int, int]]]:
        """For each (scope, binding) of a function's variable that functions inside assign by `nonlocal`: their (scope, binding)
        pairs. When they run, nobody knows: wherever the variable is read, it may have their value."""
        known = self._stores_beside.get(module)
        if known is None:
            known = self._stores_beside[module] = {}
            for (scope, name), stores in self.outer_stores(module).items():
                for binding in module.facts.scopes[scope].names.get(name, ()) if scope else ():
                    known[scope, binding] = stores
        return known
