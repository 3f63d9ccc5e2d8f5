"""Which file a module name stands for: the project's import roots, then stubs."""

from __future__ import annotations

import importlib.util
import posixpath
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Protocol, TypeAlias

from nosyncio.analysis import build, source
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.installed import InstalledModule, InstalledPackages
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.rooted import EMPTY, RootPackage
from nosyncio.analysis.roots import namespace_root
from nosyncio.analysis.sets import Numbers
from nosyncio.analysis.types import Module, Origin
from nosyncio.catalogue import Catalogue

StubReader: TypeAlias = Callable[[Path], ModuleFacts]
"""Gives the facts of one of typeshed's files."""


class ProjectFiles(Protocol):
    """The code under check, as a front end hands it over. Paths are relative to the project's root, POSIX style."""

    @property
    def package(self) -> str:
        """The dotted name of the package that the root's own folder is; "" where it is none."""

    def exists(self, path: str) -> bool:
        """Whether there is such a Python file."""

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder, with anything in it."""

    def has_facts(self, path: str) -> bool:
        """Whether the file can be read and parsed."""

    def facts(self, path: str) -> ModuleFacts | None:
        """The file's facts, or None if it could not be read or parsed."""


class Modules:
    """Finds modules by name, and makes each once.

    A module of the project finds others from where its own topmost package stands, then from the `roots` that are configured,
    then from `src` and the project's root; then stubs, then installed packages, and at last folders without an `__init__.py`.
    Stubs and installed modules find no module of the project; an installed package finds its own source before stubs of it.

    Where the root's own folder is a package, imports start from the folder above the topmost package around it instead: of what
    is there, the root's own modules are found, by their whole names, and nothing else; of the packages on the way, no more than
    that they are there. `src` is a folder like any other then.
    """

    def __init__(
        self,
        files: ProjectFiles,
        roots: Iterable[str],
        catalogue: Catalogue,
        reads: Reads,
        stubs: StubReader,
        installed: InstalledPackages,
    ) -> None:
        self._stub_reader = stubs
        self._files = files
        self._packages = installed
        self._installed: dict[str, Module | None] = {}
        self._reads = reads
        self._package = RootPackage(files.package)
        configured = [_normal(root) for root in roots]
        self._finds_bare = "" in configured
        self._roots = (*configured, *([] if self._package else ["src"]))
        self._catalogue = catalogue
        self._by_path: dict[str, Module | None] = {}
        self._namespaces: dict[tuple[str, str], Module] = {}
        self._search_paths: dict[str, tuple[str, ...]] = {}
        self._stubs: dict[str, Module | None] = {}
        self._found: dict[tuple[str, str], tuple[Module | None, Numbers]] = {}
        reads.watch(self._found)
        self.settled: set[str] = set()
        """The files of which it was asked for good whether they are there: all hangs on these."""
        self._own_roots: dict[str, str] = {}

    def at(self, path: str) -> Module | None:
        """The project's module in the file `path`; None if the file gave no facts. Whoever asks hangs on that."""
        self._reads.note(path)
        if path not in self._by_path:
            is_package = posixpath.basename(path) in ("__init__.py", "__init__.pyi")
            if not self._files.has_facts(path):
                self._by_path[path] = None
            else:
                numbers = self._reads.known(path)
                self._by_path[path] = Module(
                    self.name_of(path), partial(self._facts_of, path), Origin.PROJECT, path, is_package, self._reads, numbers
                )
        return self._by_path[path]

    def _facts_of(self, path: str) -> ModuleFacts:
        """The facts of a file that has some; none where it was edited since."""
        return self._files.facts(path) or EMPTY

    def own_root(self, path: str) -> str:
        """The folder above the topmost package that the file `path` stands in; its own folder where that is no package."""
        folder = posixpath.dirname(path)
        known = self._own_roots.get(folder)
        if known is None:
            known = folder
            while known and self._is_there(posixpath.join(known, "__init__.py")):
                known = posixpath.dirname(known)
            self._own_roots[folder] = known
        return known

    def name_of(self, path: str) -> str:
        """The dotted name that the file `path` is imported by."""
        package = [] if path.startswith("../") else self._package.parts
        own = self.own_root(path) if package else self._outermost(self.own_root(path))
        for root in self._roots:
            if root and f"{own}/".startswith(f"{root}/"):
                own, package = root, []  # folders without __init__.py below a root are namespace packages
                break
        else:
            is_packaged = own != posixpath.dirname(path) or self._is_there(posixpath.join(own, "__init__.py"))
            own = own if is_packaged and not package else ""
        stem = path.rsplit(".", 1)[0]
        stem = stem[len(own) + 1 :] if own else stem
        parts = [part for part in stem.split("/") if part not in ("..", ".", "")]
        if parts and parts[-1] == "__init__":
            parts.pop()
        return ".".join([*package, *parts])

    def _outermost(self, own: str) -> str:
        """The folder above the topmost package around the folder `own`, past folders without an `__init__.py` between packages;
        `own` itself where no package is around it."""
        folder = own
        while folder:
            if self._is_there(posixpath.join(folder, "__init__.py")):
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
            known = self._found.get(key)
            if known is None:
                parts = name.split(".")
                candidates = (self._in_folder(root, inner) for root in roots if (inner := self._from(root, parts)) is not None)
                around = self._package.around.get(name)
                known = self._found[key] = self._reads.during(lambda: next(filter(None, candidates), around))
            self._reads.seen |= known[1]
            if known[0] is not None:
                return known[0]
        return self._stub(name) or self.source(name)

    def source(self, name: str) -> Module | None:
        """The source of an installed module, if its package is one to follow. What typeshed has stubs of is none."""
        if name not in self._installed:
            found = self._packages.source(name)
            is_standard = _typeshed_file(name.partition(".")[0]) is not None
            self._installed[name] = None if found is None or is_standard else _of_package(name, found)
        return self._installed[name]

    def called(self, module: Module) -> str:
        """What tells a module from all others, in any run: the path of a project's, for others what they are and their name."""
        return module.path if module.is_project and module.path else f"\0{module.origin.value}\0{module.name}"

    def known_as(self, called: str) -> Module | None:
        """The module that is called so, if it is there."""
        if not called.startswith("\0"):
            return self.at(called)
        origin, name = called[1:].split("\0")
        return self.source(name) if origin == Origin.INSTALLED.value else self._stub(name)

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
        parts = name.split(".")
        inner = ((root, self._from(root, parts)) for root in self._searched(importer))
        places = (self._below(root, below) for root, below in inner if below is not None)
        return next(filter(None, (self._namespace_at(place, name) for place in places if place)), None)

    def relative(self, importer: Module, module: str, level: int) -> Module | None:
        """What `from ..module import` stands for in `importer`."""
        if importer.path is None or importer.is_installed:
            parts = importer.name.split(".")
            base = parts[: len(parts) - level + (1 if importer.is_package else 0)]
            return self.find(".".join([*base, module] if module else base), importer if importer.is_installed else None)
        folder = posixpath.dirname(importer.path)
        parts = module.split(".") if module else []
        for above in range(level - 1, 0, -1):
            if not folder:
                whole = self._package.from_above(above, parts)
                inner = self._package.inside(whole)
                if inner is None:
                    return self._package.around.get(".".join(whole))
                parts = inner
                break
            folder = posixpath.dirname(folder)
        found = self._in_folder(folder, parts)
        if found is None:
            folder = posixpath.join(folder, *parts)
            found = self._namespace_at(folder, self.name_of(posixpath.join(folder, "__init__.py")))
        return found

    def submodule(self, package: Module, name: str, *, namespace: bool = True) -> Module | None:
        """The module `name` of a package: a file or, with `namespace`, a folder without an `__init__.py`."""
        if self._package.around.get(package.name) is package:
            inner = f"{package.name}.{name}"
            return self.at("__init__.py") if inner == self._package.name else self._package.around.get(inner)
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
        return None if posixpath.join(folder, "__init__.py") == module.path else self._in_folder(folder, [])

    def _searched(self, importer: Module) -> tuple[str, ...]:
        """The folders in which `importer` looks for modules, in order."""
        assert importer.path is not None
        known = self._search_paths.get(importer.path)
        if known is None:
            own = self.own_root(importer.path)
            if own not in ("", *self._roots):
                root = namespace_root(importer, own, self._is_there, self._package.name)
                own = self.own_root(posixpath.join(root, "__init__.py"))
            known = self._search_paths[importer.path] = tuple(dict.fromkeys((own, *self._roots, "")))
        return known

    def _from(self, root: str, parts: list[str]) -> list[str] | None:
        """What is to be looked for below a folder that imports start from, for the module `parts`; None for nothing."""
        inner = parts if root else self._package.inside(parts)
        return parts if inner is None and self._finds_bare else inner

    def _is_there(self, path: str) -> bool:
        self.settled.add(path)
        return self._files.exists(path)

    def _is_folder(self, path: str) -> bool:
        """Whether there is a folder. Whoever is told that there is none hangs on that; who is told that there is one goes on to
        look for something in it, and hangs on what that gives."""
        is_there = not path or self._files.is_folder(path)
        if not is_there:
            self._reads.note(noted_as(path))
        return is_there

    def forget(self, files: Iterable[str], folders: Iterable[str]) -> None:
        """Look anew at these the next time that somebody asks."""
        for path in files:
            self._by_path.pop(path, None)
            self._search_paths.pop(path, None)
        for folder in folders:
            for key in [key for key in self._namespaces if key[0] == folder]:
                del self._namespaces[key]

    def _namespace_at(self, folder: str, name: str) -> Module | None:
        key = (folder, name)
        self._reads.note(noted_as(folder))
        if key not in self._namespaces:
            if not folder or not self._files.is_folder(folder):
                return None
            path = posixpath.join(folder, "__init__.py")
            self._namespaces[key] = Module(name, lambda: EMPTY, Origin.NAMESPACE, path, is_package=True)
        return self._namespaces[key]

    def _in_folder(self, folder: str, parts: list[str]) -> Module | None:
        """The module `parts` below a folder: of a package, or in a file. Whoever asks hangs on the answer."""
        base = self._below(folder, parts)
        if base is None:
            return None
        package = posixpath.join(base, "__init__.py")
        if (not parts or self._files.is_folder(base)) and self._files.exists(package):
            return self.at(package)
        if parts and self._files.exists(f"{base}.py"):
            return self.at(f"{base}.py")
        self._reads.note(noted_as(base))
        return None

    def _below(self, folder: str, parts: list[str]) -> str | None:
        """Where the module `parts` below a folder is, if it is there; None where a folder on the way is not. One answer is then
        about all that would stand in it: most names that are imported are those of installed packages."""
        base = folder
        for part in parts:
            if not self._is_folder(base):
                return None
            base = posixpath.join(base, part)
        return base

    def _read_stub(self, name: str) -> Module | None:
        text = self._catalogue.stub(name)
        if text is not None:
            return Module(name, partial(_stub_facts, text), Origin.STUB, None, is_package=True)
        path = _typeshed_file(name)
        if path is not None:
            return Module(name, partial(self._stub_reader, path), Origin.STUB, None, path.name == "__init__.pyi")
        found = self._packages.stub(name)
        return None if found is None else _of_package(name, found)


def _of_package(name: str, found: InstalledModule) -> Module:
    if found.load is None:
        return Module(name, lambda: EMPTY, Origin.NAMESPACE, None, is_package=True)
    if found.is_stub:
        return Module(name, found.load, Origin.STUB, None, found.is_package)
    return Module(name, found.load, Origin.INSTALLED, found.path, found.is_package, package=found.package)


def noted_as(path: str) -> str:
    """What is noted of whoever asks for a module, by the folder or the `__init__.py` that would make it one: the file of its
    name. That stands for all of them, as one takes the place of another; and most names that are asked for are of no module."""
    base = path.removesuffix("__init__.py").removesuffix("/")
    return base if base.endswith(".py") else f"{base}.py"


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


def _stub_facts(text: str) -> ModuleFacts:
    return build.build(source.parse(text), stub=True)


@cache
def typeshed_facts(path: Path) -> ModuleFacts:
    """The facts of one of typeshed's files, which stay as they are as long as the process runs."""
    return _stub_facts(path.read_text(encoding="utf-8"))


@cache
def _tops() -> frozenset[str]:
    """What stands at the top of typeshed: most names that are asked for are of modules of other packages."""
    return frozenset(path.name.removesuffix(".pyi") for path in _typeshed().iterdir())


@cache
def _typeshed_file(name: str) -> Path | None:
    top, *inner = name.split(".")
    if top not in _tops():
        return None
    base = _typeshed().joinpath(top, *inner)
    for path in (base / "__init__.pyi", base.with_name(f"{base.name}.pyi")):
        if path.is_file():
            return path
    return None
