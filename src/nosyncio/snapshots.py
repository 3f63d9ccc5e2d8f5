"""What a line of commits holds: the Python files that a checkout of each would have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from nosyncio.checkout import Checkout
from nosyncio.config import Config
from nosyncio.git import Revision
from nosyncio.history import Commit
from nosyncio.model import NotAnalysed
from nosyncio.objects import Absent, Objects, Sort

_DECIDE = frozenset((".gitignore", "pyvenv.cfg"))
"""What, beside Python files and links, decides which files there are."""
_DEEPEST = 100
_MOST = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Files:
    """The files to check in one commit, or in several in a row that differ in nothing that counts.

    tree: that of the whole commit. paths: of the files, sorted. blobs: for each path that leads to a blob, its name. failures: of
    those that lead to none, and of folders that cannot be listed. submodules: the folders of those that are not looked into.
    """

    tree: str
    paths: tuple[str, ...]
    blobs: dict[str, str]
    failures: tuple[NotAnalysed, ...]
    submodules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A commit with its files; or why these are not known."""

    commit: Commit
    files: Files | None = None
    gap: str | None = None


def snapshots(line: Iterable[Revision], objects: Objects, prefix: str, config: Config) -> Iterator[Snapshot]:
    """What there is below the folder `prefix` of the repository, commit by commit. Equal files are one object."""
    outline = _Outline(objects)
    last: tuple[object, Files] | None = None
    for revision in line:
        try:
            checkout = Checkout(objects, revision.tree, prefix)
            seen = outline.of(revision.tree)
            if last is None or last[0] != seen:
                last = (seen, _files(checkout, revision.tree, config))
        except Absent as error:
            yield Snapshot(revision.commit, gap=str(error))
        else:
            yield Snapshot(revision.commit, last[1])


def _files(checkout: Checkout, tree: str, config: Config) -> Files:
    paths, failures = checkout.python_files(config)
    blobs: dict[str, str] = {}
    for path in paths:
        entry = checkout.entry(path)
        if entry is not None and entry.sort is Sort.FILE:
            blobs[path] = entry.name
        else:
            reason = "not a regular file" if entry is not None else "a link that leads nowhere in the repository"
            failures.append(NotAnalysed(path, None, reason))
    return Files(tree, tuple(paths), blobs, tuple(failures), tuple(sorted(checkout.submodules)))


class _Seen(NamedTuple):
    """A tree: a number, the same for trees that do not differ in what counts, and how many entries that count are below it."""

    number: int
    entries: int


class _Outline:
    """Tells trees apart by what counts: Python files, links, folders, and what decides about them. Each tree is looked at once,
    wherever it stands: a few trees can spell more files than any disk holds."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._known: dict[str, _Seen] = {}
        self._numbers: dict[tuple[object, ...], int] = {}

    def of(self, tree: str, depth: int = 0) -> _Seen:
        """Raises Absent for a tree that cannot be read, or could not be on a disk."""
        if depth > _DEEPEST:
            raise Absent(f"its folders are nested more than {_DEEPEST} deep")
        if tree not in self._known:
            parts: list[object] = []
            entries = 0
            for name, entry in self._objects.tree(tree).items():
                if entry.sort is Sort.TREE:
                    below = self.of(entry.name, depth + 1)
                    parts += (name, below.number)
                    entries += 1 + below.entries
                elif entry.sort is not Sort.FILE or name.endswith(".py") or name in _DECIDE:
                    parts += (name, entry)
                    entries += 1
            if entries > _MOST:
                raise Absent(f"its folders hold more than {_MOST} files")
            self._known[tree] = _Seen(self._numbers.setdefault(tuple(parts), len(self._numbers)), entries)
        return self._known[tree]
