"""Folders and files outside of the project: what they hold, and whether that is so still when the next run asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nosyncio.store import Store
from nosyncio.tree import Tree, digest_of

_MADE = frozenset(("__pycache__",))
"""What running a program leaves beside its modules: nothing that an import finds."""


class Outside:
    """Looks at them, and notes what it saw.

    seen: the version of each file that was read, and of each folder (its path ends in a slash): a digest of its names. tree:
    knows the contents of files.
    """

    def __init__(self, root: Path, store: Store | None = None) -> None:
        """`root`: whose files these are; what is known of them is kept for each by itself. `store`: where it is kept from
        run to run which contents they had; without one, nothing is noted."""
        self.tree = Tree(root, store, "stamps outside")
        self.seen: dict[str, bytes | None] = {}
        self._is_noted = store is not None
        self._names: dict[str, frozenset[str]] = {}

    def names(self, folder: str) -> frozenset[str]:
        """What a folder holds; nothing where it cannot be listed."""
        known = self._names.get(folder)
        if known is None:
            known = self._names[folder] = _listed(folder)
            if self._is_noted:
                self.seen[f"{folder}/"] = _version(known)
        return known

    def note(self, file: str) -> None:
        """Note that a file is read."""
        if self._is_noted:
            self.seen[file] = self.tree.digest(file)

    def holds(self, seen: Mapping[str, bytes | None]) -> bool:
        """Whether all that was seen by an earlier run is as it was."""
        return all(self._now(path) == version for path, version in seen.items())

    def _now(self, path: str) -> bytes | None:
        return _version(_listed(path)) if path.endswith("/") else self.tree.digest(path)


def _listed(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder)) - _MADE
    except OSError:
        return frozenset()


def _version(names: frozenset[str]) -> bytes:
    return digest_of("\n".join(sorted(names)).encode(errors="surrogateescape"))
