"""The objects of a git repository: trees and blobs, as `git cat-file` gives them, each asked for by name."""

from __future__ import annotations

import enum
import os
import subprocess
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import IO, NamedTuple

_LARGEST = 16 * 1024 * 1024
"""A blob beyond this many bytes is no code that somebody wrote, and its tree would take gigabytes."""
GONE = "is not in the repository, which is a partial clone or damaged"
_NO_NAMES = (b"", b".", b"..")
"""Git makes no such entry, and checks none out."""
_SKIPPED = 1024 * 1024
_MODES = {b"40000": "TREE", b"120000": "LINK", b"160000": "SUBMODULE"}


class Absent(Exception):
    """An object that cannot be had, and why."""


class Sort(enum.Enum):
    """What stands under a name in a tree."""

    FILE = "file"
    LINK = "link"
    TREE = "tree"
    SUBMODULE = "submodule"


class Entry(NamedTuple):
    """What stands under a name in a tree: the object's name, and what it is there."""

    sort: Sort
    name: str


class Objects:
    """Objects by name, from one process that is started when the first is asked for, and again when it has died of one."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], hash_size: int) -> None:
        """`command` is `git cat-file --batch`; names of objects have `hash_size` bytes."""
        self._command = command
        self._environment = environment
        self._hash_size = hash_size
        self._process: subprocess.Popen[bytes] | None = None
        self.tree = lru_cache(maxsize=4096)(self._tree)

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stop()

    def blob(self, name: str) -> bytes:
        """The content of a blob. Raises Absent."""
        return self._read(name, b"blob")

    def commit(self, name: str) -> bytes:
        """A commit as it is stored. Raises Absent."""
        return self._read(name, b"commit")

    def _tree(self, name: str) -> Mapping[str, Entry]:
        """What stands in a tree, by name. Raises Absent."""
        try:
            data = self._read(name, b"tree")
        except Absent as error:
            raise Absent(f"one of its folders {error}") from None
        found: dict[str, Entry] = {}
        start = 0
        while start < len(data):
            end = data.find(b"\0", start)
            mode, _, path = data[start:end].partition(b" ")
            start = end + 1 + self._hash_size
            if end < 0 or start > len(data) or path in _NO_NAMES or b"/" in path:
                raise Absent("one of its folders is damaged")
            found[os.fsdecode(path)] = Entry(_sort(mode), data[end + 1 : start].hex())
        return found

    def _read(self, name: str, wanted: bytes) -> bytes:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            header = process.stdout.readline().split()
        except BrokenPipeError:
            header = []
        if len(header) != 3:  # NAME missing; or git has died of what it could not read, or not fetch
            if not header:
                self._stop()
            raise Absent(GONE)
        size = int(header[2])
        if header[1] != wanted or size > _LARGEST:
            _skip(process.stdout, size + 1)
            raise Absent(f"has {size} bytes, more than anybody writes" if header[1] == wanted else "is no file")
        data = process.stdout.read(size + 1)[:size]
        if len(data) < size:
            self._stop()
            raise Absent(GONE)
        return data

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            with self._process as process:  # closes its input, at which it ends
                process.kill()
            self._process = None


def _sort(mode: bytes) -> Sort:
    return Sort[_MODES.get(mode, "FILE")]


def _skip(stream: IO[bytes], size: int) -> None:
    while size > 0 and (chunk := stream.read(min(size, _SKIPPED))):
        size -= len(chunk)
