"""What was found in a project, kept from run to run: when nothing is another, nothing is worked out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from nosyncio.asked import Answers
from nosyncio.config import Located
from nosyncio.maker import maker
from nosyncio.model import Finding, NotAnalysed
from nosyncio.store import Store
from nosyncio.tree import Tree, digest_of

_KIND = "run"
_MOST_RUNS = 16


class Environment(Protocol):
    """What is installed beside a project, as far as its findings hang on that."""

    @property
    def identity(self) -> object:
        """Where packages are looked for, as plain data."""

    def holds(self, seen: Mapping[str, bytes | None]) -> bool:
        """Whether all that an earlier run saw of them is as it was."""


class Found(msgspec.Struct, array_like=True):
    """What was found in some files, in source order, with fingerprints; those of them that nest too deeply, the files of the
    whole project that gave no facts, and the async-only ones."""

    findings: list[Finding]
    problems: list[NotAnalysed]
    unreadable: list[NotAnalysed]
    done: list[str]


class _Outside(msgspec.Struct, array_like=True):
    """What `Found` hangs on beside the files of the project: what there is, and the digests of files that are imported."""

    files: dict[str, bool]
    folders: dict[str, bool]
    versions: dict[str, bytes | None]
    installed: dict[str, bytes | None]


class _Run(msgspec.Struct, array_like=True):
    found: Found
    outside: _Outside


_RUN = msgspec.msgpack.Decoder(_Run)


class Memory:
    """What runs over one project found, in the store."""

    def __init__(self, store: Store, located: Located, tree: Tree, environment: Environment) -> None:
        self._store = store
        self._located = located
        self._tree = tree
        self._environment = environment

    def key(self, targets: Sequence[str], paths: Iterable[str], project: Iterable[str]) -> bytes | None:
        """What the findings hang on first: who looks, for what, in which files. None where that cannot be said."""
        located = self._located
        digests = [(path, self._tree.digest(path)) for path in project]
        if any(digest is None for _, digest in digests):
            return None  # why a file cannot be read hangs on more than the file
        try:
            identity = self._environment.identity
            about = msgspec.msgpack.encode([maker(), located.config, located.library, identity, targets, [*paths]])
            return digest_of(about + msgspec.msgpack.encode(digests))
        except (UnicodeEncodeError, TypeError):  # paths that are no text
            return None

    def recall(self, key: bytes) -> Found | None:
        """What was found, if nothing is another since."""
        data = self._store.get(_KIND, key)
        try:
            run = None if data is None else _RUN.decode(data)
        except (msgspec.DecodeError, RecursionError):
            return None
        if run is None:
            return None
        answers = Answers(run.outside.files, run.outside.folders, dict(run.outside.versions))
        is_same = not answers.changed(self._tree) and answers.hold(self._tree)
        return run.found if is_same and self._environment.holds(run.outside.installed) else None

    def keep(self, key: bytes, found: Found, answers: Answers, project: Iterable[str]) -> None:
        """Keep what was found."""
        inside = frozenset(project)
        versions = {path: self._tree.digest(path) for path in answers.versions if path not in inside}
        try:
            outside = _Outside(answers.files, answers.folders, versions, answers.outside)
            data = msgspec.msgpack.encode(_Run(found, outside))
        except UnicodeEncodeError:
            return
        before = self._store.names(_KIND)
        if len(before) >= _MOST_RUNS:
            self._store.drop(_KIND, before)
        self._store.put(_KIND, {key: data})
