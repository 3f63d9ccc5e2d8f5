"""Inventories and histories to show, made by hand: one operation of each standing, and whatever a test adds."""

from __future__ import annotations

from dataclasses import replace

from nosyncio.history import Commit, Counts, History, Point, Tally
from nosyncio.inventory import Coverage, Inventory, IoOperation, Standing
from nosyncio.model import Hop, Kind, NotAnalysed, Span

SOURCE = {"app/main.py": "async def handle():\n    cache.get()\n", "app/cache.py": "\n\n\n\n        open(path)\n"}


def span(line: int, column: int = 5, length: int = 11) -> Span:
    return Span(line, column, line, column + length)


def source_line(path: str, line: int) -> str:
    lines = SOURCE.get(path, "").splitlines()
    return lines[line - 1] if line <= len(lines) else ""


ON_LOOP = IoOperation("app/main.py", span(7), "handle", Kind.SLEEP, "time.sleep", Standing.ON_LOOP, instead="asyncio.sleep")
CHAIN = (
    Hop("app/main.py", span(2), "handle"),
    Hop("app/cache.py", span(3), "Cache.get"),
    Hop("app/cache.py", span(5, 9, 10), "Cache._load"),
)
REACHED = IoOperation(
    "app/cache.py",
    span(5, 9, 10),
    "Cache._load",
    Kind.OPEN,
    "builtins.open",
    Standing.REACHED,
    "json-load",
    CHAIN,
    ("app.cache.Cache.get", "app.cli.show"),
    "aiofiles.open or asyncio.to_thread",
)
UNREACHED = replace(REACHED, path="lib/tool.py", function=None, standing=Standing.UNREACHED, chain=(), callers=())
ALLOWED = replace(UNREACHED, span=span(9), function="Tool.__init__", is_allowed=True)
OFFLOADED = replace(UNREACHED, span=span(12), function="Tool.run", standing=Standing.OFFLOADED)
ASYNC = IoOperation("app/main.py", span(9), "handle", Kind.SLEEP, "asyncio.sleep", Standing.ASYNC)


def inventory(*operations: IoOperation, not_analysed: tuple[NotAnalysed, ...] = ()) -> Inventory:
    return Inventory(tuple(sorted(operations, key=lambda item: item.sort_key)), not_analysed, len({o.path for o in operations}))


ONE_OF_EACH = inventory(ON_LOOP, REACHED, UNREACHED, ALLOWED, OFFLOADED, ASYNC)


def point(number: int, left: int, done: int, *, subject: str = "a change", blind: tuple[NotAnalysed, ...] = ()) -> Point:
    tallies = (Tally(Kind.OPEN, Standing.ON_LOOP, left), Tally(Kind.OPEN, Standing.ASYNC, done))
    return Point(commit(number, subject), Counts(tallies, Coverage(done, left + done), 3, blind))


def gap(number: int, reason: str) -> Point:
    return Point(commit(number), gap=reason)


def commit(number: int, subject: str = "a change") -> Commit:
    return Commit(f"{number:x}".ljust(40, "0"), f"2024-01-{number:02d}T10:00:00Z", subject)


def history(*points: Point) -> History:
    return History(points)


MIGRATION = history(point(1, 30, 10), point(2, 20, 20), gap(3, "the commit is not in this shallow clone"), point(4, 5, 40))
