"""What tests of the baseline share: its commands on a folder, in this process, as the command line runs them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from commands import write
from nosyncio import run, upkeep
from nosyncio.config import DEFAULT_BASELINE, discover
from nosyncio.gate import Gate, judged
from nosyncio.model import Report
from nosyncio.suppress import Selection
from nosyncio.survey import Survey
from nosyncio.upkeep import Change

PROJECT = {"pyproject.toml": "[tool.nosyncio]\n"}


def project(folder: Path, files: dict[str, str]) -> Path:
    """A project with configuration and these files, dedented."""
    write(folder, PROJECT | {name: textwrap.dedent(text) for name, text in files.items()})
    return folder


def create(folder: Path, *, force: bool = False) -> Change:
    located = discover(folder)
    return upkeep.create(located, Survey(located, [folder]), force=force)


def update(folder: Path) -> Change:
    located = discover(folder)
    return upkeep.update(located, Survey(located, [folder]))


def check(folder: Path, *paths: str) -> Report:
    return run.check(discover(folder), [folder / path for path in paths] or [folder], base=folder)


def gate(folder: Path, *paths: str) -> Gate:
    return judged(check(folder, *paths), Selection(discover(folder).config))


def new(folder: Path, *paths: str) -> list[tuple[str, int, str]]:
    """Path, line and code of what `check` reports."""
    return [(finding.path, finding.span.line, finding.code) for finding in check(folder, *paths).findings]


def stale(folder: Path, *paths: str) -> list[tuple[str, str, str]]:
    """Path, function and code of the entries that a run finds no more."""
    agreed = check(folder, *paths).baseline
    assert agreed is not None
    return [(entry.path, entry.function, entry.code) for entry in agreed.stale]


def text(folder: Path) -> str:
    return (folder / DEFAULT_BASELINE).read_text(encoding="utf-8")


def entries(folder: Path) -> list[str]:
    """The lines of the baseline that are entries."""
    return [line for line in text(folder).splitlines() if line.startswith("  {")]
