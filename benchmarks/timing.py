"""Measuring commands, and tables of what was measured in `docs/benchmarks.md`.

Commands that are compared run in turn, round by round, so that whatever else the machine does meets all of them.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


class Run(NamedTuple):
    """One run. seconds: by the clock; processor: by all processes together. peak: MiB in the largest process."""

    seconds: float
    processor: float
    peak: float


@dataclass(frozen=True)
class Command:
    """What is measured. before: makes the state to begin with. codes: exit codes of a run that did its work."""

    arguments: Sequence[str]
    before: Callable[[], object] = lambda: None
    codes: Sequence[int] = (0, 1)
    environment: Mapping[str, str] = field(default_factory=dict)


class Failed(Exception):
    """A command did not do its work."""


def run(command: Command, folder: Path) -> tuple[Run, str]:
    """Run a command in `folder`: how that went, and what it printed. Raises Failed."""
    command.before()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **command.environment}
        process = subprocess.Popen(command.arguments, cwd=folder, stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        printed, complaint = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    if process.returncode not in command.codes or "Traceback" in complaint:
        raise Failed(f"{' '.join(command.arguments)}: exit code {process.returncode}\n{complaint[-2000:]}")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale), printed


def in_turn(commands: Mapping[str, Command], folder: Path, rounds: int) -> dict[str, list[Run]]:
    """Run commands round by round; the first round fills the file system's cache and does not count. What is so slow that one
    round is enough comes after the others, and has none that does not count."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(int(rounds == 1), rounds + 1):
        for name, command in commands.items():
            measured, _ = run(command, folder)
            print(f"{folder.name}, {name}, round {number}: {measured.seconds:.2f} s", file=sys.stderr, flush=True)
            if number:
                found[name].append(measured)
    return found


def median(runs: Sequence[Run]) -> Run:
    return Run(*(statistics.median(values) for values in zip(*runs)))


def spread(runs: Sequence[Run]) -> str:
    """The fastest and the slowest run, by the clock."""
    return f"{min(item.seconds for item in runs):.2f} to {max(item.seconds for item in runs):.2f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def machine() -> str:
    """What it ran on, in a sentence."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {platform.system()} on {platform.machine()}, Python {platform.python_version()}."


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put `text` into the section of that name of the page, between its markers, in place of what is there."""
    begin, end = f"<!-- measured: {name} -->", f"<!-- end of {name} -->"
    known = page.read_text(encoding="utf-8")
    section = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not section.search(known):
        raise ValueError(f"{page.name} has no section {name!r}")
    page.write_text(section.sub(lambda _: f"{begin}\n\n{text}\n{end}", known), encoding="utf-8")
