"""What the files of commits come to, counted: in several processes, each with a stretch of the commits."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from itertools import pairwise

from nosyncio.analysis.facts import ModuleFacts
from nosyncio.blobs import Blobs
from nosyncio.checkout import Checkout
from nosyncio.config import Located
from nosyncio.git import Git
from nosyncio.history import Counts, counted
from nosyncio.incremental import Incremental
from nosyncio.inventory import Inventory, IoOperation
from nosyncio.model import NotAnalysed
from nosyncio.objects import Objects, Sort
from nosyncio.project import Failure, without_collector
from nosyncio.snapshots import Files
from nosyncio.stocktaking import wanted
from nosyncio.suppress import Selection
from nosyncio.tree import WorkerDied

_FEWEST_FOR_WORKERS = 8
"""Each worker judges a whole project before it gets to what differs."""


def measured(
    located: Located, git: Git, states: Sequence[Files], blobs: Blobs, jobs: int, progress: Callable[[int, int], None]
) -> Iterator[Counts]:
    """What each of `states` comes to, in order; `progress` is told how many of how many are counted."""
    stretches = min(jobs, max(len(states) // _FEWEST_FOR_WORKERS, 1))
    if stretches == 1:
        with git.objects() as objects:
            meter = Meter(located, objects, git.prefix, blobs)
            for done, files in enumerate(states, 1):
                yield meter.counts(files)
                progress(done, len(states))
        return
    cuts = [len(states) * number // stretches for number in range(stretches + 1)]
    start = (located, git, blobs.known)
    try:
        with ExitStack() as stack:
            futures: list[Future[Counts]] = []
            for begin, end in pairwise(cuts):
                worker = stack.enter_context(ProcessPoolExecutor(1, initializer=_start, initargs=start))
                futures += [worker.submit(_counts, files) for files in states[begin:end]]
            for done, future in enumerate(futures, 1):
                yield future.result()
                progress(done, len(states))
    except BrokenProcessPool:
        raise WorkerDied("a process that counted commits died; was there too little memory? Try with --jobs 1") from None


class Meter:
    """Counts one state of a project's files after the other."""

    def __init__(self, located: Located, objects: Objects, prefix: str, blobs: Blobs) -> None:
        self._objects = objects
        self._prefix = prefix
        self._blobs = blobs
        self._selection = Selection(located.config, str(located.file or "command line"))
        self._engine = Incremental(located.config, located.library)

    def counts(self, files: Files) -> Counts:
        code = _Code(Checkout(self._objects, files.tree, self._prefix), self._blobs)
        found: list[IoOperation] = []
        failures = [*files.failures]
        for stocked in self._engine.inventory(code, files.paths):
            found += wanted(stocked, self._selection)
            if stocked.problem is not None:
                failures.append(NotAnalysed(stocked.path, None, stocked.problem))
        unread = ((path, self._blobs.failure(name)) for path, name in files.blobs.items())
        failures += [NotAnalysed(path, failure[1], failure[0]) for path, failure in unread if failure is not None]
        return counted(Inventory(tuple(found), tuple(sorted(filter(self._selection.reports, failures))), len(files.paths)))


class _Code:
    """The code of one commit, as the engine asks for it. A file's version is the name of its blob."""

    package = ""

    def __init__(self, checkout: Checkout, blobs: Blobs) -> None:
        self.exists = checkout.exists
        self.is_folder = checkout.is_folder
        self._checkout = checkout
        self._blobs = blobs

    def version(self, path: str) -> str | None:
        entry = self._checkout.entry(path)
        return entry.name if entry is not None and entry.sort is Sort.FILE else None

    def has_facts(self, path: str) -> bool:
        name = self.version(path)
        return name is not None and self._blobs.has_facts(name)

    def facts(self, path: str) -> ModuleFacts | None:
        return self.facts_at(self.version(path))

    def facts_at(self, version: Hashable) -> ModuleFacts | None:
        found = self._blobs.facts(version) if isinstance(version, str) else None
        return found if isinstance(found, ModuleFacts) else None


# ------------------------------------------------------------------------------------------------------------- worker processes

_meters: list[Meter] = []
"""A worker's own, which lives as long as it does."""


def _start(located: Located, git: Git, known: Mapping[str, bytes | Failure]) -> None:
    without_collector()
    objects = git.objects()
    _meters.append(Meter(located, objects, git.prefix, Blobs(objects, known)))


def _counts(files: Files) -> Counts:
    return _meters[0].counts(files)
