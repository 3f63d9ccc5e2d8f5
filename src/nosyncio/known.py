"""What is known of a project in some state, each piece with what it hangs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from nosyncio.analysis.contexts import Registered
from nosyncio.analysis.facts import Comment
from nosyncio.analysis.families import Families
from nosyncio.analysis.graph import Graph
from nosyncio.analysis.index import Entries
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.references import Function, Hands
from nosyncio.analysis.sets import Numbers
from nosyncio.asked import Answers
from nosyncio.model import Finding

_Item = TypeVar("_Item")


class Collected(NamedTuple):
    """What `Judging.collect` gave for a file, and what that hangs on."""

    registered: list[Registered]
    numbers: Numbers | bytes


class Offloading(NamedTuple):
    """The functions that a file hands to threads, and what that hangs on."""

    functions: list[Function]
    numbers: Numbers | bytes


class Result(NamedTuple):
    """What is found in a file, with its comments, and what that hangs on."""

    findings: list[Finding]
    comments: Sequence[Comment]
    is_done: bool
    numbers: Numbers | bytes


class Known:
    """What is known of a project in some state, and outlives the facts.

    present: the files that have facts. settled: as in `Modules`. entries: the indexes. libraries: those that the catalogue speaks
    of. handing, registering: the words of `References`. offloading: of all files, once somebody has asked. judged: results, by
    path. followed: what the chains of other files hang on. graph: which functions block. families: which classes derive from
    which.
    """

    def __init__(self, reads: Reads, project: tuple[str, ...], answers: Answers, entries: Entries, hands: Hands) -> None:
        self.reads = reads
        self.project = project
        self.answers = answers
        self.entries = entries
        self.hands = hands
        self.present: set[str] = set()
        self.settled: set[str] = set()
        self.libraries: frozenset[str] = frozenset()
        self.handing: frozenset[str] = frozenset()
        self.registering: frozenset[str] = frozenset()
        self.collected: dict[str, Collected] = {}
        self.offloading: dict[str, Offloading] = {}
        self.judged: dict[str, Result] = {}
        self.followed: dict[str, Numbers | bytes] = {}
        self.graph = Graph()
        self.families = Families()

    def loop_called(self) -> set[Function]:
        """The functions that the loop calls."""
        return {item.function for path in self.present for item in self.collected[path].registered}

    def offloaded(self) -> set[Function]:
        """The functions that are handed to threads, as far as somebody has asked."""
        return {function for item in self.offloading.values() for function in item.functions}

    def words(self) -> Words:
        """The words that mean something by what all files say together."""
        accessors, coroutines = (frozenset(self.entries.names(kind)) for kind in ("accessors", "coroutines"))
        return Words(accessors, coroutines, self.handing, self.registering, self.entries.dynamic_bases())


class Words(NamedTuple):
    """As in `Extract`, of all files, and the words of `References`; `dynamic_bases`: as in `Entries`."""

    accessors: frozenset[str]
    coroutines: frozenset[str]
    handing: frozenset[str]
    registering: frozenset[str]
    dynamic_bases: frozenset[str]


def without(kept: dict[str, _Item], is_stale: Callable[[str, _Item], bool]) -> dict[str, _Item]:
    """What is kept, but for what is stale; by path."""
    return {path: item for path, item in kept.items() if not is_stale(path, item)}
