"""Checking a project again and again, as it is edited: what cannot have changed is not judged again.

Each result is kept with what it hangs on (`analysis.reads`): the files whose facts were read for it, and the names that indexes
over the project were asked for. After an edit, a result goes if one of these changed. What hangs on everything (which files there
are for an import to find, which libraries the catalogue speaks of) makes everything go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from nosyncio.analysis.index import Entries
from nosyncio.analysis.modules import StubReader, typeshed_facts
from nosyncio.analysis.reads import Reads
from nosyncio.asked import Answers
from nosyncio.config import Config
from nosyncio.engine import TOO_DEEP, Checked
from nosyncio.model import AsyncLibrary
from nosyncio.silence import by_file
from nosyncio.state import Asked, Before, Numbers, Settings, State, VersionedFiles, hangs_on

_Item = TypeVar("_Item")


class Incremental:
    """Checks one project in the states that it has over time. What it gives is what `Engine.check` gives for the same files."""

    def __init__(
        self, config: Config, library: AsyncLibrary | None = None, stubs: StubReader = typeshed_facts, past: Before | None = None
    ) -> None:
        """library: the async library of modules that import none. past: what another one knew in the end."""
        self._settings = Settings(config, library or AsyncLibrary.ASYNCIO, stubs)
        self._past = past
        self._state: State | None = None
        self._used: dict[str, frozenset[tuple[int, str]]] | None = None
        self.judged = 0
        """How many files were judged so far."""

    def check(self, files: VersionedFiles, paths: Iterable[str], project: Iterable[str] = ()) -> Iterator[Checked]:
        """As `Engine.check`. `files` stay as they are at least until all is given."""
        paths = list(paths)
        state = self._state = self._brought_to(files, tuple(sorted({*paths, *project})))
        for path in paths:
            if path not in state.known.judged and state.files.has_facts(path):
                state.judge(path)
                self.judged += 1
                self._used = None
        for path in paths:
            result = state.known.judged.get(path)
            if result is not None:
                problem = TOO_DEEP if state.is_too_deep(path) else None
                silencing = partial(self._silencing, state, path)
                yield Checked(path, result.findings, result.comments, problem, silencing, result.is_done)

    def _silencing(self, state: State, path: str) -> frozenset[tuple[int, str]]:
        """The comments of a file that take a call out of chains."""
        if self._used is None:
            self._used = by_file(comment for other in state.present for comment in state.used_by(other))
        return self._used.get(path, frozenset())

    def known(self) -> Before | None:
        """What is known after the last `check`; None where it hangs on what cannot be told: something was too deep."""
        return None if self._state is None or self._state.has_too_deep else self._state.known

    # ---------------------------------------------------------------------------------------------------- from state to state

    def _brought_to(self, files: VersionedFiles, project: tuple[str, ...]) -> State:
        """The state in which the project is `files`, with what is known still from the one before."""
        if self._state is not None:
            self._past = self.known()  # what is too deep hangs on what was asked before
        past = self._past
        if past is None:
            return self._anew(files, project)
        changed = past.answers.changed(files)
        if not past.answers.hold(files):
            return self._anew(files, project)
        if self._state is not None and not changed and project == past.project:
            self._state.files.files = files
            return self._state
        return self._changed(past, files, project, changed) or self._anew(files, project)

    def _anew(self, files: VersionedFiles, project: tuple[str, ...]) -> State:
        self._used = None
        known = Before(Reads(), project, Answers({}, {}, {}), Entries(), {})
        state = State(Asked(files, known.answers), known, self._settings)
        for path in state.present:
            known.entries.add(path, state.extract_at(path).entries())
        state.start()
        state.finish()
        return state

    def _changed(self, past: Before, files: VersionedFiles, project: tuple[str, ...], changed: set[str]) -> State | None:
        """The next state; None where too little is known. The order is that in which answers hang on each other: facts, indexes,
        what the loop calls, results."""
        self._used = None
        known = Before(past.reads, project, past.answers.copy(), past.entries.copy(), {})
        state = State(Asked(files, known.answers), known, self._settings)
        changed |= past.present ^ state.present
        stale = 0
        for path in changed:
            old = frozenset[tuple[str, str]]()
            if path in past.present:
                facts = files.facts_at(past.answers.versions.get(path))
                if facts is None:
                    return None
                old = state.entries_of(path, facts)
            new = state.extract_at(path).entries() if path in state.present else frozenset()
            known.entries.remove(path, old - new)
            known.entries.add(path, new - old)
            stale |= past.reads.known(path)
            for entry in old ^ new:
                stale |= past.reads.known(entry)
        known.hands = state.hands_after(past.hands, changed)
        state.start()
        if known.libraries != past.libraries:
            return None
        stale |= self._words(past, known)
        stale_numbers = Numbers(stale)
        known.collected = _without(past.collected, changed, lambda item: hangs_on(item.numbers, stale_numbers))
        state.finish()
        moved = past.loop_called() ^ known.loop_called()
        if past.offloading and ("__call__" in past.handing) == ("__call__" in known.handing):
            known.offloading = _without(past.offloading, changed, lambda item: hangs_on(item.numbers, stale_numbers))
        if past.offloading:
            moved |= past.offloaded() ^ state.offloaded()
        for function in moved:
            stale |= past.reads.known(function[0])
        stale_numbers = Numbers(stale)
        known.judged = _without(past.judged, changed, lambda result: hangs_on(result.numbers, stale_numbers))
        known.followed = _without(past.followed, changed, lambda item: hangs_on(item.numbers, stale_numbers))
        return state

    def _words(self, past: Before, now: Before) -> int:
        """The modules that mention a word which means more or less than before."""
        reads = past.reads
        accessors = past.entries.names("accessors") ^ now.entries.names("accessors")
        words = (past.entries.names("coroutines") ^ now.entries.names("coroutines")) | (past.handing ^ now.handing)
        mentioned = [("attributes", name) for name in accessors]
        mentioned += [(kind, word) for word in words for kind in ("calls", "renamed")]
        stale = 0
        for kind, name in mentioned:
            for path in now.entries.files(kind, name):
                stale |= reads.known(path)
        return stale


def _without(kept: dict[str, _Item], changed: set[str], is_stale: Callable[[_Item], bool]) -> dict[str, _Item]:
    """What is kept of files that did not change, and is not stale for another reason."""
    return {path: item for path, item in kept.items() if path not in changed and not is_stale(item)}
