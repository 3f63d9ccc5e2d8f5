"""What became of a baseline, in a few lines."""

from __future__ import annotations

from collections.abc import Iterable

from nosyncio.model import NotAnalysed
from nosyncio.report.drawing import TAB
from nosyncio.report.style import shown
from nosyncio.upkeep import Change


def render(change: Change, file: str, failures: Iterable[NotAnalysed]) -> str:
    """`file` is the baseline as people are told of it."""
    done = [f"{number} {word}" for number, word in ((change.gone, "taken out"), (change.moved, "moved")) if number]
    lines = [f"{shown(file)}: {change.entries} known{''.join(f', {item}' for item in done)}"]
    if change.untouched:
        lines.append(f"{TAB}{change.untouched} left as they were: this run did not look for them")
    if change.unknown:
        lines.append(f"{TAB}{change.unknown} found that are not in it: nosyncio check")
    lines += [f"{TAB}{shown(item.path)}:{item.line or 1}: not analysed: {item.reason}" for item in failures]
    return "".join(f"{line}\n" for line in lines)
