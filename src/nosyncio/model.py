"""The words every other part speaks: kinds, contexts, places, findings.

Nothing here imports anything of ours, and everything here is immutable.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Kind(enum.Enum):
    """What sort of blocking call it is. A closed list; the number is the last two digits of a code. `NESTED_LOOP`, which is
    misuse, has the one code NSI402."""

    SLEEP = ("sleep", 1)
    OPEN = ("open", 2)
    FILE_CONTENT = ("file-content", 3)
    FILE_TREE = ("file-tree", 4)
    FILE_METADATA = ("file-metadata", 5)
    HTTP = ("http", 6)
    SQLITE = ("sqlite", 7)
    DATABASE = ("database", 8)
    SUBPROCESS = ("subprocess", 9)
    SOCKET = ("socket", 10)
    THREAD_WAIT = ("thread-wait", 11)
    CONSOLE = ("console", 12)
    SDK = ("sdk", 13)
    IMPORT_LOAD = ("import-load", 14)
    CPU = ("cpu", 15)
    USER = ("user", 20)
    NESTED_LOOP = ("nested-loop", 2)

    label: str
    number: int

    def __new__(cls, label: str, number: int) -> Kind:
        kind = object.__new__(cls)
        kind._value_ = kind.label = label
        kind.number = number
        return kind

    @classmethod
    def from_label(cls, label: str) -> Kind:
        """The kind called `label` (`"file-content"`). Raises KeyError for any other word."""
        return _KIND_BY_LABEL[label]


_KIND_BY_LABEL = {kind.label: kind for kind in Kind}


class Context(enum.Enum):
    """Why a place counts; the digit is the first of a code's three."""

    ASYNC_BODY = ("async-body", 1)
    ASYNC_ONLY = ("async-only", 2)
    REACHABLE = ("reachable", 3)

    label: str
    digit: int

    def __new__(cls, label: str, digit: int) -> Context:
        context = object.__new__(cls)
        context._value_ = context.label = label
        context.digit = digit
        return context


class Misuse(enum.Enum):
    """Code that looks async and is not, where it is no call that blocks; the number is the last two digits of a code."""

    CALLED_NOT_PASSED = ("called-not-passed", 1)
    OFFLOADED_LAZY = ("offloaded-lazy", 3)
    OFFLOADED_COROUTINE = ("offloaded-coroutine", 4)
    NEVER_AWAITED = ("never-awaited", 5)

    def __init__(self, label: str, number: int) -> None:
        self.label = label
        self.number = number


class AsyncLibrary(enum.Enum):
    """The event loop a module is written for; decides which replacement a message names."""

    ASYNCIO = "asyncio"
    ANYIO = "anyio"
    TRIO = "trio"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of source. Lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """A further call of the operation that a finding reports, such as the `read` inside a reported `open`."""

    line: int
    column: int
    callee: str


@dataclass(frozen=True, slots=True, order=True)
class Hop:
    """A call on the way from loop code to a blocking call: where it stands, and in which function.

    package: the installed package, with its version, that the call stands in; `path` is then relative to the folder of packages.
    None in the code under check.
    """

    path: str
    span: Span
    function: str | None
    package: str | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A blocking call at the end of a chain.

    chain: the shortest way to it, from the call in loop code to itself. called: the function that the call in loop code runs on
    this way. reached: in words, what reaches which call, and where that is. instead: what to use.
    """

    callee: str
    kind: Kind
    chain: tuple[Hop, ...]
    called: str
    reached: str
    instead: str

    @property
    def hop(self) -> Hop:
        """Where it stands."""
        return self.chain[-1]

    @property
    def length(self) -> int:
        """How many calls are on the way, the one in loop code and itself included."""
        return len(self.chain)


class Identity(NamedTuple):
    """What is found, and where, in words that stay when lines move (see `nosyncio.fingerprints`). Names that there are none of
    are empty.

    path, function: the finding's file, and the qualified name of the function that it stands in. callee: what is called there; of
    a chain, what the call runs on the way to this leaf, so that a nearer leaf behind another function changes nothing.
    leaf: for one blocking call of those that a chain ends in, its qualified name; leaf_path, leaf_function: where it stands.
    """

    path: str
    function: str
    code: str
    callee: str
    leaf: str = ""
    leaf_path: str = ""
    leaf_function: str = ""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Short names for a finding and for each of its leaves, which stay the same as long as what they name does (see
    `nosyncio.fingerprints`)."""

    finding: str
    leaves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One report. `path` is relative to the root that the project was opened with, POSIX style.

    chain: for a blocking call that is reached, the shortest way to it: from the call in loop code to the blocking call.
    leaves: all blocking calls of the finding's kind that the call reaches, nearest first.
    fingerprints: given by a run, which sees all findings; empty before.
    """

    code: str
    name: str
    kind: Kind | None
    context: Context | None
    path: str
    span: Span
    function: str | None
    callee: str | None
    message: str
    instead: str | None = None
    related: tuple[Related, ...] = ()
    chain: tuple[Hop, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    fingerprints: Fingerprints = field(default=Fingerprints(""), compare=False)

    @property
    def sort_key(self) -> tuple[str, Span, str, str]:
        """Orders findings by place, then code, so that a report does not depend on the order of work."""
        return (self.path, self.span, self.code, self.callee or "")


@dataclass(frozen=True, slots=True, order=True)
class NotAnalysed:
    """A file that gave no facts, and why. `line` is None where no line is to blame; `fingerprint` is given by a run."""

    path: str
    line: int | None
    reason: str
    fingerprint: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class CallSites:
    """How many calls some functions make, and of how many it is known what they run.

    unresolved: how many are not, by reason, the most frequent first. properties: how many attributes are read beside the calls
    that are properties of the code under check.
    """

    functions: int
    project: int
    library: int
    builtin: int
    unresolved: Mapping[str, int]
    properties: int

    @property
    def total(self) -> int:
        return self.project + self.library + self.builtin + sum(self.unresolved.values())


@dataclass(frozen=True, slots=True)
class Statistics:
    """Call sites in loop code, and in the sync functions of the code under check that loop code reaches.

    not_followed: where calls are followed into installed packages, why one that was asked for, or a module of it, is not read, by
    name; None where none are followed.
    """

    loop_code: CallSites
    reached: CallSites
    not_followed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a run did with a baseline.

    file: the baseline. known: how many of its entries were found, and so not reported. stale: those that the run looked for and
    did not find; their paths are relative to the project's root.
    """

    file: str
    known: int
    stale: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found, in a fixed order. `done`: the files that are async-only. `baseline`: what is there to live with."""

    findings: tuple[Finding, ...]
    not_analysed: tuple[NotAnalysed, ...]
    files: int
    by_code: Mapping[str, int] = field(default_factory=dict)
    statistics: Statistics | None = None
    done: tuple[str, ...] = ()
    baseline: Agreed | None = None


class Top(enum.Enum):
    """What stands at the top of a way to a function."""

    LOOP = "loop"
    THREAD = "thread"
    MODULE = "module"
    MAIN = "main"
    OTHER_CLASS = "other-class"
    NOT_RUN = "not-run"
    PASSED = "passed"
    NOT_CALLED = "not-called"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Trail:
    """A way to a function: the places that lead to it, from the top down, the last one in its caller.

    function: the one that is at the top, where that is another. detail: what else there is to say of the top, in words.
    """

    top: Top
    hops: tuple[Hop, ...]
    function: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BlockingCall:
    """A blocking call that somebody asks about.

    findings: those that report it. hidden: those that would, were they not suppressed or their codes not selected. silenced:
    whether a comment keeps it out of chains. direct: whether it counts only where loop code itself makes it. part_of: the
    blocking call whose operation it goes on with.
    """

    callee: str
    kind: Kind
    span: Span
    findings: tuple[Finding, ...]
    hidden: tuple[Finding, ...] = ()
    silenced: bool = False
    direct: bool = False
    part_of: Related | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """How the loop gets to a place.

    name: the function around the place; None for one outside all functions. hop: where it begins; or else the place itself.
    is_async: whether it is a coroutine function. registered: what makes the loop call it, if it does: places, with the decorator
    or overridden method there in `detail`. trails: the ways that begin in loop code; where there are none, those that begin
    elsewhere.
    """

    name: str | None
    hop: Hop
    is_async: bool
    registered: tuple[Trail, ...]
    trails: tuple[Trail, ...]
    blocking: tuple[BlockingCall, ...]

    @property
    def is_loop_code(self) -> bool:
        return self.is_async or bool(self.registered)

    @property
    def is_reached(self) -> bool:
        return self.is_loop_code or any(trail.top is Top.LOOP for trail in self.trails)


def as_text(text: str) -> str:
    """A name as a document can say it: bytes of a file name that are no text are written as escapes."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()
