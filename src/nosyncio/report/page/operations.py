"""The operations themselves: a row each, and under it how the loop gets there and who calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

from nosyncio.catalogue.patterns import patterns
from nosyncio.inventory import IoOperation
from nosyncio.model import Hop
from nosyncio.report.drawing import as_printed, count
from nosyncio.report.elements import Content, element
from nosyncio.report.page.bands import Band, band_of, swatch
from nosyncio.report.page.tables import Cell, Column, row, table
from nosyncio.report.page.words import code, function, names, separated
from nosyncio.report.style import excerpt, spelled

_COLUMNS = (
    Column("Place", style="place"),
    Column("Call", style="call"),
    Column("Kind", style="kind"),
    Column("Pattern", style="pattern"),
    Column("Loop", style="loop", hint="how many calls lead from loop code to it", is_first=True),
)
_LONGEST_SOURCE = 120

SourceLine = Callable[[str, int], str]


def operation_table(
    caption: str, operations: Sequence[IoOperation], anchors: Mapping[str, str], source_line: SourceLine
) -> Element:
    """The nearest to the loop first. `anchors`: what the first operation of a module is to be found by, where that is in this
    table."""
    rows = []
    seen: set[str] = set()
    ordered = sorted(enumerate(operations), key=lambda item: (_rank(item[1], band_of(item[1])), item[0]))
    for index, operation in ordered:
        anchor = None if operation.path in seen else anchors.get(operation.path)
        seen.add(operation.path)
        rows.append(_row(operation, index, anchor, source_line))
    return table(caption, "operations", _COLUMNS, rows)


def _row(operation: IoOperation, index: int, anchor: str | None, source_line: SourceLine) -> Element:
    band = band_of(operation)
    cells = [
        Cell([function(operation.function), _under(f"{operation.path}:{operation.span.line}")], index),
        Cell([code(spelled(operation.callee)), *_with(operation), *_use(operation)]),
        Cell([operation.kind.label]),
        Cell([None if operation.pattern is None else patterns().named(operation.pattern).title]),
        Cell([swatch(band), _distance(operation, band)], _rank(operation, band)),
    ]
    return row(_COLUMNS, cells, *_more(operation, source_line), id=anchor, data_band=band.style)


def _with(operation: IoOperation) -> Iterable[Content]:
    """The calls that go on with it."""
    others = dict.fromkeys(related.callee for related in operation.related)
    if others:
        yield element("small", "with ", *separated(map(code, others)))


def _use(operation: IoOperation) -> Iterable[Content]:
    if operation.instead is not None and not operation.standing.is_done:
        yield element("small", "use ", *names(operation.instead))


def _distance(operation: IoOperation, band: Band) -> str:
    return count(operation.hops, "call") + " away" if band is Band.REACHED and operation.hops else band.label


def _rank(operation: IoOperation, band: Band) -> int:
    """Bands in their order, and within one the nearest to the loop first."""
    return [*Band].index(band) * 1000 + min(operation.hops or 0, 999)


def _more(operation: IoOperation, source_line: SourceLine) -> Iterable[Element]:
    chained = operation.chain if len(operation.chain) > 1 else ()
    if not chained and not operation.callers:
        return
    if chained:
        start = element("summary", "from ", function(chained[0].function), f" over {count(len(chained) - 1, 'call')}")
    else:
        start = element("summary", f"called by {count(len(operation.callers), 'function')}")
    parts = [_chain(chained, operation, source_line)] if chained else []
    if operation.callers:
        parts.append(_callers(operation.callers))
    yield element("td", element("details", start, *parts), class_="more")


def _chain(chain: Sequence[Hop], operation: IoOperation, source_line: SourceLine) -> Element:
    """Hop by hop, from loop code down to the operation."""
    band = band_of(operation)
    last = len(chain) - 1
    return element(
        "ol",
        *[
            _hop(hop, source_line, Band.ON_LOOP if index == 0 else band if index == last else None)
            for index, hop in enumerate(chain)
        ],
        class_="chain",
    )


def _hop(hop: Hop, source_line: SourceLine, band: Band | None) -> Element:
    text, _ = as_printed(excerpt(hop.span, source_line(hop.path, hop.span.line)), 0)
    shortened = text if len(text) <= _LONGEST_SOURCE else f"{text[:_LONGEST_SOURCE]}…"
    source = element("code", shortened, class_="source") if text else None
    return element("li", function(hop.function), _under(f"{hop.path}:{hop.span.line}"), source, class_=band and band.style)


def _callers(callers: Sequence[str]) -> Element:
    return element("p", "Called by ", *separated(map(code, callers)), class_="callers")


def _under(place: str) -> Element:
    return element("small", place)
