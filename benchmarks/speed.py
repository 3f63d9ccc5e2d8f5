"""How long nosyncio takes over a project: cold, warm, one file changed; beside ruff and `ast.parse` over the same files.

    python benchmarks/speed.py FOLDER [--changed FILE ...] [--every N] [--rounds N]

FOLDER is copied first. Times are the processor's (user and system, with child processes), medians of the rounds; the tools run
one after the other in each round, so that what else the machine does befalls all of them. Ratios are of medians.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

_CHANGED = "changed: "
_SMALLEST = 4096
"""Bytes of a file that is chosen to be edited: most that are smaller hold constants or nothing."""

PARSE = """
import ast, pathlib, warnings
warnings.simplefilter("ignore")
for path in pathlib.Path(".").rglob("*.py"):
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        pass
"""


def seconds(command: Sequence[str], folder: Path) -> float:
    """The processor time of a command. Its exit code is its own business."""
    before = os.times()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measured(folder: Path, cache: Path, changed: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """The times of each thing that is measured, a round after the other."""
    check = [
        sys.executable,
        "-m",
        "nosyncio",
        "check",
        "--isolated",
        "--output-format",
        "concise",
        "--cache-dir",
        str(cache),
        ".",
    ]
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "ASYNC", "."]
    found: dict[str, list[float]] = {}

    def take(name: str, command: Sequence[str], before: Callable[[], None] = lambda: None) -> None:
        before()
        found.setdefault(name, []).append(seconds(command, folder))

    for number in range(rounds):
        take("ruff", ruff)
        take("ast.parse", [sys.executable, "-c", PARSE])
        take("cold", check, lambda: shutil.rmtree(cache, ignore_errors=True))
        take("warm", check)
        for name in changed:
            take(f"{_CHANGED}{name}", check, partial(_edit, folder / name, number))
    return found


def _edit(file: Path, number: int) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\n\ndef added_{number}() -> int:\n    return {number}\n")


def chosen(folder: Path, every: int) -> list[str]:
    """Each so manieth file that is not small, in the order of their paths."""
    files = sorted(file for file in folder.rglob("*.py") if file.stat().st_size >= _SMALLEST)
    return [file.relative_to(folder).as_posix() for file in files[every // 2 :: every]]


def table(found: dict[str, list[float]]) -> str:
    """The medians and spreads, as Markdown."""
    medians = {name: statistics.median(times) for name, times in found.items()}
    lines = ["| what | seconds | from | to | of ruff | of ast.parse |", "| --- | --- | --- | --- | --- | --- |"]
    edits = [time for name, times in found.items() if name.startswith(_CHANGED) for time in times]
    if edits:
        found = {**found, "any one changed": edits}
        medians["any one changed"] = statistics.median(edits)
    for name, times in found.items():
        ratios = (medians[name] / medians[other] for other in ("ruff", "ast.parse"))
        numbers = (medians[name], min(times), max(times), *ratios)
        lines.append(f"| {name} | {' | '.join(f'{number:.2f}' for number in numbers)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--changed", nargs="*", default=[], help="files in FOLDER that are edited, one at a time")
    parser.add_argument("--every", type=int, help="edit each so manieth file that is not small, too, one at a time")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "project"
        shutil.copytree(given.folder, copy, symlinks=True)
        changed = [*given.changed, *(chosen(copy, given.every) if given.every else ())]
        print(table(measured(copy, Path(place) / "cache", changed, given.rounds)))


if __name__ == "__main__":
    main()
