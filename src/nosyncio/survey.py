"""What stands in the files of a project, before a baseline is asked: read, checked, selected, suppressed."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nosyncio.baseline import Entries, Place
from nosyncio.config import Located
from nosyncio.model import Identity, Statistics, as_text
from nosyncio.remembered import Found
from nosyncio.rules.base import HYGIENE
from nosyncio.sources import Sources
from nosyncio.store import Store

if TYPE_CHECKING:
    from nosyncio.plan import Plan


class Survey:
    """One look at the files below some targets. All paths are relative to the project's root.

    paths: the files that were looked at. findings: in source order, with fingerprints. failures: what could not be analysed.
    done: the files that are async-only.
    """

    def __init__(
        self,
        located: Located,
        targets: Iterable[Path],
        *,
        store: Store | None = None,
        buffer: bytes | None = None,
        jobs: int = 1,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """store: where it is kept what runs found. buffer: as in `Sources`. `progress` is told how many files of how many are
        read."""
        self._sources = sources = Sources(located, targets, store, buffer)
        self.paths = sources.paths
        found = self._found(jobs, progress)
        self.findings, self.done = found.findings, found.done
        self._unseen = [*sources.unlisted, *found.problems, *found.unreadable]
        self.failures = sources.reported([*sources.unlisted, *found.problems], found.unreadable)

    def _found(self, jobs: int, progress: Callable[[int, int], None]) -> Found:
        """What is found in the files: what an earlier run found, if nothing is another since."""
        sources = self._sources
        memory = sources.memory("run", Found)
        key = None if memory is None else memory.key(sources.targets, sources.paths, sources.project)
        known = None if memory is None or key is None else memory.recall(key)
        if known is None:
            from nosyncio.inspection import look  # most runs find that nothing has changed, and need none of what judges

            known, answers = look(sources, jobs, progress)
            if memory is not None and key is not None and answers is not None:
                memory.keep(key, known, answers, sources.project)
        return known

    def statistics(self) -> Statistics:
        """Of how many call sites it is known what they run."""
        sources = self._sources
        installed = sources.surroundings.installed
        if installed is not None:  # what cannot be followed shows once all is followed, in this process
            deque(sources.engine.check(self.paths, sources.project), maxlen=0)
        counted = sources.engine.statistics(self.paths, sources.project)
        return counted if installed is None else replace(counted, not_followed=installed.not_followed)

    def plan(self) -> Plan:
        """The steps in which to get rid of what is found, the tool's own hygiene aside."""
        from nosyncio.plan import Plan

        findings = [finding for finding in self.findings if not finding.code.startswith(HYGIENE)]
        sources = self._sources
        steps = sources.engine.plan(sources.paths, sources.project, findings, sources.selection.includes)
        return Plan(steps, len(findings), len(self.paths), tuple(self.failures))

    def not_done(self, entries: Entries) -> Entries:
        """The entries of files that are not declared free of sync I/O."""
        done = frozenset(map(as_text, self.done))
        return Counter({entry: count for entry, count in entries.items() if entry.path not in done})

    def covers(self, entry: Identity) -> bool:
        """Whether what a baseline's entry says would have been found if it were there: its code is on, its file is among those
        that were looked at or is gone from below a target, and all that it hangs on could be analysed. What a file that could not
        be analysed hides from others is not known, so that as long as there is one, nothing is."""
        if self.is_blind or not self._sources.selection.includes(entry.code, entry.path):
            return False
        if entry.path in self._blank or entry.leaf_path in self._blank:
            return False
        is_gone = self._is_below_target(entry.path) and not os.path.lexists(self._sources.located.root / entry.path)
        return is_gone or entry.path in self._looked_at

    @cached_property
    def is_blind(self) -> bool:
        """Whether there is a file in the project that could not be analysed, so that anything may be out of sight."""
        return any(map(self._sources.selection.reports, self._unseen))

    @cached_property
    def _blank(self) -> frozenset[str]:
        return frozenset(as_text(failure.path) for failure in self._unseen)

    @cached_property
    def _looked_at(self) -> frozenset[str]:
        return frozenset(map(as_text, self.paths))

    def _is_below_target(self, path: str) -> bool:
        return any(target == "." or path.startswith(f"{target}/") for target in self._sources.targets)

    def exists(self, place: Place) -> bool:
        """Whether a function, or a file, is in the code of the project."""
        return place.path in self._functions and (not place.function or place.function in self._functions[place.path])

    @cached_property
    def _functions(self) -> Mapping[str, frozenset[str]]:
        """The qualified names of the functions of each file."""
        from nosyncio.inspection import functions_in

        return {as_text(path): functions_in(self._sources, path) for path in self._sources.project}
