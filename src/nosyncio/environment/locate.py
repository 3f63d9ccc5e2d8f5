"""Which environment is meant, and the folders in it that packages are installed in."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from nosyncio.config import ConfigError

_NAMES_IN_PROJECT = (".venv", "venv")
_VERSIONED = re.compile(r"(?:python|pypy)(\d+)\.(\d+)t?")


class Environment(NamedTuple):
    """folders: where packages are installed, in the order in which they are looked through. problem: why there are none."""

    folders: tuple[Path, ...]
    problem: str | None = None


def locate(root: Path, python: str | None, variables: Mapping[str, str]) -> Environment:
    """The environment of the project in `root`: what `python` names (an interpreter, or the folder of an environment; relative to
    the root), or else that of `VIRTUAL_ENV`, or one in the project, or the one that this program runs in.

    Raises ConfigError where `python` names nothing.
    """
    if python is not None:
        named = root / Path(python).expanduser()
        if not os.path.lexists(named):
            raise ConfigError(f"python: no such interpreter or environment: {python}")
        return _of_prefix(_prefix_of(named), named, python)
    active = variables.get("VIRTUAL_ENV")
    if active:
        return _of_prefix(Path(active), None, "VIRTUAL_ENV")
    for name in _NAMES_IN_PROJECT:
        if (root / name / "pyvenv.cfg").is_file():
            return _of_prefix(root / name, None, name)
    return _running()


def _running() -> Environment:
    import sysconfig  # an environment is mostly named, or in the project

    paths = sysconfig.get_paths()
    folders = dict.fromkeys(Path(paths[name]) for name in ("purelib", "platlib"))
    return Environment(tuple(folder for folder in folders if folder.is_dir()))


def _prefix_of(named: Path) -> Path:
    """The folder of the environment that an interpreter, or that folder itself, stands for. A link to an interpreter elsewhere is
    not followed: in a virtual environment the link is what tells it from its base."""
    if named.is_dir():
        return named
    return named.parent.parent if named.parent.name in ("bin", "Scripts") else named.parent


def _of_prefix(prefix: Path, interpreter: Path | None, said: str) -> Environment:
    """The environment in a folder. `interpreter`: which of several in it is meant. `said`: how it was named, for people."""
    if not prefix.is_dir():
        return Environment((), f"{said} names a folder that is not there")
    settings = _settings(prefix)
    folders = list(_site_packages(prefix, _version(settings, interpreter)))
    if settings.get("include-system-site-packages", "").lower() == "true" and settings.get("home"):
        base = Path(settings["home"])
        base = base.parent if base.name in ("bin", "Scripts") else base
        if base != prefix and base.is_dir():
            folders += _site_packages(base, _version(settings, interpreter))
    if not folders:
        return Environment((), f"the environment of {said} has no folder of packages")
    return Environment(tuple(dict.fromkeys(folders)))


def _settings(prefix: Path) -> Mapping[str, str]:
    """What `pyvenv.cfg` says; nothing where there is none."""
    try:
        text = (prefix / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def _version(settings: Mapping[str, str], interpreter: Path | None) -> tuple[int, int] | None:
    """The version of the environment's Python, from `pyvenv.cfg`, or from the name of the interpreter or of what it links to."""
    said = re.match(r"(\d+)\.(\d+)", settings.get("version_info") or settings.get("version") or "")
    if said is None and interpreter is not None:
        named = (_VERSIONED.match(name) for name in (interpreter.name, Path(os.path.realpath(interpreter)).name))
        said = next(filter(None, named), None)
    return None if said is None else (int(said[1]), int(said[2]))


def _site_packages(prefix: Path, version: tuple[int, int] | None) -> Iterator[Path]:
    """The folders of packages below a prefix: those of the given version; of the newest there where none is given."""
    windows = prefix / "Lib" / "site-packages"
    if sys.platform == "win32" and windows.is_dir():
        yield windows
        return
    found: dict[tuple[int, int], list[Path]] = {}
    for library in (prefix / "lib", prefix / "lib64"):
        for folder in _entries(library):
            match = _VERSIONED.fullmatch(folder.name)
            if match:
                found.setdefault((int(match[1]), int(match[2])), []).append(folder)
    chosen = version if version in found else max(found, default=None)
    seen: set[str] = set()
    folders = [*(found[chosen] if chosen is not None else ()), prefix / "lib" / "python3"]
    for folder in (folder / name for folder in folders for name in ("site-packages", "dist-packages")):
        real = os.path.realpath(folder)  # lib64 is often a link to lib
        if folder.is_dir() and real not in seen:
            seen.add(real)
            yield folder


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
