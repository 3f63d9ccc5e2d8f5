"""What a bar is made of: the ways in which operations stand to the loop, in one order, with one name and one colour each."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from nosyncio.inventory import IoOperation, Standing
from nosyncio.report.elements import element


class Band(enum.Enum):
    """From the most pressing to what is done. The value is a style class; then what people read, and what it means."""

    ON_LOOP = ("on-loop", "On the loop", "blocks in code that the event loop runs")
    REACHED = ("reached", "Reached", "blocks in a sync function that loop code gets to")
    UNREACHED = ("unreached", "Not reached", "blocks, but no way from loop code to it is known")
    ALLOWED = ("allowed", "Allowed", "is there to stay, and counts neither way")
    OFFLOADED = ("offloaded", "Offloaded", "runs in a thread or process")
    ASYNC = ("async", "Async", "is awaited, or waits without blocking")

    def __init__(self, style: str, label: str, meaning: str) -> None:
        self.style = style
        self.label = label
        self.meaning = meaning


_BY_STANDING = {
    Standing.ON_LOOP: Band.ON_LOOP,
    Standing.REACHED: Band.REACHED,
    Standing.UNREACHED: Band.UNREACHED,
    Standing.OFFLOADED: Band.OFFLOADED,
    Standing.ASYNC: Band.ASYNC,
}


def band_of(operation: IoOperation) -> Band:
    return Band.ALLOWED if operation.is_allowed and not operation.standing.is_done else _BY_STANDING[operation.standing]


def counted(operations: Iterable[IoOperation]) -> Counter[Band]:
    return Counter(map(band_of, operations))


def bar(counts: Counter[Band], most: int) -> Element:
    """A bar as long as what it counts, where `most` is all of the width."""
    bands = [band for band in Band if counts[band]]
    words = ", ".join(f"{counts[band]} {band.label.lower()}" for band in bands)
    drawn = element("svg", class_="bar", role="img", aria_label=words, preserveAspectRatio="none")
    drawn.set("viewBox", f"0 0 {max(most, 1)} 1")
    start = 0
    for band in bands:
        drawn.append(element("rect", class_=band.style, x=start, width=counts[band], height=1))
        start += counts[band]
    return drawn


def swatch(band: Band) -> Element:
    return element("i", class_=f"swatch {band.style}")


def legend(counts: Counter[Band]) -> Element:
    """The bands that there are, how many operations are in each, and what they mean."""
    return element("dl", *[_entry(band, counts[band]) for band in Band if counts[band]], class_="legend")


def _entry(band: Band, number: int) -> Element:
    term = element("dt", swatch(band), element("b", f"{number:,}"), " ", band.label)
    return element("div", term, element("dd", band.meaning))


def bands_of(operations: Iterable[IoOperation]) -> list[Band]:
    present = counted(operations)
    return [band for band in Band if present[band]]
