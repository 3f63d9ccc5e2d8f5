"""What was found in a project, kept from run to run: when nothing is another, nothing is worked out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from nosyncio.analysis.facts import Comment
from nosyncio.asked import Answers
from nosyncio.config import Located
from nosyncio.decoding import decoded
from nosyncio.maker import maker
from nosyncio.model import Finding, NotAnalysed
from nosyncio.store import Store
from nosyncio.tree import Tree, digest_of

_MOST_RUNS = 16

Said = TypeVar("Said")


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


class Told(msgspec.Struct, array_like=True):
    """`Checked`, of which nothing is left to be worked out: `silencing` is what that gives."""

    path: str
    findings: list[Finding]
    comments: list[Comment]
    problem: str | None
    silencing: list[tuple[int, str]]
    is_done: bool


class _Outside(msgspec.Struct, array_like=True):
    """What that hangs on beside the files of the project: what there is, the digests of files that are imported, and what package
    the root is."""

    files: dict[str, bool]
    folders: dict[str, bool]
    versions: dict[str, bytes | None]
    installed: dict[str, bytes | None]
    package: str


class _Run(msgspec.Struct, array_like=True):
    found: msgspec.Raw
    outside: _Outside


_RUN = msgspec.msgpack.Decoder(_Run)


class Memory(Generic[Said]):
    """What runs over one project found, in the store, in one of the forms above."""

    def __init__(self, store: Store, located: Located, tree: Tree, environment: Environment, kind: str, form: type[Said]) -> None:
        """`kind`: the name of the form in the store."""
        self._store = store
        self._kind = kind
        self._form = msgspec.msgpack.Decoder(form)
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

    def recall(self, key: bytes) -> Said | None:
        """What was found, if nothing is another since."""
        data = self._store.get(self._kind, key)
        run = None if data is None else decoded(_RUN, data)
        found = None if run is None else decoded(self._form, run.found)
        if run is None or found is None:
            return None
        answers = Answers(run.outside.files, run.outside.folders, dict(run.outside.versions), package=run.outside.package)
        is_same = not answers.changed(self._tree) and answers.hold(self._tree)
        return found if is_same and self._environment.holds(run.outside.installed) else None

    def keep(self, key: bytes, found: Said, answers: Answers, project: Iterable[str]) -> None:
        """Keep what was found."""
        inside = frozenset(project)
        versions = {path: self._tree.digest(path) for path in answers.versions if path not in inside}
        try:
            said = msgspec.Raw(msgspec.msgpack.encode(found))
            outside = _Outside(answers.files, answers.folders, versions, answers.outside, answers.package)
            data = msgspec.msgpack.encode(_Run(said, outside))
        except UnicodeEncodeError:
            return
        before = self._store.names(self._kind)
        if len(before) >= _MOST_RUNS:
            self._store.drop(self._kind, before)
        self._store.put(self._kind, {key: data})
