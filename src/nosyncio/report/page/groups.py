"""The I/O of a project by kind, by pattern, by package, by module: a row each, with a bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from nosyncio.catalogue.patterns import patterns
from nosyncio.inventory import Group, Inventory
from nosyncio.report.drawing import count
from nosyncio.report.elements import element
from nosyncio.report.page.bands import Band, bar, counted
from nosyncio.report.page.tables import Cell, Column, row, table
from nosyncio.report.page.words import code, names
from nosyncio.report.scale import percent

Figure = tuple[Column, Callable[[Group], Cell]]
"""A column, and what stands there for a group."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group. name: what a group is called. left_only: whether it is only of what is left to do, and says what to
    write instead."""

    name: str
    title: str
    intro: str
    groups: Callable[[Inventory], tuple[Group, ...]]
    left_only: bool = False


GROUPINGS = (
    Grouping("kind", "Kinds", "What the operations wait for.", lambda inventory: inventory.by_kind),
    Grouping(
        "pattern",
        "Patterns",
        "What the code that blocks is written for: what follows one pattern is rewritten in one way.",
        lambda inventory: inventory.by_pattern,
        left_only=True,
    ),
    Grouping("package", "Packages", "Each folder, without those below it.", lambda inventory: inventory.by_package),
    Grouping(
        "module",
        "Modules",
        "The files with I/O. The longer a bar, the more operations there are.",
        lambda inventory: inventory.by_module,
    ),
)
"""Short ones first."""


def group_sections(inventory: Inventory, anchors: Mapping[str, str]) -> Iterator[Element]:
    """Sections of the page. `anchors`: where the operations of a module are, by its path."""
    for grouping in GROUPINGS:
        groups = grouping.groups(inventory)
        if groups:
            yield _section(grouping, sorted(groups, key=lambda group: -group.left), inventory, anchors)


def _section(grouping: Grouping, groups: Sequence[Group], inventory: Inventory, anchors: Mapping[str, str]) -> Element:
    figures = (*_LEFT, *(_PLANNED if grouping.left_only else _DONE))
    columns = (Column(grouping.name.capitalize(), style="name"), Column("", style="drawn"), *(column for column, _ in figures))
    longest = max(_length(group) for group in groups)

    def cells(group: Group) -> Iterator[Cell]:
        yield _pattern(group) if grouping.left_only else Cell([_name(group.name, anchors if grouping.name == "module" else {})])
        yield Cell([bar(counted(group.operations), longest)])
        yield from (cell(group) for _, cell in figures)

    return element(
        "section",
        element("h2", grouping.title),
        element("p", grouping.intro + _without(groups, inventory), class_="intro"),
        table(
            f"I/O operations by {grouping.name}",
            "groups planned" if grouping.left_only else "groups",
            columns,
            [row(columns, [*cells(group)]) for group in groups],
        ),
        id=f"by-{grouping.name}",
    )


def _length(group: Group) -> int:
    return len(group.operations)


def _without(groups: Iterable[Group], inventory: Inventory) -> str:
    """What the groups have not all of what is left, said."""
    others = inventory.whole.left - sum(group.left for group in groups)
    return f" {count(others, 'operation')} more follow none that is known." if others else ""


def _name(name: str, anchors: Mapping[str, str]) -> Element:
    return element("a", code(name), href=f"#{anchors[name]}") if name in anchors else code(name)


def _pattern(group: Group) -> Cell:
    pattern = patterns().named(group.name)
    return Cell([pattern.title, element("small", pattern.what)])


def _number(number: int) -> Cell:
    """Zeros are not what one looks for."""
    return Cell([f"{number:,}" if number else element("span", "0", class_="muted")], number)


def _coverage(group: Group) -> Cell:
    share = group.coverage.share
    return Cell(["-" if share is None else percent(share)], -1 if share is None else int(share * 10_000))


def _instead(group: Group) -> Cell:
    """What most of them are rewritten to."""
    rewrites = Counter(item.rewrite for item in group.operations if item.rewrite)
    if rewrites:
        return Cell([code(_most(rewrites))])
    advice = Counter(item.instead for item in group.operations if item.instead)
    return Cell(names(_most(advice)) if advice else [])


def _most(found: Counter[str]) -> str:
    return min(found, key=lambda text: (-found[text], text))


_LEFT: tuple[Figure, ...] = (
    (Column("Blocking", is_number=True, hint="operations that still block", is_first=True), lambda group: _number(group.left)),
    (
        Column("On loop", is_number=True, hint=Band.ON_LOOP.meaning),
        lambda group: _number(counted(group.operations)[Band.ON_LOOP]),
    ),
    (
        Column("Reached", is_number=True, hint=Band.REACHED.meaning),
        lambda group: _number(counted(group.operations)[Band.REACHED]),
    ),
)
_DONE: tuple[Figure, ...] = (
    (Column("Done", is_number=True, hint="operations that are async or offloaded"), lambda group: _number(group.coverage.done)),
    (Column("Coverage", is_number=True, hint="the share of operations that are done"), _coverage),
)
_PLANNED: tuple[Figure, ...] = (
    (Column("Modules", is_number=True, hint="in how many files they stand"), lambda group: _number(len(group.paths))),
    (Column("Write instead", style="use"), _instead),
)
