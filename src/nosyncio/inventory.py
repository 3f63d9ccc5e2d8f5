"""The words of the inventory: which I/O a project does, sync and async, and how far the loop is from it.

Nothing here looks at code: `nosyncio.engine` fills it in.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from nosyncio.model import Hop, Kind, NotAnalysed, Span


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
    the functions that call the one it stands in, sorted. instead: what to use, in the project's async library.
    is_allowed: it is there to stay, by a comment or by configuration.
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
class Inventory:
    """All I/O operations of some files, in source order, and what could not be looked at."""

    operations: tuple[IoOperation, ...]
    not_analysed: tuple[NotAnalysed, ...]
    files: int

    @property
    def coverage(self) -> Coverage:
        return covered(self.operations)


def covered(operations: tuple[IoOperation, ...]) -> Coverage:
    return Coverage(sum(operation.standing.is_done for operation in operations), len(operations))
