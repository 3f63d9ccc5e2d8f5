"""The words of the inventory: which I/O a project does, sync and async, and how far the loop is from it.

Nothing here looks at code: `nosyncio.engine` fills it in.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from nosyncio.model import Hop, Kind, NotAnalysed, Related, Span

_Key = TypeVar("_Key")


class Standing(enum.Enum):
    """How an I/O operation stands to the event loop. The first two do not block it: they are what coverage counts as done."""

    ASYNC = "async"
    OFFLOADED = "offloaded"
    ON_LOOP = "on-loop"
    REACHED = "reached"
    UNREACHED = "unreached"

    @property
    def is_done(self) -> bool:
        return self in (Standing.ASYNC, Standing.OFFLOADED)


@dataclass(frozen=True, slots=True)
class IoOperation:
    """One I/O operation, wherever in a project it stands: a blocking call with what goes on with it, or an awaited async twin.

    pattern: the name of what is done there as a whole (`json-load`, `retry-sleep`); None if it follows none that is known.
    chain: the shortest way from loop code to it, its own place last; empty where there is none. callers: the qualified names of
    the functions that call the one it stands in, sorted. instead: what to use, in the project's async library. rewrite: how
    code of this pattern looks there. related: the calls that go on with it, such as the `json.load` of what was opened.
    is_allowed: it is there to stay, by a comment or by configuration, and counts neither as done nor as left to do.
    """

    path: str
    span: Span
    function: str | None
    kind: Kind
    callee: str
    standing: Standing
    pattern: str | None = None
    chain: tuple[Hop, ...] = ()
    callers: tuple[str, ...] = ()
    instead: str | None = None
    is_allowed: bool = False
    rewrite: str | None = None
    related: tuple[Related, ...] = ()

    @property
    def package(self) -> str:
        """The folder that its file is in; `.` for the one that paths are relative to."""
        return self.path.rpartition("/")[0] or "."

    @property
    def is_left(self) -> bool:
        """Whether it is left to do: sync, and not there to stay."""
        return not self.standing.is_done and not self.is_allowed

    @property
    def hops(self) -> int | None:
        """How many calls lead from loop code to it: 0 for one that stands there, None where none do."""
        if self.standing is Standing.ON_LOOP:
            return 0
        return len(self.chain) - 1 if self.chain else None

    @property
    def sort_key(self) -> tuple[str, Span, str]:
        return (self.path, self.span, self.callee)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of how many I/O operations how many do not block the loop."""

    done: int
    total: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where there is no I/O at all."""
        return self.done / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Group:
    """Some operations that are looked at together: those of one kind, package, module or pattern."""

    name: str
    operations: tuple[IoOperation, ...]

    @property
    def coverage(self) -> Coverage:
        return covered(self.operations)

    @property
    def left(self) -> int:
        """How many are left to do."""
        return sum(operation.is_left for operation in self.operations)

    @property
    def allowed(self) -> int:
        """How many sync ones are there to stay."""
        return sum(operation.is_allowed for operation in self.operations)

    def standing(self, standing: Standing) -> int:
        """How many of those that count stand so."""
        return sum(operation.standing is standing and not operation.is_allowed for operation in self.operations)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that they stand in."""
        return tuple(dict.fromkeys(operation.path for operation in self.operations))

    @property
    def rewrites(self) -> tuple[str, ...]:
        """What they are rewritten to, in alphabetical order."""
        return tuple(sorted({operation.rewrite for operation in self.operations if operation.rewrite is not None}))


@dataclass(frozen=True, slots=True)
class Inventory:
    """All I/O operations of some files, in source order, and what could not be looked at."""

    operations: tuple[IoOperation, ...]
    not_analysed: tuple[NotAnalysed, ...]
    files: int

    @property
    def whole(self) -> Group:
        """All operations."""
        return Group("all", self.operations)

    @property
    def coverage(self) -> Coverage:
        return covered(self.operations)

    @property
    def by_kind(self) -> tuple[Group, ...]:
        """By kind, in the order of the codes."""
        by_kind = _grouped(self.operations, lambda operation: operation.kind)
        return tuple(Group(kind.label, by_kind[kind]) for kind in Kind if kind in by_kind)

    @property
    def by_package(self) -> tuple[Group, ...]:
        """By the folder of the file, in alphabetical order."""
        return _named(self.operations, lambda operation: operation.package)

    @property
    def by_module(self) -> tuple[Group, ...]:
        """By file, in alphabetical order."""
        return _named(self.operations, lambda operation: operation.path)

    @property
    def by_pattern(self) -> tuple[Group, ...]:
        """What is left to do by pattern, the most frequent first; what follows none is left out."""
        left = (operation for operation in self.operations if operation.is_left and operation.pattern is not None)
        return tuple(sorted(_named(left, lambda operation: operation.pattern or ""), key=lambda group: -len(group.operations)))


def covered(operations: Iterable[IoOperation]) -> Coverage:
    """The coverage of some operations. Those that are there to stay do not count."""
    counted = [operation for operation in operations if operation.standing.is_done or operation.is_left]
    return Coverage(sum(operation.standing.is_done for operation in counted), len(counted))


def _named(operations: Iterable[IoOperation], name: Callable[[IoOperation], str]) -> tuple[Group, ...]:
    return tuple(Group(key, found) for key, found in sorted(_grouped(operations, name).items()))


def _grouped(operations: Iterable[IoOperation], key: Callable[[IoOperation], _Key]) -> dict[_Key, tuple[IoOperation, ...]]:
    groups: dict[_Key, list[IoOperation]] = {}
    for operation in operations:
        groups.setdefault(key(operation), []).append(operation)
    return {name: tuple(group) for name, group in groups.items()}
