"""The files of one commit, as they would be on disk, read from a repository's objects."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nosyncio.config import Config
from nosyncio.discovery import Search
from nosyncio.model import NotAnalysed
from nosyncio.objects import Absent, Entry, Objects, Sort

_LONGEST = 4096
"""How many characters Linux takes as a path."""
_MOST_LINKS = 40
"""How many links Linux follows on one way."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands in a folder of a commit, as `os.DirEntry` has it."""

    name: str
    path: str
    entry: Entry
    target: Entry | None

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        entry = self.target if follow_symlinks else self.entry
        return entry is not None and entry.sort in (Sort.TREE, Sort.SUBMODULE)

    def is_symlink(self) -> bool:
        return self.entry.sort is Sort.LINK


class Checkout:
    """The files of a commit below the folder `prefix` of its repository: all paths are relative to that folder, POSIX style.

    Links are followed as long as they stay in the repository. submodules: the folders of those that discovery came to.
    """

    def __init__(self, objects: Objects, tree: str, prefix: str) -> None:
        """`tree` is that of the whole commit. Raises Absent where the folder is not there, or cannot be read."""
        self._objects = objects
        self._root = Entry(Sort.TREE, tree)
        self._prefix = prefix
        self._ways: dict[str, tuple[str, Entry] | None] = {}
        self.submodules: list[str] = []
        self.folder = self._at(prefix)
        if self.folder is None or self.folder.sort is not Sort.TREE:
            objects.tree(tree)
            raise Absent(f"there is no folder {prefix} in it")

    # ------------------------------------------------------------------------------------------------------------------- files

    def entry(self, path: str) -> Entry | None:
        """What a path leads to; None where it leads nowhere, or out of the repository."""
        return self._at(posixpath.join(self._prefix, path))

    def exists(self, path: str) -> bool:
        return path != "" and self.entry(path) is not None

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder with something in it. Those of submodules are empty until somebody fills them."""
        found = self.entry(path)
        return found is not None and found.sort is Sort.TREE

    def _at(self, path: str) -> Entry | None:
        found = self._way(posixpath.normpath(path) if path else "", _MOST_LINKS)
        return None if found is None else found[1]

    def _way(self, path: str, links: int) -> tuple[str, Entry] | None:
        """Where a path of the repository leads, past all links, and what is there."""
        if path in ("", "."):
            return "", self._root
        if path not in self._ways:
            self._ways[path] = self._look(path, links)
        return self._ways[path]

    def _look(self, path: str, links: int) -> tuple[str, Entry] | None:
        folder, _, name = path.rpartition("/")
        above = self._way(folder, links)
        if above is None or above[1].sort is not Sort.TREE or name == "..":
            return None
        try:
            found = self._objects.tree(above[1].name).get(name)
            if found is None or found.sort is not Sort.LINK:
                return None if found is None else (posixpath.join(above[0], name), found)
            target = os.fsdecode(self._objects.blob(found.name))
        except Absent:
            return None
        if links == 0 or posixpath.isabs(target):
            return None
        return self._way(posixpath.normpath(posixpath.join(above[0], target)), links - 1)

    # --------------------------------------------------------------------------------------------------------------- discovery

    def python_files(self, config: Config) -> tuple[list[str], list[NotAnalysed]]:
        """The files to check, sorted, by the rules that hold on disk; and the folders that cannot be listed."""
        search = Search(Path("/"), config, self)
        folder = PurePosixPath("/", self._prefix)
        found = search.below(Path(folder), "", map(Path, reversed(folder.parents)))
        return sorted(found), search.unreadable

    def scan(self, folder: str) -> Iterable[_Found]:
        """What is in a folder of the repository, whose root is `/`. Raises OSError."""
        if len(folder) > _LONGEST:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), folder)
        entry = self._at(folder[1:])
        if entry is not None and entry.sort is Sort.SUBMODULE:
            self.submodules.append(posixpath.relpath(folder, f"/{self._prefix}"))
            return
        if entry is None or entry.sort is not Sort.TREE:
            raise FileNotFoundError(errno.ENOENT, "it is not in the repository", folder)
        try:
            listed = self._objects.tree(entry.name)
        except Absent as error:
            raise FileNotFoundError(errno.ENOENT, str(error), folder) from None
        for name, item in listed.items():
            path = posixpath.join(folder, name)
            yield _Found(name, path, item, self._at(path[1:]) if item.sort is Sort.LINK else item)

    def read(self, file: str) -> bytes:
        """A file's content, by its path in the repository, whose root is `/`. Raises OSError."""
        entry = self._at(file[1:])
        if entry is None or entry.sort is not Sort.FILE:
            raise FileNotFoundError(errno.ENOENT, "it is not in the repository", file)
        try:
            return self._objects.blob(entry.name)
        except Absent as error:
            raise FileNotFoundError(errno.ENOENT, str(error), file) from None
