"""What call sites were resolved to, as a table for people."""

from __future__ import annotations

from collections.abc import Callable

from nosyncio.model import CallSites, Statistics
from nosyncio.report.drawing import TAB
from nosyncio.report.style import Paint, Part

_WIDTH = 24


def table(statistics: Statistics, paint: Paint) -> str:
    """Loop code on the left, the sync functions that it reaches on the right; unresolved calls by reason."""
    sides = (statistics.loop_code, statistics.reached)
    lines = [paint("call sites", Part.PATH)]

    def row(label: str, cells: Callable[[CallSites], str]) -> None:
        lines.append(f"{TAB}{label:<52}" + "".join(f"{cells(side):>{_WIDTH}}" for side in sides))

    def share(label: str, number: Callable[[CallSites], int]) -> None:
        row(label, lambda side: _share(number(side), side.total))

    lines.append(f"{TAB}{'':<52}{'in loop code':>{_WIDTH}}{'in what it reaches':>{_WIDTH}}")
    row("functions", lambda side: f"{side.functions}        ")
    row("calls", lambda side: f"{side.total}        ")
    share("resolved to the code under check", lambda side: side.project)
    share("resolved to a library", lambda side: side.library)
    share("resolved to a built-in", lambda side: side.builtin)
    share("not resolved", lambda side: sum(side.unresolved.values()))
    reasons = dict.fromkeys(reason for side in sides for reason in side.unresolved)
    for reason in sorted(reasons, key=lambda reason: (-sum(side.unresolved.get(reason, 0) for side in sides), reason)):
        share(f"{TAB}{reason}", lambda side, reason=reason: side.unresolved.get(reason, 0))  # type: ignore[misc]
    row("properties read", lambda side: f"{side.properties}        ")
    if statistics.not_followed is not None:
        lines.append(paint("installed packages that are not followed", Part.PATH))
        lines += [f"{TAB}{name}: {reason}" for name, reason in statistics.not_followed.items()] or [f"{TAB}none"]
    return "\n".join(line.rstrip() for line in lines)


def _share(number: int, total: int) -> str:
    return f"{number}  {number / total:6.1%}" if total else f"{number}        "
