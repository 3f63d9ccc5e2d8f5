"""What a report looks like: one file a format. Each gives text; where it goes is the front end's business.

The formats of the inventory are listed in `inventories`, those of the catalogue in `catalogues`: a check need not import them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nosyncio.gate import Gate
from nosyncio.model import Report, Why
from nosyncio.report import concise, gate, github, gitlab, json, text, why
from nosyncio.report.style import Paint

if TYPE_CHECKING:
    from nosyncio.history import History


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a format may ask for beside the report: the lines of a file, how to colour a piece of text, and what was counted in
    the commits before, where that is wanted."""

    source_line: Callable[[str, int], str]
    paint: Paint
    history: History | None = None


def _sarif(report: Report, around: Surroundings) -> str:
    from nosyncio.report import sarif  # it needs modules that are slow to import

    return sarif.render(report, around.source_line)


def _junit(report: Report, around: Surroundings) -> str:
    from nosyncio.report import junit  # likewise

    return junit.render(report, around.source_line)


FORMATS: dict[str, Callable[[Report, Surroundings], str]] = {
    "text": lambda report, around: text.render(report, around.source_line, around.paint),
    "concise": lambda report, around: concise.render(report, around.paint),
    "json": lambda report, around: json.render(report, around.source_line),
    "github": lambda report, around: github.render(report, around.source_line),
    "gitlab": lambda report, around: gitlab.render(report),
    "sarif": _sarif,
    "junit": _junit,
}

FOR_PEOPLE = frozenset(("text", "concise"))
"""The formats in a terminal's own encoding. The others are UTF-8 wherever they go."""

FROM_REPOSITORY = frozenset(("github", "gitlab", "sarif", "junit"))
"""The formats whose consumers take paths as relative to the root of the repository, whatever folder the command was run in."""

SAY_STATISTICS = frozenset(("text", "json"))
"""The formats that have a place for statistics. Beside the others they go to standard error: there each line is a finding."""

WHY_FORMATS: dict[str, Callable[[Why, Surroundings, int], str]] = {
    "text": lambda answer, around, limit: why.render(answer, around.source_line, around.paint, limit),
    "json": lambda answer, around, limit: json.dumped(json.why_document(answer, around.source_line, limit)),
}

GATE_FORMATS: dict[str, Callable[[Gate, Surroundings], str]] = {
    "text": lambda verdict, around: gate.render(verdict, around.paint),
    "json": lambda verdict, around: json.dumped(gate.document(verdict, around.source_line)),
}
