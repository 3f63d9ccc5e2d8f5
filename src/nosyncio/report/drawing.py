"""What reports for people are drawn with: source text as a terminal shows it, the hops of a chain in columns, counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from nosyncio.model import Finding, Hop
from nosyncio.report.style import Paint, Part, excerpt, shown

TAB = "    "


def hops(chain: Sequence[Hop], source_line: Callable[[str, int], str], paint: Paint) -> Iterator[str]:
    """A line for each hop, in columns: its place, the function that it stands in, its source text."""
    places = [f"{shown(hop.path)}:{hop.span.line}:{hop.span.column}" for hop in chain]
    packages = [f"({hop.package})" if hop.package is not None else "" for hop in chain]
    names = [f"in {hop.function or 'the module'}" for hop in chain]
    widths = max(map(len, places), default=0), max(map(len, names), default=0)
    for hop, place, name, package in zip(chain, places, names, packages):
        text, _ = as_printed(source_of(hop, source_line), 0)
        yield f"{place:<{widths[0]}}  {name:<{widths[1]}}  {package or paint(text, Part.SOURCE)}".rstrip()


def source_of(hop: Hop, source_line: Callable[[str, int], str]) -> str:
    """The text of a hop's call; nothing for one in an installed package, whose files are not the project's."""
    return excerpt(hop.span, source_line(hop.path, hop.span.line)) if hop.package is None else ""


def chain(finding: Finding, source_line: Callable[[str, int], str], paint: Paint) -> Iterator[str]:
    """The way from a finding to the blocking call, one hop a line, in columns; the first hop is the finding's own place."""
    for line in hops(finding.chain[1:], source_line, paint):
        yield f"{paint('->', Part.MARK)} {line}"
    others = len(finding.leaves) - 1
    if others > 0:
        yield f"   and {count(others, 'more blocking call')} behind it"


def as_printed(text: str, offset: int) -> tuple[str, int]:
    """`text` with tabs expanded and nothing that a terminal would obey, and the cell that the character at `offset` starts in."""
    printed = ""
    cells = at = 0
    for index, char in enumerate(text):
        if index == offset:
            at = cells
        piece = " " * (len(TAB) - cells % len(TAB)) if char == "\t" else char if char.isprintable() else "\ufffd"
        printed += piece
        cells += sum(map(_width, piece))
    return printed, at if offset < len(text) else cells


def _width(char: str) -> int:
    """How many cells of a terminal a character takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
