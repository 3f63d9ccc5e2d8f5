"""A project's files as they are on disk now: what there is, and which content each has."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import msgspec

from nosyncio.decoding import decoded
from nosyncio.store import Store


class WorkerDied(Exception):
    """A process that read files is gone, and what it would have said with it."""


_SETTLED = 2 * 10**9
"""Nanoseconds. A file that changed so short a time before it was read may have changed again since, with the same times."""

_CHECKOUT = (".git", "pyproject.toml")
"""What tells that a folder is one."""

Stamp: TypeAlias = tuple[int, int, int, int]
"""What a file's status says of its content: when it was written, when the status changed, its size, its place on the disk."""


class _Seen(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file that was read: how it looked, and the digest of its content."""

    stamp: Stamp
    digest: bytes


_STAMPS = msgspec.msgpack.Decoder(dict[str, _Seen])


def digest_of(data: bytes) -> bytes:
    """The name of a content: no two have the same."""
    return hashlib.blake2b(data, digest_size=16).digest()


def stamp_of(status: os.stat_result) -> Stamp:
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def package_at(folder: Path) -> str:
    """The dotted name of the package that a folder is, with those of the packages around it; "" where it is none. A checkout may
    be called anything: a folder with a `.git` or a `pyproject.toml` is no package, and nothing above it is looked at."""
    names: list[str] = []
    place = os.path.abspath(folder)
    while _is_package(place):
        place, name = os.path.split(place)
        names.insert(0, name)
    return ".".join(names)


def _is_package(place: str) -> bool:
    is_named = os.path.basename(place).isidentifier() and os.path.lexists(os.path.join(place, "__init__.py"))
    return is_named and not any(os.path.lexists(os.path.join(place, name)) for name in _CHECKOUT)


class Tree:
    """The files below `root`, by POSIX path relative to it; what is asked once is not asked again."""

    def __init__(self, root: Path, store: Store | None = None, kind: str = "stamps") -> None:
        """`store`: where it is kept from run to run which content the files had, as values of that `kind`."""
        self.root = root
        self._store = store
        self._kind = kind
        self._name = digest_of(os.fsencode(os.path.abspath(root)))
        self._folders: dict[str, frozenset[str]] = {}
        self._digests: dict[str, bytes | None] = {}
        self._before = self._kept()
        self._seen: dict[str, _Seen] = {}

    @cached_property
    def package(self) -> str:
        """As `package_at` the root."""
        return package_at(self.root)

    def exists(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in self._listing(folder)

    def is_folder(self, path: str) -> bool:
        return bool(self._listing(path))

    def _listing(self, folder: str) -> frozenset[str]:
        known = self._folders.get(folder)
        if known is None:
            above, _, name = folder.rpartition("/")
            is_gone = bool(name) and name not in ("..", ".") and name not in self._listing(above)
            known = self._folders[folder] = frozenset() if is_gone else frozenset(_listed(self.root / folder))
        return known

    def digest(self, path: str) -> bytes | None:
        """The digest of a file's content, which is read only if the file does not look as it did when it was read before; None
        for what cannot be read."""
        if path not in self._digests:
            self._digests[path] = self._digest(path)
        return self._digests[path]

    def _digest(self, path: str) -> bytes | None:
        place = os.path.join(self.root, path)
        try:
            status = os.stat(place)
            if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
                return None
            stamp = stamp_of(status)
            before = self._before.get(path)
            if before is not None and before.stamp == stamp:
                self._seen[path] = before
                return before.digest
            with open(place, "rb") as file:
                return self.note(path, stamp_of(os.fstat(file.fileno())), digest_of(file.read()))
        except (OSError, ValueError):
            return None

    version = digest

    def content(self, path: str) -> bytes | None:
        """What a file holds, if it is what the digest is of."""
        digest = self.digest(path)
        try:
            with open(os.path.join(self.root, path), "rb") as file:
                data = file.read()
        except (OSError, ValueError):
            return None
        return data if digest == digest_of(data) else None

    def note(self, path: str, stamp: Stamp, digest: bytes) -> bytes:
        """Take in what somebody read: how the file looked before that, and the digest of what it held."""
        self._digests[path] = digest
        if max(stamp[:2]) < time.time_ns() - _SETTLED:
            self._seen[path] = _Seen(stamp, digest)
        return digest

    def _kept(self) -> dict[str, _Seen]:
        data = None if self._store is None else self._store.get(self._kind, self._name)
        return (None if data is None else decoded(_STAMPS, data)) or {}

    def keep(self) -> None:
        """Keep for the next run which content the files have."""
        if self._store is not None and self._seen != self._before:
            try:
                self._store.put(self._kind, {self._name: msgspec.msgpack.encode({**self._before, **self._seen})})
            except UnicodeEncodeError:  # a path that is no text
                return


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
