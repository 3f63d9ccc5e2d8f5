"""A user's own entries, held against what they name: entries that can have no effect are found before anybody misses a report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_type_hints

import msgspec

from nosyncio.analysis.linker import Linker
from nosyncio.analysis.types import ClassType, FunctionType, Module, ModuleType, Type
from nosyncio.catalogue import Catalogue
from nosyncio.catalogue.schema import Argument, Blocking, Condition, Entries, Instead, Target
from nosyncio.config import Config, ConfigError, did_you_mean, from_file, key_of
from nosyncio.discovery import relative_path
from nosyncio.project import DiskFiles, facts_of_text

_ASKING = "<entries>.py"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an entry that can have no effect: where it stands, and what is wrong with it."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file's entries.

    tables: how many. found: the names that were looked up and are there. unknown: those of libraries whose code is not at hand.
    """

    file: str
    tables: int
    found: tuple[str, ...]
    unknown: tuple[str, ...]
    problems: tuple[Problem, ...]


class _NotThere(Exception):
    """A name that its module or class does not have; the message says so."""


def check_file(file: Path) -> Checked:
    """What is wrong with the entries in `file`. Raises ConfigError for one that cannot be used at all."""
    located = from_file(file)
    return _Check(relative_path(file.absolute(), Path.cwd()), located.root, located.config).done()


class _Check:
    """One file's entries, and what they name: modules of the project, of the standard library, others."""

    def __init__(self, file: str, root: Path, config: Config) -> None:
        self._file = file
        self._config = config
        files = DiskFiles(root)
        files.put(_ASKING, facts_of_text(""))
        self._catalogue = Catalogue(config)
        self._linker = Linker(files, config.src, self._catalogue)
        importer = self._linker.modules.at(_ASKING)
        assert importer is not None
        self._importer = importer
        self._found: dict[str, None] = {}
        self._unknown: dict[str, None] = {}

    def done(self) -> Checked:
        tables = list(_tables(self._config))
        if not tables:
            raise ConfigError(f"{self._file}: has no entries; the tables are {', '.join(map(repr, _TABLES))}")
        problems = [problem for key, target in tables for problem in self._of(key, target)]
        return Checked(self._file, len(tables), tuple(self._found), tuple(self._unknown), tuple(problems))

    def _of(self, key: str, target: Target) -> Iterator[Problem]:
        for at, name in _names(key, target):
            try:
                callee = self._resolved(name)
            except _NotThere as error:
                yield Problem(at, str(error))
                continue
            public = self._catalogue.public(name)
            if public != name:
                yield Problem(at, f"{name!r} is looked up as {public!r}, so write that")
            yield from self._arguments(key, target, callee)
        for at, condition in _conditions(key, target):
            if isinstance(condition, Condition) and not _asks(condition):
                yield Problem(at, "asks nothing: give 'equals', 'one-of', 'starts-with', 'names' or 'given'")

    def _arguments(self, key: str, target: Target, callee: Type | None) -> Iterator[Problem]:
        """Arguments that a function of the project does not have."""
        if not isinstance(callee, FunctionType) or not callee.symbol.is_project:
            return
        parameters = callee.symbol.frame.scope.parameters
        if any(parameter.kind.name.startswith("VAR") for parameter in parameters):
            return
        names = [parameter.name for parameter in parameters]
        for at, asked in _conditions(key, target):
            if asked.argument is not None and asked.argument not in names:
                message = f"{callee.symbol.qualified_name!r} has no parameter {asked.argument!r}"
                yield Problem(f"{at}.argument", message + did_you_mean(asked.argument, names))

    def _resolved(self, name: str) -> Type | None:
        """What a qualified name stands for; None where its library is not at hand. Raises _NotThere."""
        parts = name.split(".")
        module: Module | None = None
        taken = 0
        for length in range(1, len(parts) + 1):
            found = self._module(".".join(parts[:length]))
            if found is None:
                break
            module, taken = found, length
        if module is None or not (module.is_project or parts[0] in sys.stdlib_module_names):
            self._unknown[name] = None
            return None
        value: Type | None = ModuleType(module.name, module)
        for part in parts[taken:]:
            value = self._member(value, part)
            if value is None:
                break
        self._found[name] = None
        return value

    def _module(self, name: str) -> Module | None:
        modules = self._linker.modules
        return modules.find(name, self._importer) or modules.namespace(name, self._importer)

    def _member(self, value: Type | None, part: str) -> Type | None:
        """An attribute of a module or a class; None of anything else. Raises _NotThere."""
        if isinstance(value, ModuleType) and value.module is not None:
            found = self._linker.names.member(value.module, part)
            names = value.module.facts.scopes[0].names
            if found is None and "__getattr__" not in names:
                raise _NotThere(f"{value.name!r} has no {part!r}{did_you_mean(part, names)}")
            return found
        if isinstance(value, ClassType):
            there = self._linker.members.find(value.symbol, part)
            if there is not None:
                return there.raw
            order = [cls for cls, _ in self._linker.classes.order(value.symbol)]
            if all(cls.frame is not None for cls in order):
                near = did_you_mean(part, {name for cls in order if cls.frame for name in cls.frame.scope.names})
                raise _NotThere(f"{value.symbol.qualified_name!r} has no {part!r}{near}")
        return None


_TABLES = [key_of(field) for field in get_type_hints(Entries)]


def _tables(config: Config) -> Iterator[tuple[str, Target]]:
    """The entries about callables, each with its key."""
    for field in get_type_hints(Entries):
        value = getattr(config, field)
        if isinstance(value, tuple):
            yield from ((f"{key_of(field)}[{index}]", item) for index, item in enumerate(value))


def _names(key: str, target: Target) -> Iterator[tuple[str, str]]:
    """The qualified names that an entry is about or advises, each with its key."""
    for field in ("functions", "decorators"):
        yield from ((f"{key}.{field}[{index}]", name) for index, name in enumerate(getattr(target, field, ())))
    if target.class_ is not None:
        yield f"{key}.class", target.class_
        for field in ("methods", "except_", "attributes", "overrides"):
            for index, name in enumerate(getattr(target, field, ())):
                if name != "*":
                    yield f"{key}.{field.rstrip('_')}[{index}]", f"{target.class_}.{name}"
    if isinstance(target, Blocking) and target.instead is not None:
        yield from _advised(f"{key}.instead", target.instead)


def _advised(key: str, instead: Instead) -> Iterator[tuple[str, str]]:
    for library in ("asyncio", "anyio", "trio"):
        name: str | None = getattr(instead, library)
        if name is not None and "{" not in name:
            yield f"{key}.{library}", name
    yield from ((f"{key}.library[{index}]", name) for index, name in enumerate(instead.library) if "{" not in name)


def _conditions(key: str, target: Target) -> Iterator[tuple[str, Argument]]:
    """Everything in an entry that asks about an argument, each with its key."""
    for field in target.__struct_fields__:
        value = getattr(target, field)
        if isinstance(value, Argument) and not isinstance(value, Target):
            yield f"{key}.{key_of(field)}", value
        elif isinstance(value, tuple) and value and isinstance(value[0], Argument) and not field.endswith("_made"):
            yield from ((f"{key}.{key_of(field)}[{index}]", item) for index, item in enumerate(value))


def _asks(condition: Condition) -> bool:
    asked = condition.one_of or condition.starts_with or condition.names or condition.given is not None
    return bool(asked) or condition.equals is not msgspec.UNSET or hasattr(condition, "method")
