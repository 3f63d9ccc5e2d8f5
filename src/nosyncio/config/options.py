"""What can be configured, and the checks that a table must pass before it counts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

import msgspec
from pathspec import PathSpec

from nosyncio.catalogue.schema import Entries, Target
from nosyncio.config.problems import first_problem
from nosyncio.model import AsyncLibrary

TABLE = "tool.nosyncio"

DEFAULT_BASELINE = "nosyncio-baseline.toml"


class ConfigError(Exception):
    """Configuration that can't be used. The message names the key, the file, and what would be right."""


def _option(description: str, metavar: str = "", least: int | None = None) -> msgspec.Meta:
    """What is said of an option; `least`: the smallest number that makes sense."""
    return msgspec.Meta(description=description, extra={"metavar": metavar}, ge=least)


Selectors = tuple[str, ...]
Globs = tuple[str, ...]


class Config(Entries, frozen=True, kw_only=True):
    """What a project asks for. Globs are those of `.gitignore`, relative to the project's root."""

    select: Annotated[Selectors, _option("Codes, prefixes of codes, or names to report.", "CODE")] = ("NSI",)
    extend_select: Annotated[Selectors, _option("More of them, beside the default or `select`.", "CODE")] = ()
    ignore: Annotated[Selectors, _option("Codes, prefixes or names not to report.", "CODE")] = ()
    per_file_ignores: Annotated[
        dict[str, Selectors], _option("For files that match a glob, codes not to report.", "GLOB:CODE")
    ] = msgspec.field(default_factory=dict)
    exclude: Annotated[Globs, _option("Files and folders not to check.", "GLOB")] = ()
    respect_gitignore: Annotated[bool, _option("Leave out what .gitignore files leave out.")] = True
    src: Annotated[tuple[str, ...], _option("Folders that imports start from; found by themselves where not set.", "DIR")] = ()
    async_only: Annotated[Globs, _option("Modules in which no sync I/O may stand anywhere.", "GLOB")] = ()
    allow_init: Annotated[bool, _option("In async-only modules, allow sync I/O in `__init__`.")] = False
    async_library: Annotated[
        AsyncLibrary | None,
        _option("Whose replacements messages name; found from imports and dependencies where not set.", "LIBRARY"),
    ] = None
    max_undecided: Annotated[
        int,
        _option(
            "Behind helpers, on how many tests of unknown outcome a chain may hang: fewer are surer, more find more.",
            "N",
            least=0,
        ),
    ] = 1
    follow: Annotated[bool, _option("Follow calls into the source of installed packages.")] = False
    follow_only: Annotated[
        tuple[str, ...], _option("With `follow`, the packages to follow, by import name; all where not set.", "PACKAGE")
    ] = ()
    follow_depth: Annotated[
        int, _option("With `follow`, how many functions of installed packages, one called by another.", "N", least=1)
    ] = 12
    python: Annotated[
        str | None,
        _option("The interpreter or environment whose packages are followed; found by itself where not set.", "PATH"),
    ] = None
    require_reason: Annotated[bool, _option("Each `noqa` of ours must say why: turns NSI903 on.")] = False
    baseline: Annotated[
        str | None,
        _option(f"The file of known findings; `{DEFAULT_BASELINE}` where not set, if it is there; none if empty.", "FILE"),
    ] = None


_HINTS = get_type_hints(Config, include_extras=True)
_TABLES = get_type_hints(Entries)

OPTIONS: tuple[str, ...] = tuple(field for field in _HINTS if field not in _TABLES)
"""The fields that are options, not catalogue tables, in order."""


def option_help(field: str) -> tuple[str, str]:
    """The description and the placeholder of an option."""
    meta = next(item for item in get_args(_HINTS[field]) if isinstance(item, msgspec.Meta))
    return meta.description or "", (meta.extra or {}).get("metavar", "")


def type_of(field: str) -> Any:
    """The type of an option, as it is annotated."""
    return get_args(_HINTS[field])[0]


def key_of(field: str) -> str:
    """The TOML key of a field."""
    return field.replace("_", "-")


def from_table(table: Mapping[str, Any], where: str) -> Config:
    """The configuration in a TOML table. Raises ConfigError, which names `where` and the key at fault."""
    problem = first_problem(dict(table), _type_of_config())
    if problem is not None:
        raise ConfigError(f"{where}: {problem}")
    config = msgspec.convert(table, Config)
    for key in ("exclude", "async-only", "per-file-ignores"):
        check_globs(getattr(config, key.replace("-", "_")), f"{where}: {key}")
    _check_entries(config, where)
    return config


@cache
def _type_of_config() -> msgspec.inspect.Type:
    return msgspec.inspect.type_info(Config)


def _check_entries(config: Config, where: str) -> None:
    """Raises ConfigError for an entry of the catalogue that can have no effect."""
    for field in _TABLES:
        tables = getattr(config, field)
        for index, entry in enumerate(tables if isinstance(tables, tuple) else ()):
            if isinstance(entry, Target) and not _names_something(entry):
                raise ConfigError(
                    f"{where}: {key_of(field)}[{index}]: names nothing; give 'functions', or 'class' with 'methods'"
                )
    for module, text in config.stubs.items():
        try:
            ast.parse(text)
        except SyntaxError as error:
            raise ConfigError(f'{where}: stubs."{module}": line {error.lineno}: {error.msg}') from None


def _names_something(entry: Target) -> bool:
    of_class = any(getattr(entry, field, ()) for field in ("methods", "attributes", "overrides"))
    if of_class and entry.class_ is None:
        return False
    return of_class or bool(entry.functions or getattr(entry, "decorators", ()))


def check_globs(globs: Iterable[str], where: str) -> None:
    """Raises ConfigError for a pattern that is none, or that can match nothing."""
    for glob in globs:
        problem = glob_problem(glob)
        if problem is None and (not glob.strip(" /") or glob.startswith("#")):
            problem = "it names no file"
        if problem is not None:
            raise ConfigError(f"{where}: bad glob {glob!r}: {problem}")


def glob_problem(glob: str) -> str | None:
    """Why a pattern cannot be used; None if it can."""
    try:
        compile_globs([glob])
    except (ValueError, re.error) as error:
        return str(error)
    return None


def compile_globs(globs: Iterable[str]) -> PathSpec[Any]:
    """A matcher of root-relative POSIX paths, with the rules of `.gitignore`."""
    return PathSpec.from_lines("gitignore", globs)


def merged(config: Config, overrides: Mapping[str, Any]) -> Config:
    """`config` with the options that a front end was given by flag: each takes the place of what `config` says."""
    return msgspec.structs.replace(config, **overrides) if overrides else config
