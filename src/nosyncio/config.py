"""Configuration: one structure, from which the TOML keys, the command line's flags, flake8's options and the docs are derived."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec
from pathspec import PathSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from nosyncio.catalogue.schema import Entries
from nosyncio.model import AsyncLibrary

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = "tool.nosyncio"


class ConfigError(Exception):
    """Configuration that can't be used. The message names the key, the file, and what would be right."""


def _option(description: str, metavar: str = "") -> msgspec.Meta:
    return msgspec.Meta(description=description, extra={"metavar": metavar})


Selectors = tuple[str, ...]
Globs = tuple[str, ...]


class Config(Entries, frozen=True, kw_only=True):
    """What a project asks for. Globs are those of `.gitignore`, relative to the project's root."""

    select: Annotated[Selectors, _option("Codes, prefixes of codes, or names to report.", "CODE")] = ("NSI",)
    extend_select: Annotated[Selectors, _option("More of them, beside the default or `select`.", "CODE")] = ()
    ignore: Annotated[Selectors, _option("Codes, prefixes or names not to report.", "CODE")] = ()
    per_file_ignores: Annotated[
        dict[str, Selectors], _option("For files that match a glob, codes not to report.", "GLOB:CODE")
    ] = {}
    exclude: Annotated[Globs, _option("Files and folders not to check.", "GLOB")] = ()
    respect_gitignore: Annotated[bool, _option("Leave out what .gitignore files leave out.")] = True
    src: Annotated[tuple[str, ...], _option("Folders that imports start from; found by themselves where not set.", "DIR")] = ()
    async_only: Annotated[Globs, _option("Modules in which no sync I/O may stand anywhere.", "GLOB")] = ()
    allow_init: Annotated[bool, _option("In async-only modules, allow sync I/O in `__init__`.")] = False
    async_library: Annotated[
        AsyncLibrary | None,
        _option("Whose replacements messages name; found from imports and dependencies where not set.", "LIBRARY"),
    ] = None


OPTIONS: tuple[str, ...] = tuple(field for field in get_type_hints(Config) if field not in get_type_hints(Entries))
"""The fields that are options, not catalogue tables, in order."""


def option_help(field: str) -> tuple[str, str]:
    """The description and the placeholder of an option."""
    hint = get_type_hints(Config, include_extras=True)[field]
    meta = next(item for item in get_args(hint) if isinstance(item, msgspec.Meta))
    return meta.description or "", (meta.extra or {}).get("metavar", "")


def key_of(field: str) -> str:
    """The TOML key of a field."""
    return field.replace("_", "-")


def from_table(table: Mapping[str, Any], where: str) -> Config:
    """The configuration in a TOML table. Raises ConfigError, which names `where` and the key at fault."""
    _check_keys(table, where)
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {_explain(str(error))}") from None
    for key in ("exclude", "async-only"):
        check_globs(getattr(config, key.replace("-", "_")), f"{where}: {key}")
    check_globs(config.per_file_ignores, f"{where}: per-file-ignores")
    return config


def _check_keys(table: Mapping[str, Any], where: str) -> None:
    known = [key_of(field) for field in get_type_hints(Config)]
    for key in table:
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r}{did_you_mean(key, known)}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of `known`, or nothing."""
    near = difflib.get_close_matches(word.lower(), [*known], n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _explain(message: str) -> str:
    """msgspec's message with the path in it written as a TOML key."""
    match = re.fullmatch(r"(.*) - at `(?:key in )?\$\.?(.*?)(?:\[\.\.\.\])?`", message)
    if match is None:
        return message
    text, path = match[1], match[2]
    text = (
        text.replace("`array`", "a list")
        .replace("`object`", "a table")
        .replace("`str`", "a string")
        .replace("`bool`", "true or false")
    )
    if "unknown field" in text:
        unknown = re.search(r"`(\w[\w-]*)`$", text)
        return f"{path}: unknown key {unknown[1]!r}" if unknown else f"{path}: {text}"
    return f"{path}: {text[0].lower()}{text[1:]}"


def check_globs(globs: Iterable[str], where: str) -> None:
    """Raises ConfigError for a pattern that is none."""
    for glob in globs:
        if not glob.strip():
            raise ConfigError(f"{where}: an empty glob matches nothing")
        try:
            compile_globs([glob])
        except (GitIgnorePatternError, ValueError) as error:
            raise ConfigError(f"{where}: bad glob {glob!r}: {error}") from None


def compile_globs(globs: Iterable[str]) -> PathSpec[Any]:
    """A matcher of root-relative POSIX paths, with the rules of `.gitignore`."""
    return PathSpec.from_lines("gitignore", globs)


def read_pyproject(path: Path) -> Mapping[str, Any]:
    """A `pyproject.toml`. Raises ConfigError where it can't be read."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


def nosyncio_table(document: Mapping[str, Any], where: str) -> Mapping[str, Any] | None:
    """The `[tool.nosyncio]` table of a document; None where it has none."""
    tool = document.get("tool", {})
    table = tool.get("nosyncio") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{where}: {TABLE} must be a table")
    return table


def dependency_library(document: Mapping[str, Any]) -> AsyncLibrary | None:
    """The async library that a project's declared dependencies speak of: trio before anyio; None where neither is named."""
    project = document.get("project", {})
    dependencies = project.get("dependencies", []) if isinstance(project, dict) else []
    names = {re.split(r"[^A-Za-z0-9_.-]", item.strip(), maxsplit=1)[0].lower() for item in dependencies if isinstance(item, str)}
    for library in (AsyncLibrary.TRIO, AsyncLibrary.ANYIO):
        if library.value in names:
            return library
    return None


class Located(msgspec.Struct, frozen=True):
    """A configuration with where it comes from: `root` is the folder that its globs are relative to."""

    config: Config
    root: Path
    file: Path | None = None
    library: AsyncLibrary | None = None


def discover(start: Path) -> Located:
    """The configuration for code in `start`: that of the nearest folder upwards whose `pyproject.toml` has a `[tool.nosyncio]`
    table. Without one, the root is the nearest folder with a `pyproject.toml` or a `.git`, else `start`."""
    root: Path | None = None
    library: AsyncLibrary | None = None
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            document = read_pyproject(file)
            library = library or dependency_library(document)
            table = nosyncio_table(document, str(file))
            if table is not None:
                return Located(from_table(table, str(file)), folder, file, library)
            root = root or folder
        if root is None and (folder / ".git").exists():
            root = folder
        if (folder / ".git").exists():
            break
    return Located(Config(), root or start, None, library)


def from_file(path: Path) -> Located:
    """The configuration in a given file: a `pyproject.toml`, or a file with the table's keys at its top level."""
    document = read_pyproject(path)
    table = nosyncio_table(document, str(path))
    if table is None:
        table = {} if path.name == "pyproject.toml" else document
    return Located(from_table(table, str(path)), path.resolve().parent, path, dependency_library(document))


def merged(config: Config, overrides: Mapping[str, Any]) -> Config:
    """`config` with the options that a front end was given by flag."""
    return msgspec.structs.replace(config, **overrides) if overrides else config
