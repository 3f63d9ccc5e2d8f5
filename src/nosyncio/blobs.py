"""The facts of the Python files in a repository's history, by the name of their blob: each is read and parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.packing import unpacked
from nosyncio.git import Git
from nosyncio.objects import GONE, Absent, Objects
from nosyncio.project import (
    BATCH,
    FEWEST_FOR_WORKERS,
    MOST_WORKERS,
    Failure,
    facts_or_failure,
    packed,
    without_collector,
)
from nosyncio.tree import WorkerDied


class Blobs:
    """What is known of blobs: facts, packed, or why there are none."""

    def __init__(self, objects: Objects, known: Mapping[str, bytes | Failure] | None = None) -> None:
        """`known`: what another one of these has made."""
        self._objects = objects
        self.known: dict[str, bytes | Failure] = dict(known or {})

    def facts(self, name: str) -> ModuleFacts | Failure:
        known = self.known.get(name)
        found = unpacked(known) if isinstance(known, bytes) else known
        if found is None:
            found = _made(self._objects, name)
            sent = packed(found)
            if sent is not None:
                self.known[name] = sent
        return found

    def has_facts(self, name: str) -> bool:
        known = self.known.get(name)
        return isinstance(known or self.facts(name), (bytes, ModuleFacts))

    def failure(self, name: str) -> Failure | None:
        """Why there are no facts of a blob that was read; None where there are."""
        known = self.known.get(name)
        return known if isinstance(known, tuple) else None

    def is_missing(self, name: str) -> bool:
        """Whether the repository has no such blob, as far as that is known."""
        return self.failure(name) == (GONE, None)

    def read_all(self, git: Git, names: Iterable[str], jobs: int, progress: Callable[[int, int], None]) -> None:
        """Make the facts of those that are not known, with `jobs` processes where that pays; `progress` is told how many of how
        many are made."""
        wanted = [*dict.fromkeys(name for name in names if name not in self.known)]
        if jobs <= 1 or len(wanted) < FEWEST_FOR_WORKERS:
            for done, name in enumerate(wanted, 1):
                self.facts(name)
                progress(done, len(wanted))
            return
        batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
        done = 0
        try:
            with ProcessPoolExecutor(min(jobs, len(batches), MOST_WORKERS), initializer=_open, initargs=(git,)) as workers:
                for batch, results in zip(batches, workers.map(_read_batch, batches)):
                    self.known.update((name, result) for name, result in zip(batch, results) if result is not None)
                    done += len(batch)
                    progress(done, len(wanted))
        except BrokenProcessPool:
            raise WorkerDied("a process that read commits died; was there too little memory? Try with --jobs 1") from None


def _made(objects: Objects, name: str) -> ModuleFacts | Failure:
    try:
        return facts_or_failure(objects.blob(name))
    except Absent as error:
        return (str(error), None)


# ------------------------------------------------------------------------------------------------------------- worker processes

_opened: list[Objects] = []
"""A worker's own, which lives as long as it does."""


def _open(git: Git) -> None:
    without_collector()
    _opened.append(git.objects())


def _read_batch(names: list[str]) -> list[bytes | Failure | None]:
    return [packed(_made(_opened[0], name)) for name in names]
