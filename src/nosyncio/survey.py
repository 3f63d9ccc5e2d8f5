"""What stands in the files of a project, before a baseline is asked: read, checked, selected, suppressed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nosyncio.analysis.facts import ScopeKind
from nosyncio.baseline import Entries, Place
from nosyncio.config import Located
from nosyncio.discovery import find_files, project_files, relative_path
from nosyncio.model import Identity, NotAnalysed, Statistics, as_text
from nosyncio.remembered import Found, Memory
from nosyncio.store import Store
from nosyncio.suppress import Selection
from nosyncio.tree import Tree

_FUNCTIONS = (ScopeKind.FUNCTION, ScopeKind.LAMBDA)

if TYPE_CHECKING:
    from nosyncio.inspection import Inspection


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
        jobs: int = 1,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """store: where it is kept what runs found. `progress` is told how many files of how many are read."""
        targets = list(targets)
        self._located = located
        self._root = located.root
        self._targets = [relative_path(target, located.root) for target in targets]
        self._store = store
        self._tree = Tree(located.root, store)
        self._selection = Selection(located.config, str(located.file or "command line"))
        self.paths, unlisted = find_files(located.root, targets, located.config)
        self._project = self.paths if targets == [located.root] else sorted({*self.paths, *project_files(located)})
        found = self._found(jobs, progress)
        self.findings, self.done = found.findings, found.done
        self._unseen = [*unlisted, *found.problems, *found.unreadable]
        looked_at = frozenset(self.paths)
        failures = [*unlisted, *found.problems, *(failure for failure in found.unreadable if failure.path in looked_at)]
        self.failures = [failure for failure in failures if self._is_reported(failure)]

    def _found(self, jobs: int, progress: Callable[[int, int], None]) -> Found:
        """What is found in the files: what an earlier run found, if nothing is another since."""
        memory = None if self._store is None else Memory(self._store, self._located, self._tree)
        key = None if memory is None else memory.key(self._targets, self.paths, self._project)
        known = None if memory is None or key is None else memory.recall(key)
        if known is None:
            known, answers = self._inspection.look(self.paths, self._project, self._selection, jobs, progress)
            if memory is not None and key is not None and answers is not None:
                memory.keep(key, known, answers, self._project)
        return known

    @cached_property
    def _inspection(self) -> Inspection:
        from nosyncio.inspection import Inspection

        return Inspection(self._located, self._store, self._tree)

    def _is_reported(self, failure: NotAnalysed) -> bool:
        return not self._selection.ignores("NSI902", failure.path)

    def statistics(self) -> Statistics:
        """Of how many call sites it is known what they run."""
        return self._inspection.statistics(self.paths, self._project)

    def not_done(self, entries: Entries) -> Entries:
        """The entries of files that are not declared free of sync I/O."""
        done = frozenset(map(as_text, self.done))
        return Counter({entry: count for entry, count in entries.items() if entry.path not in done})

    def covers(self, entry: Identity) -> bool:
        """Whether what a baseline's entry says would have been found if it were there: its code is on, its file is among those
        that were looked at or is gone from below a target, and all that it hangs on could be analysed. What a file that could not
        be analysed hides from others is not known, so that as long as there is one, nothing is."""
        if self.is_blind or not self._selection.includes(entry.code, entry.path):
            return False
        if entry.path in self._blank or entry.leaf_path in self._blank:
            return False
        is_gone = self._is_below_target(entry.path) and not os.path.lexists(self._root / entry.path)
        return is_gone or entry.path in self._looked_at

    @cached_property
    def is_blind(self) -> bool:
        """Whether there is a file in the project that could not be analysed, so that anything may be out of sight."""
        return any(map(self._is_reported, self._unseen))

    @cached_property
    def _blank(self) -> frozenset[str]:
        return frozenset(as_text(failure.path) for failure in self._unseen)

    @cached_property
    def _looked_at(self) -> frozenset[str]:
        return frozenset(map(as_text, self.paths))

    def _is_below_target(self, path: str) -> bool:
        return any(target == "." or path.startswith(f"{target}/") for target in self._targets)

    def exists(self, place: Place) -> bool:
        """Whether a function, or a file, is in the code of the project."""
        return place.path in self._functions and (not place.function or place.function in self._functions[place.path])

    @cached_property
    def _functions(self) -> Mapping[str, frozenset[str]]:
        """The qualified names of the functions of each file."""
        return {as_text(path): self._inspection.functions_in(path) for path in self._project}
