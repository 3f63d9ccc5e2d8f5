"""The formats of the inventory, of the history of a project, and of a plan for it."""

from __future__ import annotations

from collections.abc import Callable

from nosyncio.history import History
from nosyncio.inventory import Inventory
from nosyncio.plan import Plan
from nosyncio.report import (
    Surroundings,
    history,
    inventory_json,
    inventory_markdown,
    inventory_text,
    json,
    page,
    picture,
    plan,
    plan_json,
)
from nosyncio.report.inventory_text import Order
from nosyncio.report.style import Paint

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
