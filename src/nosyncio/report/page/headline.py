"""The first screen: the share, what it means in a sentence, and one bar for the whole project."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from nosyncio.inventory import Inventory
from nosyncio.report.drawing import count
from nosyncio.report.elements import element
from nosyncio.report.page.bands import Band, bar, counted, legend
from nosyncio.report.scale import percent


def headline(inventory: Inventory) -> Element:
    coverage = inventory.coverage
    files = count(inventory.files, "file")
    if not inventory.operations:
        return element("p", f"No I/O is found in {files}.", class_="lead")
    counts = counted(inventory.operations)
    blocking = coverage.total - coverage.done
    if coverage.share is None:
        lead = f"All I/O in {files} is allowed to stay as it is."
    elif blocking == 0:
        lead = f"All I/O in {files} leaves the event loop free."
    else:
        near = counts[Band.ON_LOOP] + counts[Band.REACHED]
        lead = (
            f"{blocking:,} of {coverage.total:,} I/O operations in {files} still block. The event loop gets to {near:,} of them."
        )
    share = (
        None if coverage.share is None else element("p", element("b", percent(coverage.share)), " async coverage", class_="share")
    )
    return element(
        "div", share, element("p", lead, class_="lead"), bar(counts, counts.total()), legend(counts), class_="headline"
    )
