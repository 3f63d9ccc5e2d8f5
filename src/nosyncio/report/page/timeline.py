"""The section on a project's history: the picture, and its numbers as a table."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from nosyncio.history import History, Point
from nosyncio.report.drawing import count
from nosyncio.report.elements import element
from nosyncio.report.page.words import code
from nosyncio.report.picture import NARROW, WIDE, picture
from nosyncio.report.scale import percent


def timeline(history: History) -> Element:
    """Two pictures, of which the style sheet shows the one that fits."""
    return element(
        "section",
        element("h2", "Over time"),
        element("p", "All of the project, commit by commit, counted by the configuration of today.", class_="intro"),
        element("div", picture(history, WIDE), class_="wide"),
        element("div", picture(history, NARROW), class_="narrow"),
        *(element("p", note, class_="intro") for note in history.notes),
        element("details", element("summary", f"{count(len(history.points), 'commit')} in numbers"), _numbers(history)),
        id="history",
    )


def _numbers(history: History) -> Element:
    heads = [element("th", label, scope="col") for label in ("Commit", "Date", "Blocking", "Change", "Coverage", "")]
    rows = [_row(point, change) for point, change in zip(history.points, history.changes)]
    return element("table", element("thead", element("tr", *heads)), element("tbody", *rows[::-1]), class_="plain")


def _row(point: Point, change: int | None) -> Element:
    share = None if point.coverage is None else point.coverage.share
    blind = 0 if point.counts is None else len(point.counts.not_analysed)
    remark = point.gap or (f"{count(blind, 'file')} could not be analysed" if blind else "")
    cells = (
        code(point.commit.short),
        point.commit.date[:10],
        None if point.left is None else f"{point.left:,}",
        f"{change:+,}" if change else None,
        None if share is None else percent(share),
        remark or point.commit.subject,
    )
    return element("tr", *[element("td", cell) for cell in cells])
