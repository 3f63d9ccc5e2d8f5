"""Checking a project again and again, as it is edited: what cannot have changed is not judged again.

Each result is kept with what it hangs on (`analysis.reads`): the files whose facts were read for it, the questions what there is
for an import to find, and the names that indexes over the project were asked for. After an edit, a result goes if one of these
changed. What hangs on everything (which folders are packages, the root's own among them, which libraries the catalogue speaks
of) makes everything go.

From state to state of one process, the answers on the way to results are kept as well (`Reads.forget`). What a process knows in
the end, another one takes up (`saved`), which works out anew the answers that it needs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Set
from functools import partial

from nosyncio.analysis.index import DYNAMIC, Entries
from nosyncio.analysis.inferred import Infer
from nosyncio.analysis.installed import InstalledPackages, NoPackages
from nosyncio.analysis.modules import StubReader, noted_as, typeshed_facts
from nosyncio.analysis.reads import Reads
from nosyncio.asked import Answers, Differences
from nosyncio.checked import Checked
from nosyncio.config import Config
from nosyncio.engine import TOO_DEEP, Stocked
from nosyncio.known import Known, Words
from nosyncio.model import AsyncLibrary, Finding
from nosyncio.silence import by_file
from nosyncio.state import Asked, Settings, State, VersionedFiles
from nosyncio.stock import settled, shortest


class Incremental:
    """Checks one project in the states that it has over time. What it gives is what `Engine.check` gives for the same files."""

    def __init__(
        self,
        config: Config,
        library: AsyncLibrary | None = None,
        stubs: StubReader = typeshed_facts,
        past: Known | None = None,
        installed: InstalledPackages | None = None,
    ) -> None:
        """library: the async library of modules that import none. past: what another one knew in the end; it is this one's from
        now on. installed: what calls are followed into; it stays as it is."""
        self._settings = Settings(config, library or AsyncLibrary.ASYNCIO, stubs, installed or NoPackages())
        self._past = past
        if past is not None:
            self._settings.installed.seen.update(past.answers.outside)
            past.answers.outside = self._settings.installed.seen
        self._state: State | None = None
        self._used: dict[str, frozenset[tuple[int, str]]] | None = None
        self.judged = 0
        """How many files were judged so far."""
        self.has_news = False
        """Whether more is known than what the other one knew."""

    def check(
        self,
        files: VersionedFiles,
        paths: Iterable[str],
        project: Iterable[str] = (),
        *,
        jobs: int = 1,
        edited: Set[str] | None = None,
    ) -> Iterator[Checked]:
        """As `Engine.check`. `files` stay as they are at least until all is given. `edited`: the only ones that are others than
        at the last look, if somebody knows."""
        paths = list(paths)
        state = self._state = self._brought_to(files, tuple(sorted({*paths, *project})), edited)
        self._judge(state, paths, jobs)
        yield from self._said(state, paths)

    def again(self, path: str) -> Checked | None:
        """What the last look would have said of another file of the project; None if that has no facts."""
        assert self._state is not None
        self._judge(self._state, [path], 1)
        return next(self._said(self._state, [path]), None)

    def inferred(self, path: str, infer: Infer) -> list[Finding]:
        """As `Engine.inferred`, for a file of the last look."""
        assert self._state is not None
        return self._state.inferred(path, infer)

    def _judge(self, state: State, paths: Iterable[str], jobs: int) -> None:
        """Find out what is found in those of `paths` of which that is not known."""
        missing = [path for path in paths if path in state.known.present and path not in state.known.judged]
        if missing:
            state.judge(missing, jobs)
            self.judged += len(missing)
            self.has_news = True
            self._used = None

    def _said(self, state: State, paths: Iterable[str]) -> Iterator[Checked]:
        for path in paths:
            result = state.known.judged.get(path)
            if result is not None:
                problem = TOO_DEEP if state.is_too_deep(path) else None
                silencing = partial(self._silencing, state, path)
                yield Checked(path, result.findings, result.comments, problem, silencing, result.is_done)

    def inventory(self, files: VersionedFiles, paths: Iterable[str], project: Iterable[str] = ()) -> Iterator[Stocked]:
        """As `Engine.inventory`, but for the patterns that operations follow, what they become by these, and the callers.
        `files` stay as they are at least until all is given."""
        paths = list(paths)
        state = self._state = self._brought_to(files, tuple(sorted({*paths, *project})))
        ways = shortest(state.ways())
        for path in paths:
            if path in state.known.present:
                self.judged += not state.is_shelved(path)
                shelf = state.shelf(path)
                problem = TOO_DEEP if state.is_out_of_stock(path) else None
                yield Stocked(path, settled(shelf.taken, ways), shelf.comments, shelf.is_done, problem)

    def _silencing(self, state: State, path: str) -> frozenset[tuple[int, str]]:
        """The comments of a file that take a call out of chains."""
        if self._used is None:
            self._used = by_file(state.used())
        return self._used.get(path, frozenset())

    def known(self) -> Known | None:
        """What is known after the last look; None where it hangs on what cannot be told: something was too deep."""
        return None if self._state is None or not self._state.is_sure else self._state.known

    # ---------------------------------------------------------------------------------------------------- from state to state

    def _brought_to(self, files: VersionedFiles, project: tuple[str, ...], edited: Set[str] | None = None) -> State:
        """The state in which the project is `files`, with what is known still from the one before."""
        state = self._state
        known, self._past = self._past if state is None else self.known(), None
        if known is None:
            return self._anew(files, project)
        before, known.answers = known.answers, known.answers.asked_again(files, edited)
        differences = before.differences(known.answers)
        is_same = project == known.project and not any(differences)
        self.has_news = self.has_news or not is_same
        is_renamed = before.package != known.answers.package
        if is_renamed or any(path in known.settled for _, path in differences.answers):
            return self._anew(files, project)
        if state is None:
            state = State(Asked(files, known.answers), known, self._settings)
            if is_same:
                known.reads.aside(state.resume)
                return state
        else:
            state.files.move(files, known.answers)
            if is_same:
                return state
        self._used = None
        is_moved = known.reads.aside(partial(_move, state, project, differences, before.versions))
        return state if is_moved else self._anew(files, project)

    def _anew(self, files: VersionedFiles, project: tuple[str, ...]) -> State:
        self._used = None
        self.has_news = True
        known = Known(Reads(), project, Answers({}, {}, {}, self._settings.installed.seen, files.package), Entries(), {})
        state = State(Asked(files, known.answers), known, self._settings)
        state.look()
        for path in sorted(known.present):
            known.entries.add(path, state.entries_of(path))
        state.start()
        state.finish()
        return state


def _move(state: State, project: tuple[str, ...], differences: Differences, versions: dict[str, Hashable]) -> bool:
    """Bring a state to the next one; False where too little is known. `versions`: those that files had. The order is that in
    which answers hang on each other: facts, indexes, what the loop calls and what is handed to threads, results."""
    known, reads = state.known, state.known.reads
    present, libraries, words = known.present, known.libraries, known.words()
    loop_called, has_asked, offloaded = known.loop_called(), bool(known.offloading), known.offloaded()
    changed = state.move(project, differences)
    stale: set[int] = set()
    for _, path in differences.answers:
        stale |= reads.known(noted_as(path))
    for path in sorted(changed):
        old = state.entries_before(path, versions.get(path)) if path in present else frozenset()
        if old is None:
            return False
        new = state.entries_of(path) if path in known.present else frozenset()
        known.entries.remove(path, old - new)
        known.entries.add(path, new - old)
        stale |= reads.known(path)
        for entry in old ^ new:
            stale |= reads.known(entry)
    state.hand_on(changed)
    state.start()
    if known.libraries != libraries:
        return False
    stale |= _mentioning(known, words, known.words())
    state.forget(changed, stale)
    stale |= state.renew_families(changed, stale)
    if ("__call__" in words.handing) != ("__call__" in known.handing):
        known.offloading.clear()  # objects are called by any name
    state.finish()
    moved = loop_called ^ known.loop_called()
    if has_asked:
        moved |= offloaded ^ state.offloaded()
    elsewhere: set[int] = set()
    for moved_path, _ in moved:
        elsewhere |= reads.known(moved_path)
    state.forget_results(set(), elsewhere)
    state.renew(stale | elsewhere)
    return True


def _mentioning(known: Known, before: Words, now: Words) -> set[int]:
    """What hangs on a word which means more or less than before: the files that mention it, the question for dynamic bases."""
    words = (before.coroutines ^ now.coroutines) | (before.handing ^ now.handing) | (before.registering ^ now.registering)
    mentioned = [("attributes", name) for name in before.accessors ^ now.accessors]
    mentioned += [("calls", word) for word in words]
    if words:
        mentioned += [("renamed", entry) for entry in known.entries.names("renamed") if entry.partition(" ")[0] in words]
    stale: set[int] = set()
    for kind, name in mentioned:
        for path in known.entries.files(kind, name):
            stale |= known.reads.known(path)
    return stale if before.dynamic_bases == now.dynamic_bases else stale | known.reads.known(DYNAMIC)
