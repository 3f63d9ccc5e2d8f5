"""The history of a project: a table for people, CSV for spreadsheets, plain data for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from nosyncio.history import Counts, History, Point
from nosyncio.inventory import Coverage, Standing
from nosyncio.model import as_text
from nosyncio.report import json
from nosyncio.report.drawing import count
from nosyncio.report.scale import percent
from nosyncio.report.style import Paint, Part, shown

_NONE = "-"
_WIDEST = 60


def render(history: History, paint: Paint) -> str:
    """The commits that change a number, with the first and the last; then what there is to say of the whole."""
    lines = [paint(f"{'date':<10}  {'commit':<10}  {'left':>6}  {'change':>6}  {'coverage':>8}", Part.PATH)]
    rows = [*zip(history.points, history.changes)]
    told = [row for before, row in zip((None, *rows), rows) if before is None or row is rows[-1] or _differs(before[0], row[0])]
    lines += [_row(point, change, paint).rstrip() for point, change in told]
    lines += ["", *_summary(history, len(told)), *(shown(note) for note in history.notes)]
    return "".join(f"{line}\n" for line in lines)


def _differs(before: Point, point: Point) -> bool:
    """Whether a row would say something else than the one before."""
    if before.counts is None or point.counts is None:
        return before.gap != point.gap
    both = (before.counts, point.counts)
    is_other = len({(counts.left, counts.coverage) for counts in both}) > 1
    return is_other or not before.counts.is_comparable(point.counts)


def _row(point: Point, change: int | None, paint: Paint) -> str:
    commit = point.commit
    begin = f"{commit.date[:10] or _NONE:<10}  {paint(commit.short, Part.CODE)}"
    if point.counts is None:
        return f"{begin}  {_NONE:>6}  {_NONE:>6}  {_NONE:>8}  not known: {shown(point.gap or '')}"
    moved = _NONE if change is None else f"{change:+}" if change else "0"
    painted = paint(f"{moved:>6}", Part.BAD if change > 0 else Part.GOOD) if change else f"{moved:>6}"
    subject = shown(as_text(commit.subject))
    short = subject if len(subject) <= _WIDEST else f"{subject[: _WIDEST - 3]}..."
    return f"{begin}  {point.counts.left:>6}  {painted}  {_percent(point.counts.coverage):>8}  {short}{_blind(point.counts)}"


def _blind(counts: Counts) -> str:
    if not counts.not_analysed:
        return ""
    first, *more = counts.not_analysed
    others = f" and {count(len(more), 'more file')}" if more else ""
    return f" (without {shown(as_text(first.path))}{others}: {shown(first.reason)})"


def _summary(history: History, told: int) -> Iterator[str]:
    known = [point.counts for point in history.points if point.counts is not None]
    rest = len(history.points) - told
    yield count(len(history.points), "commit") + (f", of which {rest} change no number and are not shown" if rest else "")
    if known:
        first, last = known[0], known[-1]
        yield f"blocking operations left: {first.left} -> {last.left}"
        yield f"async coverage: {_percent(first.coverage)} -> {_percent(last.coverage)}"
    if gaps := len(history.points) - len(known):
        yield f"{count(gaps, 'commit')} could not be looked at"


def _percent(coverage: Coverage) -> str:
    return _NONE if coverage.share is None else percent(coverage.share)


def table(history: History) -> str:
    """Comma-separated values: a line for each commit, with nothing in it that its author could have written."""
    text = io.StringIO()
    standings = [standing.value for standing in Standing]
    head = ("revision", "date", "left", "change", "done", "total", "coverage", "files", "not_analysed")
    writer = csv.DictWriter(text, (*head, *standings, "gap"), lineterminator="\n")
    writer.writeheader()
    for point, change in zip(history.points, history.changes):
        commit = point.commit
        row: dict[str, object] = {"revision": commit.revision, "date": commit.date, "change": change, "gap": point.gap}
        if point.counts is not None:
            row |= _numbers(point.counts) | {"not_analysed": len(point.counts.not_analysed)}
            row |= {standing.value: number for standing, number in point.counts.by_standing.items()}
        writer.writerow(row)
    return text.getvalue()


def _numbers(counts: Counts) -> dict[str, object]:
    coverage = counts.coverage
    numbers = {"left": counts.left, "done": coverage.done, "total": coverage.total, "coverage": json.share(coverage)}
    return {**numbers, "files": counts.files}


def document(history: History) -> dict[str, Any]:
    """The history as plain data."""
    return {
        "version": json.VERSION,
        "folder": as_text(history.folder),
        "notes": [as_text(note) for note in history.notes],
        "commits": [_commit(point, change) for point, change in zip(history.points, history.changes)],
    }


def _commit(point: Point, change: int | None) -> dict[str, Any]:
    commit = point.commit
    return {
        "revision": commit.revision,
        "date": commit.date,
        "subject": as_text(commit.subject),
        "gap": None if point.gap is None else as_text(point.gap),
        "change": change,
        "counts": None if point.counts is None else _counts(point.counts),
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        **_numbers(counts),
        "by_standing": {standing.value: number for standing, number in counts.by_standing.items()},
        "left_by_kind": {kind.label: number for kind, number in counts.left_by_kind.items()},
        "operations": [
            {"kind": item.kind.label, "standing": item.standing.value, "count": item.count, "allowed": item.allowed}
            for item in counts.operations
        ],
        "not_analysed": [json.not_analysed(item) for item in counts.not_analysed],
    }
