"""The folders that imports are looked for in: those of the environment, and what `.pth` files there add by path."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from nosyncio.environment.outside import Outside

_EDITABLE = re.compile(r"__editable__\.(?P<name>.+?)-[^-]+\.pth")
_LONGEST_PTH = 1 << 16


class Folders:
    """paths: the folders, in order. obstacles: why a top-level module that is there all the same cannot be read, by name."""

    def __init__(self, environment: Sequence[Path], root: Path, outside: Outside) -> None:
        """`root`: the project's; what stands below it, outside the environment, is code under check, not installed. `outside`
        lists folders."""
        self._root = os.path.realpath(root)
        self._installed = tuple(map(os.path.realpath, environment))
        self.obstacles: dict[str, str] = {}
        paths = list(environment)
        added = [path for folder in paths for path in self._added_by(folder)]
        self.paths = tuple(dict.fromkeys((*paths, *added)))
        self.names = outside.names

    def _added_by(self, folder: Path) -> Iterator[Path]:
        """The folders that the `.pth` files of a folder name. Lines that are code are not run."""
        try:
            files = sorted(file for file in folder.iterdir() if file.suffix == ".pth" and file.is_file())
        except OSError:
            return
        for file in files:
            for line in self._lines(file):
                if line.startswith(("import ", "import\t")):
                    self._note_finder(file.name)
                else:
                    yield from self._named(folder / line)

    def _lines(self, file: Path) -> Iterator[str]:
        try:
            with file.open(encoding="utf-8", errors="replace") as text:
                lines = text.read(_LONGEST_PTH).splitlines()
        except OSError:
            return
        yield from (line.strip() for line in lines if line.strip() and not line.startswith("#"))

    def _note_finder(self, file: str) -> None:
        match = _EDITABLE.fullmatch(file)
        if match:
            self.obstacles[match["name"]] = "an editable install behind an import hook, which is not run"

    def _named(self, path: Path) -> Iterator[Path]:
        try:
            is_folder, is_file = path.is_dir(), path.is_file()
        except (OSError, ValueError):
            return
        if is_folder and not self._is_in_project(path):
            yield path
        elif is_file:
            for name in _tops_in_zip(path):
                self.obstacles[name] = f"in an archive, {path.name}"

    def _is_in_project(self, path: Path) -> bool:
        real = os.path.realpath(path)
        return _is_below(real, self._root) and not any(_is_below(real, folder) for folder in self._installed)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _tops_in_zip(path: Path) -> list[str]:
    import zipfile  # nearly nobody needs it

    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return []
    return sorted({name.partition("/")[0].removesuffix(".py") for name in names if name.endswith(".py")})
