"""The formats of what is known of a call, and of a user's own entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nosyncio.entries import Checked
from nosyncio.lookup import Answer
from nosyncio.report import Surroundings, catalogue, entries_check, json

CATALOGUE_FORMATS: dict[str, Callable[[Answer, Surroundings], str]] = {
    "text": lambda answer, around: catalogue.render(answer, around.paint),
    "json": lambda answer, around: json.dumped(catalogue.document(answer)),
}

ENTRIES_FORMATS: dict[str, Callable[[Iterable[Checked], Surroundings], str]] = {
    "text": lambda checked, around: entries_check.render(checked, around.paint),
    "json": lambda checked, around: json.dumped(entries_check.document(checked)),
}
