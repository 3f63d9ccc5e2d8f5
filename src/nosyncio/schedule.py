"""A plan for a project, as every front end that shows one makes it."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nosyncio.config import Located
from nosyncio.model import Finding, Hop, NotAnalysed
from nosyncio.plan import Plan
from nosyncio.run import Moved
from nosyncio.store import Store
from nosyncio.survey import Survey


def plan(
    located: Located,
    targets: Iterable[Path],
    *,
    base: Path,
    store: Store | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Plan:
    """In which steps to get rid of what `check` finds below `targets`, wherever in the project functions become async for that.
    Paths are relative to `base`; store: where it is kept what runs found; `progress` is told how many files of how many are
    read. A baseline hides nothing here."""
    found = Survey(located, targets, store=store, jobs=jobs, progress=progress).plan()
    moved: Plan = _moved(found, Moved(located.root, base))
    return moved


def _moved(value: Any, moving: Moved) -> Any:
    """A part of a plan, with all paths in it moved."""
    if isinstance(value, Hop):
        return moving.hop(value)
    if isinstance(value, Finding):
        return moving.finding(value)
    if isinstance(value, NotAnalysed):
        return moving.failure(value)
    if isinstance(value, tuple):
        return tuple(_moved(item, moving) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, enum.Enum)):
        parts = {field.name: _moved(getattr(value, field.name), moving) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **parts)
    return value
