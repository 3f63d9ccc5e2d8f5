"""The modules of installed packages, by name: found on disk and read when somebody asks for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from nosyncio.analysis.installed import InstalledModule
from nosyncio.catalogue.following import policy
from nosyncio.environment.distributions import Distribution, Distributions
from nosyncio.environment.files import PackageFiles
from nosyncio.environment.folders import Folders
from nosyncio.environment.outside import Outside
from nosyncio.store import Store

_COMPILED = (".so", ".pyd")


class _SourceFile(NamedTuple):
    """A file of an installed package. path: relative to the folder that it is installed in; the same on every machine.
    distribution: what installed it, with its version; None where nothing says."""

    distribution: str | None
    path: str
    place: str


class Installed:
    """The packages of an environment."""

    def __init__(
        self,
        folders: Folders,
        outside: Outside,
        store: Store | None = None,
        only: Sequence[str] = (),
        *,
        problem: str | None = None,
    ) -> None:
        """`store`: where facts are kept from run to run. `only`: the packages to read, by import name; all where it is empty.
        `problem`: what is wrong with the environment."""
        self.outside = outside
        self._folders = folders
        self._places = [str(path) for path in folders.paths]
        self._inside: dict[tuple[str, str], frozenset[str]] = {}
        self._distributions = Distributions(folders, outside)
        self._only = frozenset(only)
        self._files = PackageFiles(outside.tree, store)
        self._found: dict[tuple[str, bool], InstalledModule | None] = {}
        self._refused: dict[str, str | None] = {}
        self._obstacles: dict[str, str] = {} if problem is None else {"the environment": problem}

    @property
    def seen(self) -> dict[str, bytes | None]:
        """The versions of what was looked at so far, by path."""
        return self.outside.seen

    @property
    def not_followed(self) -> dict[str, str]:
        """Why the source of what was asked for is not read: of the environment, of packages, of modules, by name."""
        return dict(sorted(self._obstacles.items()))

    # ------------------------------------------------------------------------------------------------------------- modules

    def stub(self, module: str) -> InstalledModule | None:
        """The types of a module: those of a package of stubs before those beside its source."""
        return self._once(module, is_stub=True)

    def source(self, module: str) -> InstalledModule | None:
        """The source of a module, if its package is one to follow; a folder without an `__init__.py` has none of its own."""
        return self._once(module, is_stub=False)

    def _once(self, module: str, *, is_stub: bool) -> InstalledModule | None:
        key = (module, is_stub)
        if key not in self._found:
            self._found[key] = self._stub(module) if is_stub else self._source(module)
        return self._found[key]

    def _stub(self, module: str) -> InstalledModule | None:
        top, *inner = module.split(".")
        if top in sys.stdlib_module_names or not self._is_followed(top):
            return None
        for folder in self._places:
            for name in (f"{top}-stubs", top):
                if name == top or name in self._folders.names(folder):
                    found = self._file(folder, "/".join((name, *inner)), ".pyi")
                    if found is not None:
                        return self._module(module, found[0], found[1])
        return None

    def _source(self, module: str) -> InstalledModule | None:
        if not self._is_followed(module.partition(".")[0]) or self._refusal(module.partition(".")[0]) is not None:
            return None
        base = module.replace(".", "/")
        is_namespace = False
        for folder in self._places:
            found = self._file(folder, base, ".py")
            if found is not None:
                return self._module(module, found[0], found[1])
            compiled = self._compiled(folder, base)
            if compiled is not None:
                self._obstacles[module] = f"compiled ({compiled}{'' if self.stub(module) else ', without a stub'})"
                return None
            is_namespace = is_namespace or bool(self._names_in(folder, base))
        return InstalledModule(module, f"{base}/__init__.py", None, True) if is_namespace else None

    def _file(self, folder: str, base: str, suffix: str) -> tuple[_SourceFile, bool] | None:
        """The file of a module in a folder, and whether it is a package."""
        above, _, name = base.rpartition("/")
        if f"__init__{suffix}" in self._names_in(folder, base):
            return self._source_file(folder, f"{base}/__init__{suffix}"), True
        if f"{name}{suffix}" in self._names_in(folder, above):
            return self._source_file(folder, f"{base}{suffix}"), False
        return None

    def _names_in(self, folder: str, path: str) -> frozenset[str]:
        """What a folder below one holds. Nothing is noted of what is not there: the folder above tells."""
        if not path:
            return self._folders.names(folder)
        known = self._inside.get((folder, path))
        if known is None:
            above, _, name = path.rpartition("/")
            is_there = name in self._names_in(folder, above)
            known = self._inside[folder, path] = self._folders.names(os.path.join(folder, path)) if is_there else frozenset()
        return known

    def _source_file(self, folder: str, path: str) -> _SourceFile:
        owners = self._distributions.of(path.partition("/")[0].partition(".")[0])
        owner = owners[0] if len(owners) == 1 else None
        return _SourceFile(None if owner is None else str(owner), path, os.path.join(folder, path))

    def _compiled(self, folder: str, base: str) -> str | None:
        above, _, name = base.rpartition("/")
        found = [entry for entry in self._names_in(folder, above) if entry.startswith(f"{name}.") and entry.endswith(_COMPILED)]
        return min(found, default=None)

    def _module(self, module: str, file: _SourceFile, is_package: bool) -> InstalledModule | None:
        is_stub = file.path.endswith(".pyi")
        self.outside.note(file.place)
        problem = self._files.problem(file.place)
        if problem is not None:
            self._obstacles[module] = f"{file.path}: {problem[0]}"
            return None
        load = partial(self._files.facts, file.place)
        return InstalledModule(file.distribution or module.partition(".")[0], file.path, load, is_package, is_stub)

    def keep(self) -> None:
        """Keep for the runs to come what was read in this one."""
        self._files.keep()

    # ------------------------------------------------------------------------------------------------------------ packages

    def has(self, top: str) -> bool:
        """Whether a top-level module is installed, in whatever form."""
        known = top in sys.stdlib_module_names or top in self._folders.obstacles or self._is_there(top)
        return known or any(self._compiled(folder, top) for folder in self._places)

    def tops(self) -> Iterable[str]:
        """The names of all top-level modules that may be followed."""
        names = {name.removesuffix(".py") for folder in self._places for name in self._folders.names(folder)}
        return sorted(filter(self._is_followed, names))

    def _is_there(self, top: str) -> bool:
        return any({top, f"{top}.py"} & self._folders.names(folder) for folder in self._places)

    def _is_followed(self, top: str) -> bool:
        return top not in policy().closed and (not self._only or top in self._only)

    def _refusal(self, top: str) -> str | None:
        """Why a package is not followed whose files are there."""
        if top not in self._refused:
            self._refused[top] = self._why_not(top)
            reason = self._refused[top]
            if reason is not None:
                self._obstacles[top] = reason
        return self._refused[top]

    def _why_not(self, top: str) -> str | None:
        if top in sys.stdlib_module_names:
            return "a module of the standard library has that name" if self._is_there(top) else None
        if not self._is_there(top):
            stubs = any(f"{top}-stubs" in self._folders.names(folder) for folder in self._places)
            return self._folders.obstacles.get(top) or ("stubs alone are installed" if stubs else None)
        versions = _versions(self._distributions.of(top))
        return f"installed in two versions: {versions}" if versions else None


def _versions(found: Sequence[Distribution]) -> str:
    """The versions of the distribution that is there more than once; empty where none is."""
    for item in found:
        alike = sorted({other.version for other in found if other.name.lower() == item.name.lower()})
        if len(alike) > 1:
            return " and ".join(alike)
    return ""
