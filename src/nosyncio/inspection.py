"""Reading and judging the files of a project: all that a run does when something has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import msgspec

from nosyncio import fingerprints, saved
from nosyncio.analysis.facts import ScopeKind
from nosyncio.asked import Answers
from nosyncio.incremental import Incremental
from nosyncio.known import Known
from nosyncio.maker import maker
from nosyncio.model import Finding, NotAnalysed
from nosyncio.remembered import Found
from nosyncio.sources import Sources
from nosyncio.suppress import apply_comments
from nosyncio.tree import digest_of

_KIND = "state"
_FUNCTIONS = (ScopeKind.FUNCTION, ScopeKind.LAMBDA)


def look(sources: Sources, jobs: int, progress: Callable[[int, int], None]) -> tuple[Found, Answers | None]:
    """What is found in the files, and what that hangs on beside those of the project. With `jobs` processes where that pays;
    `progress` is told how many files of how many are read."""
    sources.read(jobs, progress)
    selection = sources.selection
    located, installed = sources.located, sources.surroundings.installed
    incremental = Incremental(located.config, located.library, sources.files.stub, _recalled(sources), installed)
    if sources.store is None:
        looked_at = sources.engine.check(sources.paths, sources.project, jobs=jobs)
    else:
        looked_at = incremental.check(sources.files, sources.paths, sources.project, jobs=jobs)
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
    known = incremental.known()
    for path, version in () if known is None else known.answers.versions.items():
        if version is not None:
            sources.files.has_facts(path)  # one that has none is a failure, whoever has read it
    _keep(sources, known)
    unreadable = [*sources.files.failures.values()]
    return Found([*fingerprints.marked(found)], problems, unreadable, done), None if known is None else known.answers


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
    """Keep what is known for the next run."""
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
