"""A project on disk: the facts of its files, read in parallel."""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeAlias

import msgspec

from nosyncio.analysis import packing
from nosyncio.analysis.build import build
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.modules import typeshed_facts
from nosyncio.analysis.source import Unreadable, decode, parse, with_stack
from nosyncio.decoding import decoded
from nosyncio.maker import maker
from nosyncio.model import NotAnalysed
from nosyncio.store import Store
from nosyncio.tree import Stamp, Tree, WorkerDied, digest_of, stamp_of

FEWEST_FOR_WORKERS = 150
"""Starting workers costs about what reading this many files does."""
BATCH = 40
MOST_WORKERS = 61
"""What Windows allows."""

_ENCODER = msgspec.msgpack.Encoder()
_PROBLEM = msgspec.msgpack.Decoder(tuple[str, int | None])


_MOST_KEPT = 3
"""How many times what the project needs may be kept."""

Failure: TypeAlias = tuple[str, int | None]
"""Why a file gives no facts, and in which line."""


class _Read(NamedTuple):
    """What reading a file gave: facts, packed perhaps, or why there are none; where it could be read, how it looked and what it
    held."""

    result: ModuleFacts | bytes | Failure | None
    stamp: Stamp | None = None
    digest: bytes | None = None


def facts_of(data: bytes) -> ModuleFacts:
    """The facts of a file's bytes. Raises Unreadable."""
    return facts_of_text(decode(data))


def facts_of_text(text: str) -> ModuleFacts:
    """The facts of a file's text, with newlines made uniform. Raises Unreadable."""
    return with_stack(lambda: build(parse(text)))


def facts_or_failure(data: bytes) -> ModuleFacts | Failure:
    """What a file gives that holds `data`."""
    try:
        return facts_of(data)
    except Unreadable as error:
        return (error.reason, error.line)


class DiskFiles:
    """The files below `root`, by POSIX path relative to it.

    Facts come from memory once they are made, or from the store; a file that has none is remembered in `failures`.
    """

    def __init__(self, root: Path, store: Store | None = None, tree: Tree | None = None) -> None:
        """store: where facts are kept from run to run, by the content that they were made from. tree: what is known already of
        what there is below `root`."""
        self.root = root
        self.tree = tree or Tree(root, store)
        self.failures: dict[str, NotAnalysed] = {}
        self._store = store
        self._kind = f"facts {maker()}" if store is not None else ""
        self._faults = f"faults {maker()}" if store is not None else ""
        self._stubs = f"stubs {maker()}" if store is not None else ""
        self._stored: set[bytes | None] = set() if store is None else {*store.names(self._kind)}
        self._faulty: set[bytes | None] = set() if store is None else {*store.names(self._faults)}
        self._facts: dict[str, ModuleFacts | bytes | None] = {}
        self._versions: dict[str, bytes] = {}
        self._put_in: set[str] = set()
        self._made: dict[bytes, bytes] = {}
        self._made_faults: dict[bytes, bytes] = {}
        self._made_stubs: dict[bytes, bytes] = {}

    @property
    def package(self) -> str:
        return self.tree.package

    def exists(self, path: str) -> bool:
        return path in self._facts or self.tree.exists(path)

    def is_folder(self, path: str) -> bool:
        return path in self._put_in or self.tree.is_folder(path)

    def version(self, path: str) -> bytes | None:
        """The digest of what the facts of a file are made from; None where it cannot be read."""
        return self._versions.get(path) or self.tree.digest(path)

    def facts(self, path: str) -> ModuleFacts | None:
        if path not in self._facts and not self._recall(path):
            self._keep(path, _read_one(str(self.root / path)))
        found = self._facts[path]
        if isinstance(found, bytes):
            made = packing.unpacked(found)
            if made is not None:
                return made
            self._keep(path, _read_one(str(self.root / path)))
            found = self._facts[path]
            assert not isinstance(found, bytes)
        return found

    def has_facts(self, path: str) -> bool:
        if path not in self._facts and self._store is not None and self.tree.digest(path) in self._stored:
            return True
        return isinstance(self._facts.get(path), bytes) or self.facts(path) is not None

    def facts_at(self, version: Hashable) -> ModuleFacts | None:
        """The facts that were made from an earlier version of a file, if they are still in the store."""
        data = self._store.get(self._kind, version) if self._store is not None and isinstance(version, bytes) else None
        return None if data is None else packing.unpacked(data)

    def stub(self, file: Path) -> ModuleFacts:
        """The facts of one of typeshed's files."""
        if self._store is None:
            return typeshed_facts(file)
        name = digest_of(os.fsencode(file))
        data = self._store.packages.get(self._stubs, name)
        found = None if data is None else packing.unpacked(data)
        if found is None:
            found = typeshed_facts(file)
            sent = packing.packed(found)
            if sent is not None:
                self._made_stubs[name] = sent
        return found

    def put(self, path: str, facts: ModuleFacts) -> None:
        """Take `facts` for the file `path`, whatever is on disk."""
        data = packed(facts)
        self._put(path, facts, digest_of(data if isinstance(data, bytes) else os.urandom(16)))

    def put_content(self, path: str, data: bytes) -> None:
        """Take `data` for what the file `path` holds, whatever is on disk."""
        self._put(path, facts_or_failure(data), digest_of(data))

    def _put(self, path: str, result: ModuleFacts | Failure, version: bytes) -> None:
        self.failures.pop(path, None)
        self._versions[path] = version
        self._put_in.update(str(folder) for folder in PurePosixPath(path).parents)
        if isinstance(result, tuple):
            self._note_failure(path, result)
        else:
            self._facts[path] = result

    def _recall(self, path: str) -> bool:
        """Take from the store what is known of a file; False if that is nothing."""
        digest = None if self._store is None else self.tree.digest(path)
        if self._store is None or digest is None:
            return False
        if digest in self._stored:
            data = self._store.get(self._kind, digest)
            self._facts.update({} if data is None else {path: data})
        elif digest in self._faulty:
            problem = kept_failure(self._store.get(self._faults, digest))
            if problem is not None:
                self._note_failure(path, problem)
        return path in self._facts

    def _keep(self, path: str, read: _Read) -> None:
        """Take in what a file gave, for this run and for those to come."""
        if read.stamp is not None and read.digest is not None:
            self.tree.note(path, read.stamp, read.digest)
            if self._store is not None:
                self._note_made(read.digest, read.result)
        if isinstance(read.result, tuple):
            self._note_failure(path, read.result)
        else:
            self._facts[path] = read.result

    def _note_failure(self, path: str, problem: Failure) -> None:
        self.failures[path] = NotAnalysed(path, problem[1], problem[0])
        self._facts[path] = None

    def _note_made(self, digest: bytes, result: ModuleFacts | bytes | Failure | None) -> None:
        data = packed(result)
        if isinstance(data, tuple):
            self._made_faults[digest] = _ENCODER.encode(data)
        elif data is not None:
            self._made[digest] = data

    def read_all(self, paths: Sequence[str], jobs: int, progress: Callable[[int], None]) -> None:
        """Make the facts of `paths` now, with `jobs` processes where that pays; `progress` is told of each batch done."""
        missing = [path for path in paths if path not in self._facts and self._is_missing(path)]
        progress(len(paths) - len(missing))
        if jobs <= 1 or len(missing) < FEWEST_FOR_WORKERS:
            for path in missing:
                self.facts(path)
                progress(1)
            return
        batches = [missing[start : start + BATCH] for start in range(0, len(missing), BATCH)]
        places = ([str(self.root / path) for path in batch] for batch in batches)
        try:
            with ProcessPoolExecutor(min(jobs, len(batches), MOST_WORKERS), initializer=without_collector) as workers:
                for batch, results in zip(batches, workers.map(_read_batch, places)):
                    for path, read in zip(batch, results):
                        if read.result is not None:
                            self._keep(path, read)
                    progress(len(batch))
        except BrokenProcessPool:
            raise WorkerDied("a process that read files died; was there too little memory? Try with --jobs 1") from None

    def _is_missing(self, path: str) -> bool:
        return self._store is None or (self.tree.digest(path) not in self._stored and not self._recall(path))

    def store_all(self, paths: Sequence[str]) -> None:
        """Keep for the runs to come what was made in this one. `paths`: the files of the project; what is kept of others goes
        once it is more than that of these."""
        if self._store is None:
            return
        self.tree.keep()
        live = {self.tree.digest(path) for path in paths}
        if self._made and len(self._stored) > _MOST_KEPT * len(live):
            self._store.drop(self._kind, (digest for digest in self._stored - live if digest is not None))
        made = {self._kind: self._made, self._faults: self._made_faults}
        self._store.put_all((kind, name, value) for kind, values in made.items() for name, value in values.items())
        self._store.packages.put(self._stubs, self._made_stubs)
        self._stored |= self._made.keys()
        self._faulty |= self._made_faults.keys()
        for values in (*made.values(), self._made_stubs):
            values.clear()


class Content(NamedTuple):
    """What a file held, its digest, and how the file looked before it was read."""

    data: bytes
    digest: bytes
    stamp: Stamp


def content_of(path: str) -> Content | Failure:
    """What a file holds, or why it cannot be read."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return ("not a regular file", None)
        with open(path, "rb") as file:
            stamp = stamp_of(os.fstat(file.fileno()))
            data = file.read()
    except FileNotFoundError:
        return ("a link that leads nowhere" if os.path.islink(path) else "the file is gone", None)
    except (OSError, ValueError) as error:
        return (f"cannot be read: {getattr(error, 'strerror', None) or error}", None)
    return Content(data, digest_of(data), stamp)


def _read_one(path: str) -> _Read:
    content = content_of(path)
    if not isinstance(content, Content):
        return _Read(content)
    return _Read(facts_or_failure(content.data), content.stamp, content.digest)


def without_collector() -> None:
    """Trees and facts hold no cycles, and a worker lives for one run: looking for garbage costs a quarter of its time."""
    gc.disable()


def _read_batch(paths: list[str]) -> list[_Read]:
    return [read._replace(result=packed(read.result)) for read in map(_read_one, paths)]


def packed(result: ModuleFacts | bytes | Failure | None) -> bytes | Failure | None:
    """What a worker sends back; None for facts that nest too deeply to be sent, so that they are made where they are needed."""
    return packing.packed(result) if isinstance(result, ModuleFacts) else result


def kept_failure(data: bytes | None) -> Failure | None:
    """Why a file gave no facts, as the store has it; None for something else."""
    return None if data is None else decoded(_PROBLEM, data)
