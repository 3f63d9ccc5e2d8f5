"""Checking a project again and again, as it is edited: what cannot have changed is not judged again.

Each result is kept with what it hangs on (`analysis.reads`): the files whose facts were read for it, and the names that indexes
over the project were asked for. After an edit, a result goes if one of these changed. What hangs on everything (which files there
are for an import to find, which libraries the catalogue speaks of) makes everything go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from nosyncio.analysis.contexts import Registered
from nosyncio.analysis.extract import Extract, extract
from nosyncio.analysis.facts import Comment, ModuleFacts
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.index import ALL_CALLS
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.modules import ProjectFiles
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.references import HANDING
from nosyncio.analysis.types import Module
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.asked import Answers, Folders
from nosyncio.catalogue import Catalogue
from nosyncio.config import Config
from nosyncio.engine import TOO_DEEP, Checked, Stocked
from nosyncio.judging import Judging
from nosyncio.model import AsyncLibrary, Finding
from nosyncio.silence import used
from nosyncio.stock import Spot, Taken, Way, settled, shortest


class VersionedFiles(ProjectFiles, Folders, Protocol):
    """The code under check, in one of the states that it has over time."""


class _Asked:
    """Files, with every answer that they gave to the question what there is, and the version of every file that was read."""

    def __init__(self, files: VersionedFiles, before: Answers | None = None) -> None:
        """`before`: the answers of others, which are the same but for the files that are read anew."""
        self.files = files
        self.answers = Answers({}, {}, {}) if before is None else before.copy()

    def exists(self, path: str) -> bool:
        answer = self.answers.files[path] = self.files.exists(path)
        return answer

    def is_folder(self, path: str) -> bool:
        answer = self.answers.folders[path] = self.files.is_folder(path)
        return answer

    def facts(self, path: str) -> ModuleFacts | None:
        found = self.files.facts(path)
        self.answers.versions[path] = self.files.version(path)
        return found


_Kept = TypeVar("_Kept")


class _Result(NamedTuple):
    """What `check` gives for a file, and what that hangs on."""

    findings: list[Finding]
    comments: Sequence[Comment]
    is_done: bool
    numbers: int


class _Stocked(NamedTuple):
    """What taking stock of a file gave, and what that hangs on."""

    taken: list[Taken]
    comments: Sequence[Comment]
    is_done: bool
    numbers: int


class _State:
    """A state of the project, and what is known of it.

    judged: results, by path. collected: what `Judging.collect` gave. followed: what the chains of a file hang on. ways, stocked:
    where chains from a file lead, with what that hangs on, and its I/O.
    """

    def __init__(self, files: _Asked, project: tuple[str, ...], reads: Reads, config: Config, library: AsyncLibrary) -> None:
        self.files = files
        self.project = project
        self.linker = Linker(files, config.src, Catalogue(config), reads)
        self.modules = [module for module in map(self.linker.modules.at, project) if module is not None]
        self.extracts: dict[str, Extract] = {}
        self.collected: dict[str, tuple[list[Registered], int]] = {}
        self.judged: dict[str, _Result] = {}
        self.followed: dict[str, int] = {}
        self.ways: dict[str, tuple[dict[Spot, Way], int]] = {}
        self.stocked: dict[str, _Stocked] = {}
        self._config = config
        self._library = library

    def extract(self, module: Module) -> Extract:
        path = module.path or ""
        if path not in self.extracts:
            self.extracts[path] = self.linker.reads.aside(partial(extract, module))
        return self.extracts[path]

    def start(self) -> None:
        """Make what judges."""
        verdicts = Verdicts(self.linker)
        fates = Fates(self.linker, verdicts)
        self.judging = Judging(self.linker, verdicts, fates, self.modules, self._config, self._library, self.extract)
        self.libraries = self.linker.catalogue.spoken_for
        self.handing = frozenset(self.judging.contexts.references.handing())

    def finish(self) -> None:
        """Collect what is not collected yet, so that judging can begin."""
        for module in self.modules:
            path = module.path or ""
            if path not in self.collected:
                self.collected[path] = self.judging.collect(module)
        self.stock = self.judging.stock(details=False)
        self.judging.contexts.take([item for module in self.modules for item in self.collected[module.path or ""][0]])

    @property
    def loop_called(self) -> set[tuple[str | None, int]]:
        return {item.function for module in self.modules for item in self.collected[module.path or ""][0]}


class Incremental:
    """Checks one project in the states that it has over time. What it gives is what `Engine.check` gives for the same files."""

    def __init__(self, config: Config, library: AsyncLibrary | None = None) -> None:
        """`library` is the async library of modules that import none."""
        self._config = config
        self._library = library or AsyncLibrary.ASYNCIO
        self._reads = Reads()
        self._state: _State | None = None
        self._used: dict[str, frozenset[tuple[int, str]]] | None = None
        self.judged = 0
        """How many files were judged so far."""

    def check(self, files: VersionedFiles, paths: Iterable[str], project: Iterable[str] = ()) -> Iterator[Checked]:
        """As `Engine.check`. `files` stay as they are at least until all is given."""
        paths = list(paths)
        state = self._state = self._brought_to(files, tuple(sorted({*paths, *project})))
        modules = [module for module in map(state.linker.modules.at, paths) if module is not None]
        results = [self._result(state, module) for module in modules]
        for module, result in zip(modules, results):
            assert module.path is not None
            problem = TOO_DEEP if state.judging.is_too_deep(module) else None
            silencing = partial(self._silencing, state, module.path)
            yield Checked(module.path, result.findings, result.comments, problem, silencing, result.is_done)

    def answers(self) -> Answers | None:
        """What the results of the last `check` hang on, beside the files of the project; None where they may hang on more: on the
        way to them, something was too deep."""
        state = self._state
        return None if state is None or _is_too_deep(state) else state.files.answers

    def inventory(self, files: VersionedFiles, paths: Iterable[str], project: Iterable[str] = ()) -> Iterator[Stocked]:
        """As `Engine.inventory`, but for the patterns that operations follow, what they become by these, and the callers.
        `files` stay as they are at least until all is given."""
        paths = list(paths)
        state = self._state = self._brought_to(files, tuple(sorted({*paths, *project})))
        ways = shortest([self._ways(state, module) for module in state.modules])
        for module in filter(None, map(state.linker.modules.at, paths)):
            assert module.path is not None
            stocked = self._stocked(state, module)
            problem = TOO_DEEP if state.stock.is_too_deep(module) else None
            yield Stocked(module.path, settled(stocked.taken, ways), stocked.comments, stocked.is_done, problem)

    def _ways(self, state: _State, module: Module) -> dict[Spot, Way]:
        path = module.path or ""
        if path not in state.ways:
            state.ways[path] = self._reads.during(lambda: state.stock.ways(module))
        return state.ways[path][0]

    def _stocked(self, state: _State, module: Module) -> _Stocked:
        path = module.path or ""
        if path not in state.stocked:
            self.judged += 1
            taken, numbers = self._reads.during(lambda: state.stock.of(module))
            is_done, others = self._reads.during(lambda: state.judging.contexts.is_async_only(module))
            state.stocked[path] = _Stocked(taken, module.facts.comments, is_done, self._reads.shared(numbers | others))
        return state.stocked[path]

    def _result(self, state: _State, module: Module) -> _Result:
        path = module.path or ""
        known = state.judged.get(path)
        if known is None:
            self.judged += 1
            judged = state.judging.judged(module)
            is_done, numbers = self._reads.during(lambda: state.judging.contexts.is_async_only(module))
            known = state.judged[path] = _Result(
                judged.findings, module.facts.comments, is_done, self._reads.shared(judged.numbers | numbers)
            )
            self._used = None
        return known

    def _silencing(self, state: _State, path: str) -> frozenset[tuple[int, str]]:
        """The comments of a file that take a call out of chains."""
        if self._used is None:
            numbers = 0
            for module in state.modules:
                other = module.path or ""
                if other in state.judged:
                    numbers |= state.judged[other].numbers
                    continue
                if other not in state.followed:
                    state.followed[other] = state.judging.followed(module)
                numbers |= state.followed[other]
            self._used = used(self._reads, numbers)
        return self._used.get(path, frozenset())

    # ---------------------------------------------------------------------------------------------------- from state to state

    def _brought_to(self, files: VersionedFiles, project: tuple[str, ...]) -> _State:
        """The state in which the project is `files`, with what is known still from the one before."""
        past = self._state
        if past is None or _is_too_deep(past) or not past.stock.is_sure:
            return self._anew(files, project)  # what is too deep hangs on what was asked before
        changed = past.files.answers.changed(files)
        if not past.files.answers.hold(files):
            return self._anew(files, project)
        if changed or project != past.project:
            return self._changed(past, files, project, changed)
        past.files.files = files
        return past

    def _anew(self, files: VersionedFiles, project: tuple[str, ...]) -> _State:
        self._reads = Reads()
        self._used = None
        state = _State(_Asked(files), project, self._reads, self._config, self._library)
        state.start()
        state.finish()
        return state

    def _changed(self, past: _State, files: VersionedFiles, project: tuple[str, ...], changed: set[str]) -> _State:
        """The next state. The order is that in which answers hang on each other: facts, indexes, what the loop calls, results."""
        self._used = None
        state = _State(_Asked(files, past.files.answers), project, self._reads, self._config, self._library)
        changed = changed | {*past.extracts} ^ {module.path or "" for module in state.modules}
        state.extracts = {path: extract for path, extract in past.extracts.items() if path not in changed}
        state.start()
        if state.libraries != past.libraries:
            return self._anew(files, project)
        stale = self._stale(past, state, changed)
        state.collected = _without(past.collected, changed, lambda item: item[1] & stale)
        state.finish()
        for path, _ in past.loop_called ^ state.loop_called:
            stale |= self._reads.known(path)
        state.judged = _without(past.judged, changed, lambda result: result.numbers & stale)
        state.ways = _without(past.ways, changed, lambda item: item[1] & stale)
        state.stocked = _without(past.stocked, changed, lambda item: item.numbers & stale)
        state.followed = _without(past.followed, changed, lambda numbers: numbers & stale)
        return state

    def _stale(self, past: _State, state: _State, changed: set[str]) -> int:
        """What was read and is another now: facts, index entries, and modules that mention a word which means more or less."""
        reads = self._reads
        stale = 0
        for path in changed:
            stale |= reads.known(path)
            for key in _entries(past.extracts.get(path)) ^ _entries(state.extracts.get(path)):
                stale |= reads.known(key) | (reads.known(ALL_CALLS) if key[0] == ALL_CALLS[0] else 0)
        accessors = past.judging.index.accessors ^ state.judging.index.accessors
        words = (past.judging.index.coroutines ^ state.judging.index.coroutines) | (past.handing ^ state.handing)
        if past.handing != state.handing:
            stale |= reads.known(HANDING)
        if accessors or words:
            for path, extract in state.extracts.items():
                if extract.mentions(accessors, words):
                    stale |= reads.known(path)
        return stale


def _is_too_deep(state: _State) -> bool:
    return bool(state.judging.too_deep or state.judging.reach.too_deep)


def _entries(extract: Extract | None) -> frozenset[tuple[str, str]]:
    return frozenset() if extract is None else extract.entries()


def _without(kept: dict[str, _Kept], changed: set[str], is_stale: Callable[[_Kept], object]) -> dict[str, _Kept]:
    """What is kept of files that did not change, and is not stale for another reason."""
    return {path: item for path, item in kept.items() if path not in changed and not is_stale(item)}
