"""Which installed distribution a top-level module is from, and in which version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from nosyncio.environment.folders import Folders
from nosyncio.environment.outside import Outside

_FOLDER = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(?:-.*)?\.(?:dist-info|egg-info)")
_TOP = re.compile(rb"^([^/,\r\n]+?)(?:/|\.py(?=[,\r\n]|\Z))", re.MULTILINE)
"""What a line of a list of files begins with: a folder, or a module in a file of its own."""


class Distribution(NamedTuple):
    """A distribution as its metadata folder names it. folder: where that stands."""

    name: str
    version: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Distributions:
    """Looks distributions up by the modules that they install; their lists of files are read only if their names do not tell."""

    def __init__(self, folders: Folders, outside: Outside) -> None:
        self._outside = outside
        self._by_name: dict[str, list[Distribution]] = {}
        for folder in folders.paths:
            for entry in sorted(folders.names(str(folder))):
                match = _FOLDER.fullmatch(entry)
                if match:
                    found = Distribution(match["name"], match["version"], folder / entry)
                    self._by_name.setdefault(_normal(match["name"]), []).append(found)
        self._by_top: dict[str, list[Distribution]] | None = None
        self._known: dict[str, list[Distribution]] = {}

    def of(self, top: str) -> list[Distribution]:
        """The distributions that say they install the top-level module `top`: several where several share a namespace, or where
        one is there in two versions."""
        if top not in self._known:
            self._known[top] = self._of(top)
        return self._known[top]

    def _of(self, top: str) -> list[Distribution]:
        named = self._by_name.get(_normal(top), [])
        if named and any(top in self._tops(item) for item in named):
            return named
        if self._by_top is None:
            self._by_top = {}
            for found in (item for items in self._by_name.values() for item in items):
                for name in self._tops(found):
                    self._by_top.setdefault(name, []).append(found)
        return self._by_top.get(top, [])

    def _tops(self, distribution: Distribution) -> frozenset[str]:
        """The top-level modules among the files of a distribution."""
        for name in ("RECORD", "installed-files.txt"):
            file = distribution.folder / name
            try:
                data = file.read_bytes()
            except OSError:
                continue
            self._outside.note(str(file))
            return frozenset(top.decode(errors="replace") for top in {*_TOP.findall(data)})
        return frozenset()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
