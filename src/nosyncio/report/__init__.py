"""What a report looks like: one file a format. Each gives text; where it goes is the front end's business."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nosyncio.entries import Checked
from nosyncio.gate import Gate
from nosyncio.history import History
from nosyncio.inventory import Inventory
from nosyncio.lookup import Answer
from nosyncio.model import Report, Why
from nosyncio.plan import Plan
from nosyncio.report import (
    catalogue,
    concise,
    entries_check,
    gate,
    github,
    gitlab,
    history,
    inventory_json,
    inventory_markdown,
    inventory_text,
    json,
    junit,
    page,
    picture,
    plan,
    plan_json,
    sarif,
    text,
    why,
)
from nosyncio.report.inventory_text import Order
from nosyncio.report.style import Paint


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a format may ask for beside the report: the lines of a file, how to colour a piece of text, and what was counted in
    the commits before, where that is wanted."""

    source_line: Callable[[str, int], str]
    paint: Paint
    history: History | None = None


FORMATS: dict[str, Callable[[Report, Surroundings], str]] = {
    "text": lambda report, around: text.render(report, around.source_line, around.paint),
    "concise": lambda report, around: concise.render(report, around.paint),
    "json": lambda report, around: json.render(report, around.source_line),
    "github": lambda report, around: github.render(report, around.source_line),
    "gitlab": lambda report, around: gitlab.render(report),
    "sarif": lambda report, around: sarif.render(report, around.source_line),
    "junit": lambda report, around: junit.render(report, around.source_line),
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

INVENTORY_FORMATS: dict[str, Callable[[Inventory, Surroundings, Order], str]] = {
    "text": lambda inventory, around, order: inventory_text.render(inventory, around.paint, order),
    "markdown": lambda inventory, around, order: inventory_markdown.render(inventory),
    "json": lambda inventory, around, order: inventory_json.render(inventory, around.source_line),
    "html": lambda inventory, around, order: page.render(inventory, around.source_line, around.history),
}

SHOW_HISTORY = frozenset(("html",))
"""The formats of the inventory that show the commits before it."""

HISTORY_FORMATS: dict[str, Callable[[History, Paint], str]] = {
    "text": history.render,
    "csv": lambda past, paint: history.table(past),
    "json": lambda past, paint: json.dumped(history.document(past)),
    "svg": lambda past, paint: picture.render(past),
}

PLAN_FORMATS: dict[str, Callable[[Plan, Surroundings], str]] = {
    "text": lambda steps, around: plan.render(steps, around.source_line, around.paint),
    "markdown": lambda steps, around: plan.markdown(steps, around.source_line),
    "json": lambda steps, around: json.dumped(plan_json.document(steps)),
}

CATALOGUE_FORMATS: dict[str, Callable[[Answer, Surroundings], str]] = {
    "text": lambda answer, around: catalogue.render(answer, around.paint),
    "json": lambda answer, around: json.dumped(catalogue.document(answer)),
}

ENTRIES_FORMATS: dict[str, Callable[[Iterable[Checked], Surroundings], str]] = {
    "text": lambda checked, around: entries_check.render(checked, around.paint),
    "json": lambda checked, around: json.dumped(entries_check.document(checked)),
}
