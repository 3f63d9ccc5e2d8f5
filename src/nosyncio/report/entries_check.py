"""What came of checking a user's own entries, for people and as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nosyncio.entries import Checked
from nosyncio.report.drawing import TAB, count
from nosyncio.report.json import VERSION
from nosyncio.report.style import Paint, Part, shown

_MOST_NAMES = 8


def render(checked: Iterable[Checked], paint: Paint) -> str:
    lines: list[str] = []
    for item in checked:
        file = paint(shown(item.file), Part.PATH)
        words = f"{count(len(item.problems), 'problem')}" if item.problems else "all is well"
        entries = f"{item.tables} {'entry' if item.tables == 1 else 'entries'}"
        lines.append(f"{file}: {entries}, {paint(words, Part.BAD if item.problems else Part.GOOD)}")
        lines += [f"{TAB}{problem.key}: {problem.message}" for problem in item.problems]
        if item.unknown:
            more = f" and {len(item.unknown) - _MOST_NAMES} more" if len(item.unknown) > _MOST_NAMES else ""
            lines.append(f"{TAB}not looked up, code not at hand: {', '.join(item.unknown[:_MOST_NAMES])}{more}")
    return "".join(f"{line}\n" for line in lines)


def document(checked: Iterable[Checked]) -> dict[str, Any]:
    """The same as plain data. Keys are only ever added."""
    return {
        "version": VERSION,
        "files": [
            {
                "file": item.file,
                "entries": item.tables,
                "found": list(item.found),
                "not_looked_up": list(item.unknown),
                "problems": [{"key": problem.key, "message": problem.message} for problem in item.problems],
            }
            for item in checked
        ],
    }
