"""Reading and judging the files of a project: all that a run does when something has changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property, partial

import msgspec

from nosyncio import fingerprints, saved
from nosyncio.analysis.facts import ScopeKind
from nosyncio.asked import Answers
from nosyncio.config import Located
from nosyncio.engine import Engine
from nosyncio.incremental import Incremental
from nosyncio.maker import maker
from nosyncio.model import Finding, NotAnalysed, Statistics
from nosyncio.project import DiskFiles
from nosyncio.remembered import Found
from nosyncio.state import Before
from nosyncio.store import Store
from nosyncio.suppress import Selection, apply_comments
from nosyncio.tree import Tree, digest_of

_KIND = "state"
_FUNCTIONS = (ScopeKind.FUNCTION, ScopeKind.LAMBDA)


class Inspection:
    """Looks into the files of one project."""

    def __init__(self, located: Located, store: Store | None, tree: Tree) -> None:
        self._located = located
        self._store = store
        self._files = DiskFiles(located.root, store, tree)

    def look(
        self,
        paths: Sequence[str],
        project: Sequence[str],
        selection: Selection,
        jobs: int,
        progress: Callable[[int, int], None],
    ) -> tuple[Found, Answers | None]:
        """What is found in `paths`, and what that hangs on beside the files of the project."""
        project = sorted({*paths, *project})
        read(self._files, project, jobs, progress)
        incremental = self._incremental()
        found: list[Finding] = []
        problems: list[NotAnalysed] = []
        done: list[str] = []
        for checked in incremental.check(self._files, paths, project):
            wanted = selection.wanted(checked.findings, checked.path)
            is_on = partial(selection.includes, path=checked.path)
            found += apply_comments(checked.path, wanted, checked.comments, is_on, checked.silencing)
            if checked.problem is not None:
                problems.append(NotAnalysed(checked.path, None, checked.problem))
            if checked.is_done:
                done.append(checked.path)
        known = incremental.known()
        answers = None if known is None else known.answers
        self._keep(known, project)
        return Found([*fingerprints.marked(found)], problems, [*self._files.failures.values()], done), answers

    def _incremental(self) -> Incremental:
        """What knows what the last run knew."""
        data = None if self._store is None else self._store.get(_KIND, self._name)
        past = None if data is None else saved.decoded(data)
        return Incremental(self._located.config, self._located.library, self._files.stub, past)

    def _keep(self, known: Before | None, project: Sequence[str]) -> None:
        """Keep what is known for the next run."""
        self._files.store_all(project)
        data = None if known is None or self._store is None else saved.encoded(known)
        if data is not None and self._store is not None:
            self._store.put(_KIND, {self._name: data})

    @cached_property
    def _name(self) -> bytes:
        """Which project this is, and who looks at it."""
        about = [os.fsencode(os.path.abspath(self._located.root)), maker(), self._located.config, self._located.library]
        return digest_of(msgspec.msgpack.encode(about))

    def statistics(self, paths: Sequence[str], project: Sequence[str]) -> Statistics:
        """Of how many call sites in `paths` it is known what they run."""
        return Engine(self._files, self._located.config, self._located.library).statistics(paths, project)

    def functions_in(self, path: str) -> frozenset[str]:
        """The qualified names of the functions of a file."""
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
