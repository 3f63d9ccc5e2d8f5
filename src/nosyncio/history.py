"""The words of a history: what stood in a project's files, commit by commit.

Nothing here reads a repository: `nosyncio.timeline` fills it in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from nosyncio.inventory import Coverage, Inventory, Standing
from nosyncio.model import Kind, NotAnalysed


@dataclass(frozen=True, slots=True)
class Tally:
    """How many I/O operations of one kind stand in one way to the loop, and how many of them are allowed to stay."""

    kind: Kind
    standing: Standing
    count: int
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What the files of one commit come to.

    operations: in the order of kinds, then of standings; none that count nothing. coverage: as the inventory has it. files: how
    many Python files there are. not_analysed: those of them that gave no facts, so that all counts are of the rest: they may be
    too low.
    """

    operations: tuple[Tally, ...]
    coverage: Coverage
    files: int
    not_analysed: tuple[NotAnalysed, ...] = ()

    @property
    def left(self) -> int:
        """How many blocking operations there are that are not allowed to stay."""
        return sum(self.left_by_kind.values())

    @property
    def left_by_kind(self) -> Mapping[Kind, int]:
        """Of each kind that is left, how many: the most frequent first."""
        found: Counter[Kind] = Counter()
        for tally in self.operations:
            if not tally.standing.is_done and tally.count > tally.allowed:
                found[tally.kind] += tally.count - tally.allowed
        return dict(found.most_common())

    @property
    def by_standing(self) -> Mapping[Standing, int]:
        """How many operations stand in which way to the loop: all of these, in their order."""
        found = Counter[Standing]()
        for tally in self.operations:
            found[tally.standing] += tally.count
        return {standing: found[standing] for standing in Standing}

    def is_comparable(self, other: Counts) -> bool:
        """Whether a difference between the two is one of the code: both are blind to the same files."""
        return {item.path for item in self.not_analysed} == {item.path for item in other.not_analysed}


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. date: when it was committed, in UTC, as ISO 8601 has it (`2001-02-03T04:05:06Z`); empty where it does not say.
    subject: the first line of its message."""

    revision: str
    date: str
    subject: str

    @property
    def short(self) -> str:
        """As much of its name as tells it apart in all but the largest repositories, and is the same in every clone."""
        return self.revision[:10]


@dataclass(frozen=True, slots=True)
class Point:
    """A commit, with what its files come to; or a gap: why that is not known. One of the two is there."""

    commit: Commit
    counts: Counts | None = None
    gap: str | None = None

    @property
    def left(self) -> int | None:
        """How many blocking operations are left; None for a gap."""
        return None if self.counts is None else self.counts.left

    @property
    def coverage(self) -> Coverage | None:
        return None if self.counts is None else self.counts.coverage


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a line of history, the oldest first, whatever their dates say.

    folder: the project's root within the repository; empty where that is the repository's own. notes: what has to be said of the
    whole, a sentence each.
    """

    points: tuple[Point, ...]
    folder: str = ""
    notes: tuple[str, ...] = ()

    @property
    def stretches(self) -> tuple[tuple[Point, ...], ...]:
        """The points that have counts, cut where these cannot be compared: at gaps, and where files come or go that could not be
        analysed. A line of a picture goes through the points of one stretch."""
        found: list[list[Point]] = []
        for point, change in zip(self.points, self.changes):
            if point.counts is None:
                continue
            if change is None:
                found.append([])
            found[-1].append(point)
        return tuple(map(tuple, found))

    @property
    def changes(self) -> tuple[int | None, ...]:
        """For each point, how many more blocking operations are left than at the one before; None where that cannot be said."""
        return tuple(_change(before, after) for before, after in zip((None, *self.points), self.points))


def _change(before: Point | None, after: Point) -> int | None:
    if before is None or before.counts is None or after.counts is None or not before.counts.is_comparable(after.counts):
        return None
    return after.counts.left - before.counts.left


def counted(inventory: Inventory) -> Counts:
    """An inventory in numbers."""
    found = Counter((item.kind, item.standing) for item in inventory.operations)
    allowed = Counter((item.kind, item.standing) for item in inventory.operations if item.is_allowed)
    tallies = (
        Tally(kind, standing, found[kind, standing], allowed[kind, standing])
        for kind in Kind
        for standing in Standing
        if found[kind, standing]
    )
    return Counts(tuple(tallies), inventory.coverage, inventory.files, inventory.not_analysed)
