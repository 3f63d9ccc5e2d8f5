"""Reading and judging the files of a project: all that a run does when something has changed."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from nosyncio import fingerprints, saved
from nosyncio.analysis.facts import ModuleFacts, ScopeKind
from nosyncio.analysis.inferred import Infer
from nosyncio.asked import Answers
from nosyncio.checked import Checked
from nosyncio.incremental import Incremental
from nosyncio.known import Known
from nosyncio.maker import maker
from nosyncio.model import Finding, NotAnalysed
from nosyncio.remembered import Found
from nosyncio.sources import Sources, read
from nosyncio.suppress import apply_comments
from nosyncio.tree import digest_of

_KIND = "state"
_FUNCTIONS = (ScopeKind.FUNCTION, ScopeKind.LAMBDA)


class Inspection:
    """Judges the files of a project, beginning with what earlier runs knew."""

    def __init__(self, sources: Sources) -> None:
        located = sources.located
        self._sources = sources
        self._edited: set[str] | None = None
        """The files that stand for others than those on disk, once these were looked at."""
        installed = sources.surroundings.installed
        self._incremental = Incremental(located.config, located.library, sources.files.stub, _recalled(sources), installed)

    def look(self, jobs: int, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Checked]:
        """What is found in the files that are to be looked at. With `jobs` processes where that pays; `progress` is told how many
        files of how many are read."""
        sources = self._sources
        if self._edited is None:
            sources.read(jobs, progress)
        return self._incremental.check(sources.files, sources.paths, sources.project, jobs=jobs, edited=self._edited)

    def catch_up(self, jobs: int, progress: Callable[[int, int], None]) -> None:
        """Take in what became of the files on disk since the last run, and keep that."""
        sources = self._sources
        on_disk = [path for path in sources.project if path not in sources.paths or sources.tree.exists(path)]
        read(sources.files, on_disk, jobs, progress)
        deque(self._incremental.check(sources.files, (), on_disk, jobs=jobs), maxlen=0)
        self._edited = set()
        self.keep()

    def put(self, path: str, content: ModuleFacts | bytes) -> None:
        """Take facts for the file `path`, or what it holds, whatever is on disk."""
        if self._edited is not None:
            self._edited.add(path)
        if isinstance(content, bytes):
            self._sources.files.put_content(path, content)
        else:
            self._sources.files.put(path, content)

    def check(self, path: str) -> Checked | None:
        """What is found in any file, as files are now; None if that one has no facts."""
        sources = self._sources
        found = next(self._incremental.check(sources.files, [path], sources.project, edited=self._edited), None)
        self._edited = self._edited or set()
        return found

    def again(self, path: str) -> Checked | None:
        """What is found in a file of the project, if no file is another since the last look; None if it has no facts."""
        return self._incremental.again(path)

    def inferred(self, path: str, infer: Infer) -> list[Finding]:
        """What else is found in a file that was checked last, with somebody else's inference."""
        return self._incremental.inferred(path, infer)

    def keep(self) -> Answers | None:
        """Keep what is known for the next run, if all files are as they are on disk. What all results hang on; None if that
        cannot be told."""
        known = self._incremental.known()
        if known is not None:
            for path, version in known.answers.versions.items():
                if version is not None:
                    self._sources.files.has_facts(path)  # one that has none is a failure, whoever has read it
        _keep(self._sources, known if self._incremental.has_news else None)
        return None if known is None else known.answers


def look(sources: Sources, jobs: int, progress: Callable[[int, int], None]) -> tuple[Found, Answers | None]:
    """What is found in the files, and what that hangs on beside those of the project. With `jobs` processes where that pays;
    `progress` is told how many files of how many are read."""
    inspection = None if sources.store is None else Inspection(sources)
    if sources.buffer is not None:
        for path in sources.paths:
            if inspection is None:
                sources.files.put_content(path, sources.buffer)
            else:
                inspection.catch_up(jobs, progress)
                inspection.put(path, sources.buffer)
    if inspection is None:
        sources.read(jobs, progress)
        looked_at = sources.engine.check(sources.paths, sources.project, jobs=jobs)
    else:
        looked_at = inspection.look(jobs, progress)
    selection = sources.selection
    found: list[Finding] = []
    problems: list[NotAnalysed] = []
    done: list[str] = []
    for checked in looked_at:
        wanted = selection.wanted(checked.findings, checked.path)
        is_on = partial(selection.includes, path=checked.path)
        found += apply_comments(checked.path, wanted, checked.comments, is_on, checked.silencing)
        if checked.problem is not None:
            problems.append(NotAnalysed(checked.path, None, checked.problem))
        if checked.is_done:
            done.append(checked.path)
    answers = None if inspection is None or sources.buffer is not None else inspection.keep()
    return Found([*fingerprints.marked(found)], problems, [*sources.files.failures.values()], done), answers


def functions_in(sources: Sources, path: str) -> frozenset[str]:
    """The qualified names of the functions of a file."""
    facts = sources.files.facts(path)
    if facts is None:
        return frozenset()
    return frozenset(facts.qualified_name(number) for number, scope in enumerate(facts.scopes) if scope.kind in _FUNCTIONS)


def _recalled(sources: Sources) -> Known | None:
    """What the last run knew; None where what it saw of installed packages is another now: everything may hang on these."""
    data = None if sources.store is None else sources.store.get(_KIND, _name(sources))
    known = None if data is None else saved.decoded(data)
    return known if known is not None and sources.surroundings.holds(known.answers.outside) else None


def _keep(sources: Sources, known: Known | None) -> None:
    """Keep facts for the next run, and what is known if that is new."""
    sources.files.store_all(sources.project)
    sources.surroundings.keep()
    data = None if known is None or sources.store is None else saved.encoded(known)
    if data is not None and sources.store is not None:
        sources.store.put(_KIND, {_name(sources): data})


def _name(sources: Sources) -> bytes:
    """Which project this is, and who looks at it."""
    located = sources.located
    identity = sources.surroundings.identity
    about = [os.fsencode(os.path.abspath(located.root)), maker(), located.config, located.library, identity]
    return digest_of(msgspec.msgpack.encode(about))
