"""Reading and judging the files of a project: all that a run does when something has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from nosyncio import fingerprints
from nosyncio.analysis.facts import ScopeKind
from nosyncio.asked import Answers
from nosyncio.config import Located
from nosyncio.engine import Engine
from nosyncio.incremental import Incremental
from nosyncio.model import Finding, NotAnalysed, Statistics
from nosyncio.project import DiskFiles
from nosyncio.remembered import Found
from nosyncio.store import Store
from nosyncio.suppress import Selection, apply_comments
from nosyncio.tree import Tree

_FUNCTIONS = (ScopeKind.FUNCTION, ScopeKind.LAMBDA)


class Inspection:
    """Looks into the files of one project."""

    def __init__(self, located: Located, store: Store | None, tree: Tree) -> None:
        self._located = located
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
        read(self._files, project, jobs, progress)
        incremental = Incremental(self._located.config, self._located.library, self._files.stub)
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
        self._files.store_all(project)
        known = incremental.known()
        answers = None if known is None else known.answers
        return Found([*fingerprints.marked(found)], problems, [*self._files.failures.values()], done), answers

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
