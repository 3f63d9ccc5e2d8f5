"""Tables that the script can sort, and that are in order without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from nosyncio.report.elements import Content, element


@dataclass(frozen=True, slots=True)
class Column:
    """label: its heading; empty for one that is not sorted by. is_number: whether it holds numbers, of which people want the
    largest first. style: the class of its cells. hint: what it means. is_first: whether rows come in its order."""

    label: str
    is_number: bool = False
    style: str | None = None
    hint: str | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """key: what to sort by, where it is not the text."""

    content: Sequence[Content]
    key: int | None = None


_LONG = 500
"""Of how many rows on a browser is to lay out only those in sight."""


def table(caption: str, style: str, columns: Sequence[Column], rows: Sequence[Element]) -> Element:
    head = element("tr", *map(_heading, columns))
    return element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", head),
        element("tbody", *rows),
        class_=f"sortable {style}" + (" long" if len(rows) >= _LONG else ""),
    )


def row(columns: Sequence[Column], cells: Sequence[Cell], *more: Element, **attributes: str | None) -> Element:
    """A row; `more` are cells below those of the columns."""
    return element("tr", *map(_cell, columns, cells), *more, **attributes)


def _heading(column: Column) -> Element:
    first = ("descending" if column.is_number else "ascending") if column.label else None
    style = "number" if column.is_number else column.style
    return element(
        "th",
        column.label,
        scope="col",
        class_=style,
        title=column.hint,
        data_first=first,
        aria_sort=first if column.is_first else None,
    )


def _cell(column: Column, cell: Cell) -> Element:
    style = "number" if column.is_number else column.style
    label = column.label if column.is_number else None
    return element("td", *cell.content, class_=style, data_key=cell.key, data_label=label)
