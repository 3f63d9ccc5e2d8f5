"""What stands in the files of a project, before a baseline is asked: read, checked, selected, suppressed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from nosyncio import fingerprints
from nosyncio.analysis.facts import ScopeKind
from nosyncio.baseline import Entries, Place
from nosyncio.config import Located
from nosyncio.engine import Engine
from nosyncio.environment import installed_for
from nosyncio.model import Finding, Identity, NotAnalysed, Statistics, as_text
from nosyncio.project import DiskFiles, find_files, project_files, relative_path
from nosyncio.suppress import Selection, apply_comments

_FUNCTIONS = (ScopeKind.FUNCTION, ScopeKind.LAMBDA)


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
        jobs: int = 1,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """`progress` is told how many files of how many are read."""
        targets = list(targets)
        self._root = located.root
        self._targets = [relative_path(target, located.root) for target in targets]
        self._files = DiskFiles(located.root)
        self._selection = Selection(located.config, str(located.file or "command line"))
        self.paths, unreadable = find_files(located.root, targets, located.config)
        self._project = self.paths if targets == [located.root] else sorted({*self.paths, *project_files(located)})
        read(self._files, self._project, jobs, progress)
        self._installed = installed_for(located)
        self._engine = Engine(self._files, located.config, located.library, self._installed)
        found: list[Finding] = []
        failures = list(unreadable)
        self.done: list[str] = []
        for checked in self._engine.check(self.paths, self._project):
            wanted = self._selection.wanted(checked.findings, checked.path)
            is_on = partial(self._selection.includes, path=checked.path)
            found += apply_comments(checked.path, wanted, checked.comments, is_on, checked.silencing)
            if checked.problem is not None:
                failures.append(NotAnalysed(checked.path, None, checked.problem))
            if checked.is_done:
                self.done.append(checked.path)
        self.findings = [*fingerprints.marked(found)]
        self._unseen = [*failures, *self._files.failures.values()]
        failures += [self._files.failures[path] for path in self.paths if path in self._files.failures]
        self.failures = [failure for failure in failures if self._is_reported(failure)]

    def _is_reported(self, failure: NotAnalysed) -> bool:
        return not self._selection.ignores("NSI902", failure.path)

    def statistics(self) -> Statistics:
        """Of how many call sites it is known what they run."""
        counted = self._engine.statistics(self.paths, self._project)
        return counted if self._installed is None else replace(counted, not_followed=self._installed.not_followed)

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
        return {as_text(path): self._functions_in(path) for path in self._project}

    def _functions_in(self, path: str) -> frozenset[str]:
        facts = self._files.facts(path)
        if facts is None:
            return frozenset()
        return frozenset(facts.qualified_name(number) for number, scope in enumerate(facts.scopes) if scope.kind in _FUNCTIONS)


def read(files: DiskFiles, paths: Sequence[str], jobs: int, progress: Callable[[int, int], None]) -> None:
    """Make the facts of `paths`; `progress` is told how many of how many are made."""
    done = 0

    def advance(number: int) -> None:
        nonlocal done
        done += number
        progress(done, len(paths))

    files.read_all(paths, jobs, advance)
