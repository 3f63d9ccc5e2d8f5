"""Where configuration comes from: the nearest `pyproject.toml` with a table of ours, or a file that somebody names."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from nosyncio.config.options import DEFAULT_BASELINE, TABLE, Config, ConfigError, from_table
from nosyncio.model import AsyncLibrary

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Located(msgspec.Struct, frozen=True):
    """A configuration with where it comes from: `root` is the folder that its globs are relative to. `is_project`: something
    there says that the folder is a project, so that all of its files belong together."""

    config: Config
    root: Path
    file: Path | None = None
    library: AsyncLibrary | None = None
    is_project: bool = False


def discover(start: Path) -> Located:
    """The configuration for code in `start`: that of the nearest folder upwards whose `pyproject.toml` has a `[tool.nosyncio]`
    table. Without one, the root is the nearest folder with a `pyproject.toml` or a `.git`, else `start`, which is a project if it
    has a baseline."""
    root: Path | None = None
    library: AsyncLibrary | None = None
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if os.path.lexists(file):
            document = _read(file)
            library = library or dependency_library(document)
            table = nosyncio_table(document, str(file))
            if table is not None:
                return Located(from_table(table, str(file)), folder, file, library, is_project=True)
            root = root or folder
        if os.path.exists(folder / ".git"):
            root = root or folder
            break
    is_project = root is not None or os.path.lexists(start / DEFAULT_BASELINE)
    return Located(Config(), root or start, None, library, is_project)


def from_file(path: Path) -> Located:
    """The configuration in a given file: a `pyproject.toml`, or a file with the table's keys at its top level."""
    document = _read(path)
    table = nosyncio_table(document, str(path))
    if table is None:
        table = {} if path.name == "pyproject.toml" else document
    return Located(from_table(table, str(path)), path.resolve().parent, path, dependency_library(document), is_project=True)


def from_bytes(data: bytes, where: str, root: Path) -> Located:
    """The configuration in the content of a `pyproject.toml` that is not on disk; the default if it has no table of ours."""
    document = _parsed(data, where)
    table = nosyncio_table(document, where) or {}
    return Located(from_table(table, where), root, None, dependency_library(document), is_project=True)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return _parsed(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None


def _parsed(data: bytes, path: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(data.decode())
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: byte 0x{error.object[error.start]:02x} is not UTF-8") from None
    except RecursionError:
        raise ConfigError(f"{path}: not valid TOML: nested too deeply") from None
    except ValueError as error:  # of a number that Python does not take
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def nosyncio_table(document: Mapping[str, Any], where: str) -> Mapping[str, Any] | None:
    """The `[tool.nosyncio]` table of a document; None where it has none."""
    tool = document.get("tool")
    table = tool.get("nosyncio") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{where}: {TABLE} must be a table")
    return table


def dependency_library(document: Mapping[str, Any]) -> AsyncLibrary | None:
    """The async library that a project's declared dependencies speak of: trio before anyio; None where neither is named."""
    project = document.get("project")
    dependencies = project.get("dependencies") if isinstance(project, dict) else None
    if not isinstance(dependencies, list):
        return None
    names = {re.split(r"[^A-Za-z0-9_.-]", item.strip(), maxsplit=1)[0].lower() for item in dependencies if isinstance(item, str)}
    for library in (AsyncLibrary.TRIO, AsyncLibrary.ANYIO):
        if library.value in names:
            return library
    return None
