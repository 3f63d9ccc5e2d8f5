"""A history as a picture: how many blocking operations are left, and the share of those that do not block, commit after commit.

Commits stand side by side at equal distances. Where a commit could not be counted the line is broken, and the place is shaded.
Colours are the style sheet's, so that a picture follows the light or dark of what it stands in.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from nosyncio.history import History, Point
from nosyncio.report.data import text_of
from nosyncio.report.drawing import count
from nosyncio.report.elements import add, as_svg, element, verbatim
from nosyncio.report.scale import Scale, counting, percent, shares

STYLE = "picture.css"
WIDE = 960
NARROW = 360

_PANEL = 130
_TOPS = (34, 214)
_LEFT, _RIGHT = 48, 48
_HEIGHT = 412
_MARGIN = 16
_BOTTOM = _TOPS[-1] + _PANEL
_LABEL = 110
"""The room that a date takes on the axis."""


@dataclass(frozen=True, slots=True)
class _Series:
    """One of the lines: what it shows, and where."""

    name: str
    heading: str
    top: int
    scale: Scale
    value: Callable[[Point], float | None]

    def y(self, value: float) -> float:
        return self.top + _PANEL * (1 - value / self.scale.top)


def render(history: History) -> str:
    """A file of its own, with all that it needs in it, and a margin."""
    drawn = picture(history, WIDE)
    width, height = WIDE + 2 * _MARGIN, _HEIGHT + 2 * _MARGIN
    for name, value in {"width": width, "height": height, "viewBox": f"{-_MARGIN} {-_MARGIN} {width} {height}"}.items():
        drawn.set(name, str(value))
    drawn.insert(0, verbatim("style", text_of(STYLE)))
    return as_svg(drawn)


def picture(history: History, width: int) -> Element:
    """A picture of that width, for a page that has the style sheet."""
    points = history.points
    columns = _Columns(len(points), width)
    drawn = element("svg", xmlns="http://www.w3.org/2000/svg", class_="picture", role="img", width=width, height=_HEIGHT)
    drawn.set("viewBox", f"0 0 {width} {_HEIGHT}")
    add(drawn, element("title", "Blocking I/O over time"), element("desc", _description(points)))
    for series in _series(points):
        add(drawn, *_axis(series, width), *_lines(series, history, columns))
    add(drawn, *_dates(points, columns), *_dividers(history, columns), *_legend(history), *_hovered(points, columns))
    return drawn


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the commits stand."""

    number: int
    width: int

    @property
    def step(self) -> float:
        return (self.width - _LEFT - _RIGHT) / max(self.number, 1)

    def x(self, index: float) -> float:
        """The middle of a commit's column."""
        return _LEFT + (index + 0.5) * self.step


def _series(points: Sequence[Point]) -> tuple[_Series, _Series]:
    most = max((point.left or 0 for point in points), default=0)
    return (
        _Series("left", "I/O operations that still block", _TOPS[0], counting(most), lambda point: point.left),
        _Series("covered", "Async coverage", _TOPS[1], shares(), _share),
    )


def _share(point: Point) -> float | None:
    return None if point.coverage is None else point.coverage.share


def _axis(series: _Series, width: int) -> Iterator[Element]:
    yield element("text", series.heading, class_="heading", x=0, y=series.top - 14)
    for tick in series.scale.ticks:
        y = _at(series.y(tick))
        yield element("line", class_="grid", x1=_LEFT, x2=width - _RIGHT, y1=y, y2=y)
        yield element("text", series.scale.label(tick), x=_LEFT - 8, y=y, dy="0.35em", text_anchor="end")


def _lines(series: _Series, history: History, columns: _Columns) -> Iterator[Element]:
    places = {id(point): index for index, point in enumerate(history.points)}
    last = None
    for stretch in history.stretches:
        for is_known, run in itertools.groupby(stretch, key=lambda point: series.value(point) is not None):
            if is_known:
                known = [(places[id(point)], series.value(point) or 0.0) for point in run]
                yield from _line(series, known, columns)
                last = known[-1]
    if last is not None:
        x, y = columns.x(last[0]), series.y(last[1])
        yield element("text", series.scale.label(last[1]), class_="value", x=_at(x + 8), y=_at(y), dy="0.35em")


def _line(series: _Series, values: Sequence[tuple[int, float]], columns: _Columns) -> Iterator[Element]:
    """A line through some commits that follow each other; a dot for one that is alone, and at the end of each."""
    at = [(columns.x(index), series.y(value)) for index, value in values]
    line = " ".join(f"{_at(x)},{_at(y)}" for x, y in at)
    floor = _at(series.y(0))
    if len(at) > 1:
        area = f"{_at(at[0][0])},{floor} {line} {_at(at[-1][0])},{floor}"
        yield element("polygon", class_=f"area {series.name}", points=area)
        yield element("polyline", class_=f"line {series.name}", points=line)
    yield element("circle", class_=f"dot {series.name}", cx=_at(at[-1][0]), cy=_at(at[-1][1]), r=3)


def _dates(points: Sequence[Point], columns: _Columns) -> Iterator[Element]:
    """As many dates as there is room for, the first and the last among them."""
    room = max(int((columns.width - _LEFT - _RIGHT) // _LABEL), 2)
    labels = min(room, len(points))
    chosen = sorted({round(step * (len(points) - 1) / max(labels - 1, 1)) for step in range(labels)})
    for index in chosen:
        x = _at(columns.x(index))
        yield element("line", class_="grid", x1=x, x2=x, y1=_BOTTOM, y2=_BOTTOM + 5)
        yield element("text", _date(points[index]), x=x, y=_BOTTOM + 20, text_anchor="middle")


def _dividers(history: History, columns: _Columns) -> Iterator[Element]:
    for index in _cuts(history):
        x = _at(columns.x(index - 0.5))
        for top in _TOPS:
            yield element("line", class_="cut", x1=x, x2=x, y1=top, y2=top + _PANEL)


def _cuts(history: History) -> list[int]:
    """The commits whose counts cannot be compared with those of the one before, though both have some."""
    counted = [point.counts is not None for point in history.points]
    return [
        index
        for index, change in enumerate(history.changes)
        if index and change is None and counted[index - 1] and counted[index]
    ]


def _hovered(points: Sequence[Point], columns: _Columns) -> Iterator[Element]:
    """A column for each commit, which says what it is when pointed at: above all else, or it could not be."""
    for index, point in enumerate(points):
        box = {
            "x": _at(columns.x(index - 0.5)),
            "y": str(_TOPS[0]),
            "width": _at(columns.step),
            "height": str(_BOTTOM - _TOPS[0]),
        }
        yield element("rect", element("title", described(point)), class_="commit" if point.gap is None else "gap", **box)


def described(point: Point) -> str:
    """A commit, and what was counted in it or why nothing was."""
    named = ", ".join(filter(None, (point.commit.short, _date(point), point.commit.subject)))
    if point.counts is None:
        return f"{named}: {point.gap}"
    blind = len(point.counts.not_analysed)
    share = point.counts.coverage.share
    covered = "no I/O" if share is None else f"{percent(share)} async coverage"
    return f"{named}: {point.counts.left} left, {covered}" + (f"; {count(blind, 'file')} could not be analysed" if blind else "")


def _legend(history: History) -> Iterator[Element]:
    """What a broken line means, if there is one."""
    gaps = sum(point.gap is not None for point in history.points)
    lines = [f"Shaded: {count(gaps, 'commit')} that could not be counted"] if gaps else []
    if _cuts(history):
        lines.append("Dotted: not the same files could be analysed on both sides")
    for index, line in enumerate(lines):
        yield element("text", line, x=0, y=_BOTTOM + 46 + 18 * index)


def _description(points: Sequence[Point]) -> str:
    known = [point for point in points if point.counts is not None]
    if not known:
        return "There is no commit that could be counted."
    return f"From {described(known[0])}; to {described(known[-1])}. {count(len(points) - len(known), 'gap')}."


def _date(point: Point) -> str:
    return point.commit.date[:10]


def _at(place: float) -> str:
    return f"{place:.1f}"
