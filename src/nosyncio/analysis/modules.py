"""Which file a module name stands for: the project's import roots, then stubs."""

from __future__ import annotations

import importlib.util
import posixpath
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Protocol

from nosyncio.analysis import build, facts, source
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.installed import InstalledModule, InstalledPackages
from nosyncio.analysis.roots import namespace_root
from nosyncio.analysis.types import Module, Origin
from nosyncio.catalogue import Catalogue


class ProjectFiles(Protocol):
    """The code under check, as a front end hands it over. Paths are relative to the project's root, POSIX style."""

    def exists(self, path: str) -> bool:
        """Whether there is such a Python file."""

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder, with anything in it."""

    def facts(self, path: str) -> ModuleFacts | None:
        """The file's facts, or None if it could not be read or parsed."""


class Modules:
    """Finds modules by name, and makes each once.

    A module of the project finds others from where its own topmost package stands, then from the `roots` that are configured,
    then from `src` and the project's root; then stubs, then installed packages, and at last folders without an `__init__.py`.
    Stubs and installed modules find no module of the project; an installed package finds its own source before stubs of it.
    """

    def __init__(self, files: ProjectFiles, roots: Iterable[str], catalogue: Catalogue, installed: InstalledPackages) -> None:
        self._files = files
        self._packages = installed
        self._installed: dict[str, Module | None] = {}
        self._roots = tuple(_normal(root) for root in roots)
        self._catalogue = catalogue
        self._by_path: dict[str, Module | None] = {}
        self._namespaces: dict[tuple[str, str], Module] = {}
        self._search_paths: dict[str, tuple[str, ...]] = {}
        self._stubs: dict[str, Module | None] = {}
        self._found: dict[tuple[str, str], Module | None] = {}
        self._own_roots: dict[str, str] = {}

    def at(self, path: str) -> Module | None:
        """The project's module in the file `path`; None if the file gave no facts."""
        if path not in self._by_path:
            found = self._files.facts(path)
            is_package = posixpath.basename(path) in ("__init__.py", "__init__.pyi")
            module = None if found is None else Module(self.name_of(path), found, Origin.PROJECT, path, is_package)
            self._by_path[path] = module
        return self._by_path[path]

    def own_root(self, path: str) -> str:
        """The folder above the topmost package that the file `path` stands in; its own folder where that is no package."""
        folder = posixpath.dirname(path)
        known = self._own_roots.get(folder)
        if known is None:
            known = folder
            while known and self._files.exists(posixpath.join(known, "__init__.py")):
                known = posixpath.dirname(known)
            self._own_roots[folder] = known
        return known

    def name_of(self, path: str) -> str:
        """The dotted name that the file `path` is imported by."""
        own = self._outermost(self.own_root(path))
        for root in (*self._roots, "src"):
            if root and f"{own}/".startswith(f"{root}/"):
                own = root  # folders without __init__.py below a root are namespace packages
                break
        else:
            own = own if own != posixpath.dirname(path) or self._files.exists(posixpath.join(own, "__init__.py")) else ""
        stem = path.rsplit(".", 1)[0]
        stem = stem[len(own) + 1 :] if own else stem
        parts = [part for part in stem.split("/") if part not in ("..", ".", "")]
        if parts and parts[-1] == "__init__":
            parts.pop()
        return ".".join(parts)

    def _outermost(self, own: str) -> str:
        """The folder above the topmost package around the folder `own`, past folders without an `__init__.py` between packages;
        `own` itself where no package is around it."""
        folder = own
        while folder:
            if self._files.exists(posixpath.join(folder, "__init__.py")):
                own = folder = self.own_root(posixpath.join(folder, "__init__.py"))
            else:
                folder = posixpath.dirname(folder)
        return own

    def find(self, name: str, importer: Module | None = None) -> Module | None:
        """The module that `import name` gives in `importer`: the project's own, a stub, or an installed one."""
        if importer is not None and importer.is_installed:
            if importer.name.partition(".")[0] == name.partition(".")[0]:
                return self.source(name) or self._stub(name)
        elif importer is not None and importer.path is not None:
            roots = self._searched(importer)
            key = (roots[0], name)
            if key not in self._found:
                parts = name.split(".")
                self._found[key] = next(filter(None, (self._in_folder(root, parts) for root in roots)), None)
            module = self._found[key]
            if module is not None:
                return module
        return self._stub(name) or self.source(name)

    def source(self, name: str) -> Module | None:
        """The source of an installed module, if its package is one to follow. What typeshed has stubs of is none."""
        if name not in self._installed:
            found = self._packages.source(name)
            is_standard = _typeshed_file(name.partition(".")[0]) is not None
            self._installed[name] = None if found is None or is_standard else _of_package(name, found)
        return self._installed[name]

    def is_there(self, name: str) -> bool:
        """Whether the package of a module is installed, in whatever form; True where nobody can tell."""
        return self._packages.has(name.partition(".")[0])

    def _stub(self, name: str) -> Module | None:
        if name not in self._stubs:
            self._stubs[name] = self._read_stub(name)
        return self._stubs[name]

    def namespace(self, name: str, importer: Module) -> Module | None:
        """The namespace package that `import name` gives in `importer`, where `find` knows of no module: a folder of the project
        without an `__init__.py`."""
        if importer.path is None or importer.is_installed:
            return None
        path = name.replace(".", "/")
        found = (self._namespace_at(posixpath.join(root, path), name) for root in self._searched(importer))
        return next(filter(None, found), None)

    def relative(self, importer: Module, module: str, level: int) -> Module | None:
        """What `from ..module import` stands for in `importer`."""
        if importer.path is None or importer.is_installed:
            parts = importer.name.split(".")
            base = parts[: len(parts) - level + (1 if importer.is_package else 0)]
            return self.find(".".join([*base, module] if module else base), importer if importer.is_installed else None)
        folder = posixpath.dirname(importer.path)
        for _ in range(level - 1):
            folder = posixpath.dirname(folder)
        parts = module.split(".") if module else []
        found = self._in_folder(folder, parts)
        if found is None:
            folder = posixpath.join(folder, *parts)
            found = self._namespace_at(folder, self.name_of(posixpath.join(folder, "__init__.py")))
        return found

    def submodule(self, package: Module, name: str, *, namespace: bool = True) -> Module | None:
        """The module `name` of a package: a file or, with `namespace`, a folder without an `__init__.py`."""
        if package.path is None or package.is_installed:
            found = self.find(f"{package.name}.{name}", package if package.is_installed else None)
            return found if namespace or found is None or found.origin is not Origin.NAMESPACE else None
        if not package.is_package:
            return None
        folder = posixpath.dirname(package.path)
        found = self._in_folder(folder, [name])
        if found is None and namespace:
            found = self._namespace_at(posixpath.join(folder, name), f"{package.name}.{name}")
        return found

    def package_of(self, module: Module) -> Module | None:
        """The package that a module of the project stands in."""
        if module.path is None or module.is_installed:
            return None
        folder = posixpath.dirname(module.path)
        if module.is_package:
            folder = posixpath.dirname(folder)
        path = posixpath.join(folder, "__init__.py")
        return self.at(path) if path != module.path and self._files.exists(path) else None

    def _searched(self, importer: Module) -> tuple[str, ...]:
        """The folders in which `importer` looks for modules, in order."""
        assert importer.path is not None
        known = self._search_paths.get(importer.path)
        if known is None:
            own = self.own_root(importer.path)
            if own not in ("", "src", *self._roots):
                own = self.own_root(posixpath.join(namespace_root(importer, own, self._files.exists), "__init__.py"))
            known = self._search_paths[importer.path] = tuple(dict.fromkeys((own, *self._roots, "src", "")))
        return known

    def _namespace_at(self, folder: str, name: str) -> Module | None:
        key = (folder, name)
        if key not in self._namespaces:
            if not folder or not self._files.is_folder(folder):
                return None
            path = posixpath.join(folder, "__init__.py")
            self._namespaces[key] = Module(name, _nothing(), Origin.NAMESPACE, path, is_package=True)
        return self._namespaces[key]

    def _in_folder(self, folder: str, parts: list[str]) -> Module | None:
        base = posixpath.join(folder, *parts)
        for path in (posixpath.join(base, "__init__.py"), f"{base}.py" if parts else ""):
            if path and self._files.exists(path):
                return self.at(path)
        return None

    def _read_stub(self, name: str) -> Module | None:
        text = self._catalogue.stub(name)
        is_package = True
        if text is None:
            path = _typeshed_file(name)
            if path is None:
                found = self._packages.stub(name)
                return None if found is None else _of_package(name, found)
            text = path.read_text(encoding="utf-8")
            is_package = path.name == "__init__.pyi"
        return Module(name, build.build(source.parse(text), stub=True), Origin.STUB, None, is_package)


def _of_package(name: str, found: InstalledModule) -> Module:
    if found.facts is None:
        return Module(name, _nothing(), Origin.NAMESPACE, None, is_package=True)
    if found.is_stub:
        return Module(name, found.facts, Origin.STUB, None, found.is_package)
    return Module(name, found.facts, Origin.INSTALLED, found.path, found.is_package, found.package)


def _nothing() -> ModuleFacts:
    return ModuleFacts([facts.Scope(facts.ScopeKind.MODULE, "", -1, (1, 1, 1, 1))], [], [], [], 0)


def _normal(root: str) -> str:
    normal = posixpath.normpath(root)
    return "" if normal == "." else normal


@cache
def _typeshed() -> Path:
    # Found without being imported: only the stubs that the package carries are needed.
    spec = importlib.util.find_spec("typeshed_client")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("typeshed_client, which carries the standard library's stubs, is not installed")
    return Path(spec.submodule_search_locations[0]) / "typeshed"


def _typeshed_file(name: str) -> Path | None:
    base = _typeshed().joinpath(*name.split("."))
    for path in (base / "__init__.pyi", base.with_name(f"{base.name}.pyi")):
        if path.is_file():
            return path
    return None
