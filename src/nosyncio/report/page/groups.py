"""The I/O of a project by module, by package, by kind, by pattern: a row each, with a bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from nosyncio.catalogue.patterns import patterns
from nosyncio.inventory import IoOperation, covered, grouped
from nosyncio.report.elements import Content, element
from nosyncio.report.page.bands import Band, bar, counted
from nosyncio.report.page.tables import Cell, Column, row, table
from nosyncio.report.page.words import code, names
from nosyncio.report.scale import percent

_NUMBERS = (
    Column("Blocking", is_number=True, hint="operations that still block", is_first=True),
    Column("On loop", is_number=True, hint=Band.ON_LOOP.meaning),
    Column("Reached", is_number=True, hint=Band.REACHED.meaning),
    Column("Done", is_number=True, hint="operations that are async or offloaded"),
    Column("Coverage", is_number=True, hint="the share of operations that are done"),
)


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group: what a group is called, and by what."""

    name: str
    title: str
    intro: str
    key: Callable[[IoOperation], str]
    advice: bool = False

    def said(self, key: str) -> Iterator[Element]:
        """What a pattern is."""
        known = next((item for item in patterns().patterns if item.name == key), None) if self.advice else None
        if known is not None:
            yield element("small", known.what)


GROUPINGS = (
    Grouping("kind", "Kinds", "What the operations wait for.", lambda item: item.kind.label),
    Grouping(
        "pattern",
        "Patterns",
        "What is done as a whole: operations of one pattern are rewritten in one way.",
        lambda item: item.pattern or "",
        advice=True,
    ),
    Grouping("package", "Packages", "Each folder, without those below it.", lambda item: item.package),
    Grouping("module", "Modules", "The files with I/O. The longer a bar, the more operations there are.", lambda item: item.path),
)
"""Short ones first."""


def group_section(grouping: Grouping, operations: Sequence[IoOperation], anchors: Mapping[str, str]) -> Element:
    """A section of the page. `anchors`: where the operations of a module are, by its path."""
    groups = grouped(operations, grouping.key)
    counts = {key: counted(items) for key, items in groups.items()}
    most = max((count.total() for key, count in counts.items() if key), default=0)
    ordered = sorted(groups, key=lambda key: (not key, -_left(counts[key]), -counts[key].total(), key))
    advice = (Column("Write instead", style="use"),) if grouping.advice else ()
    columns = (Column(grouping.name.capitalize(), style="name"), Column("", style="drawn"), *_NUMBERS, *advice)
    rows = [_row(grouping, columns, key, groups[key], counts[key], most, anchors) for key in ordered]
    return element(
        "section",
        element("h2", grouping.title),
        element("p", grouping.intro, class_="intro"),
        table(f"I/O operations by {grouping.name}", "groups advised" if grouping.advice else "groups", columns, rows),
        id=f"by-{grouping.name}",
    )


def _row(
    grouping: Grouping,
    columns: Sequence[Column],
    key: str,
    operations: Sequence[IoOperation],
    counts: Counter[Band],
    most: int,
    anchors: Mapping[str, str],
) -> Element:
    coverage = covered(operations)
    share = coverage.share
    cells = [
        Cell([_name(key, anchors.get(key) if grouping.name == "module" else None), *grouping.said(key)]),
        Cell([bar(counts, most) if key else None]),  # it would dwarf the others
        *(_number(number) for number in (_left(counts), counts[Band.ON_LOOP], counts[Band.REACHED], coverage.done)),
        Cell(["-" if share is None else percent(share)], -1 if share is None else int(share * 10_000)),
    ]
    if grouping.advice:
        cells.append(Cell(_advice(operations)))
    return row(columns, cells)


def _name(key: str, anchor: str | None) -> Element:
    if not key:
        return element("span", "no pattern that is known", class_="muted")
    return element("a", code(key), href=f"#{anchor}") if anchor else code(key)


def _number(number: int) -> Cell:
    """Zeros are not what one looks for."""
    return Cell([f"{number:,}" if number else element("span", "0", class_="muted")], number)


def _left(counts: Counter[Band]) -> int:
    return sum(number for band, number in counts.items() if band.is_left)


def _advice(operations: Sequence[IoOperation]) -> list[Content]:
    """What most of them are rewritten to."""
    rewrites = Counter(item.rewrite for item in operations if item.is_left and item.rewrite)
    if rewrites:
        return [code(_most(rewrites))]
    advice = Counter(item.instead for item in operations if item.is_left and item.instead)
    return names(_most(advice)) if advice else []


def _most(found: Counter[str]) -> str:
    return min(found, key=lambda text: (-found[text], text))
