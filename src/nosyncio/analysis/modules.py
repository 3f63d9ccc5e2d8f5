"""Which file a module name stands for: the project's import roots, then stubs."""

from __future__ import annotations

import importlib.util
import posixpath
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Protocol

from nosyncio.analysis import build, source
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.types import Module, Origin
from nosyncio.catalogue import Catalogue


class ProjectFiles(Protocol):
    """The code under check, as a front end hands it over. Paths are relative to the project's root, POSIX style."""

    def exists(self, path: str) -> bool:
        """Whether there is such a Python file."""

    def facts(self, path: str) -> ModuleFacts | None:
        """The file's facts, or None if it could not be read or parsed."""


class Modules:
    """Finds modules by name, and makes each once.

    A module of the project finds others from where its own topmost package stands, then from the `roots` that are configured,
    then from `src` and the project's root. Stubs find only stubs.
    """

    def __init__(self, files: ProjectFiles, roots: Iterable[str], catalogue: Catalogue) -> None:
        self._files = files
        self._roots = tuple(_normal(root) for root in roots)
        self._catalogue = catalogue
        self._by_path: dict[str, Module | None] = {}
        self._stubs: dict[str, Module | None] = {}
        self._found: dict[tuple[str, str], Module | None] = {}
        self._own_roots: dict[str, str] = {}

    def at(self, path: str) -> Module | None:
        """The project's module in the file `path`; None if the file gave no facts."""
        if path not in self._by_path:
            facts = self._files.facts(path)
            is_package = posixpath.basename(path) in ("__init__.py", "__init__.pyi")
            module = None if facts is None else Module(self.name_of(path), facts, Origin.PROJECT, path, is_package)
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
        own = self.own_root(path)
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

    def find(self, name: str, importer: Module | None = None) -> Module | None:
        """The module that `import name` gives in `importer`: the project's own, or a stub."""
        if importer is not None and importer.path is not None:
            own = self.own_root(importer.path)
            key = (own, name)
            if key not in self._found:
                parts = name.split(".")
                found = (self._in_folder(root, parts) for root in dict.fromkeys((own, *self._roots, "src", "")))
                self._found[key] = next(filter(None, found), None)
            module = self._found[key]
            if module is not None:
                return module
        if name not in self._stubs:
            self._stubs[name] = self._read_stub(name)
        return self._stubs[name]

    def relative(self, importer: Module, module: str, level: int) -> Module | None:
        """What `from ..module import` stands for in `importer`."""
        if importer.path is None:
            parts = importer.name.split(".")
            base = parts[: len(parts) - level + (1 if importer.is_package else 0)]
            return self.find(".".join([*base, module] if module else base))
        folder = posixpath.dirname(importer.path)
        for _ in range(level - 1):
            folder = posixpath.dirname(folder)
        return self._in_folder(folder, module.split(".") if module else [])

    def submodule(self, package: Module, name: str) -> Module | None:
        """The module `name` of a package."""
        if package.path is None:
            return self.find(f"{package.name}.{name}")
        if not package.is_package:
            return None
        return self._in_folder(posixpath.dirname(package.path), [name])

    def package_of(self, module: Module) -> Module | None:
        """The package that a module of the project stands in."""
        if module.path is None:
            return None
        folder = posixpath.dirname(module.path)
        if module.is_package:
            folder = posixpath.dirname(folder)
        path = posixpath.join(folder, "__init__.py")
        return self.at(path) if path != module.path and self._files.exists(path) else None

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
                return None
            text = path.read_text(encoding="utf-8")
            is_package = path.name == "__init__.pyi"
        return Module(name, build.build(source.parse(text), stub=True), Origin.STUB, None, is_package)


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
