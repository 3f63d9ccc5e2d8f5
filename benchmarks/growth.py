"""How does the time grow with the project? `python benchmarks/growth.py [--rounds N] [--sizes N,N,...] [FOLDER]`

Takes parts of Home Assistant, which `corpora.py` fetches into FOLDER: its core, and as many of its integrations, evenly spaced in
the alphabet, as make the number of files. Checks them with chains and without a cache, fits time = a * files^b, and writes the
table in `docs/benchmarks.md`; with fewer rounds than three, or other sizes, it is printed instead.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import timing
from corpora import BASELINE, CORPORA, PARSE, corpus

SIZES = (500, 1000, 2000, 4000, 10_000)
"""In files; the last is more than there are."""


def part(project: Path, size: int, target: Path) -> Path:
    """A copy of the core and of enough integrations that together have about `size` files."""
    shutil.rmtree(target, ignore_errors=True)
    copy = target / project.name
    shutil.copytree(project, copy, ignore=lambda folder, names: names if Path(folder) == project / "components" else [])
    integrations = sorted(path for path in (project / "components").iterdir() if path.is_dir())
    wanted = size - _files(copy)
    chosen: list[Path] = []
    for step in _steps(len(integrations)):
        if wanted <= 0:
            break
        chosen.append(integrations[step])
        wanted -= _files(integrations[step])
    for integration in chosen:
        shutil.copytree(integration, copy / "components" / integration.name)
    shutil.copy(project / "components" / "__init__.py", copy / "components")
    return copy


def _steps(count: int) -> Iterator[int]:
    """The numbers below `count`, each time in the widest gap: 0, the half, the quarters, and so on."""
    seen: set[int] = set()
    parts = 1
    while len(seen) < count:
        for number in range(parts):
            place = number * count // parts
            if place not in seen:
                seen.add(place)
                yield place
        parts *= 2


def _files(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.py"))


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The b of a * x^b: the slope of the line through the logarithms that has the least squares."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x, mean_y = (sum(values) / len(logs) for values in zip(*logs))
    return math.fsum((x - mean_x) * (y - mean_y) for x, y in logs) / math.fsum((x - mean_x) ** 2 for x, _ in logs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(".benchmarks"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    options = parser.parse_args()
    folder = options.folder.resolve()
    project = corpus(folder, "homeassistant", CORPORA["homeassistant"])
    check = [sys.executable, "-m", "nosyncio", "check", "--isolated", "--output-format", "concise", "."]
    rows: list[list[str]] = []
    points: dict[str, list[tuple[float, float]]] = {"seconds": [], "processor": []}
    for size in map(int, options.sizes.split(",")):
        copy = part(project, size, folder / "part")
        cache = copy.parent / ".nosyncio_cache"
        commands = {
            BASELINE: timing.Command([sys.executable, "-c", PARSE, "."]),
            "nosyncio": timing.Command(check, partial(shutil.rmtree, cache, ignore_errors=True), (0, 1, 2)),
        }
        found = timing.in_turn(commands, copy.parent, options.rounds)  # from within, the package could not import itself
        files = _files(copy)
        baseline, ours = timing.median(found[BASELINE]), timing.median(found["nosyncio"])
        points["seconds"].append((files, ours.seconds))
        points["processor"].append((files, ours.processor))
        ratio = f"{ours.seconds / baseline.seconds:.2f}"
        rows.append([f"{files}", f"{ours.seconds:.2f}", ratio, f"{ours.processor:.2f}", f"{ours.peak:.0f}"])
    shutil.rmtree(folder / "part")
    heads = ["files", "median, s", f"to {BASELINE}", "processor, s", "largest process, MiB"]
    text = f"{timing.machine()} {options.rounds} rounds, after one that does not count.\n\n{timing.table(heads, rows)}"
    if len(rows) > 1:
        by_clock, by_processor = exponent(points["seconds"]), exponent(points["processor"])
        text += f"\nTime grows as files^{by_clock:.2f} by the clock, as files^{by_processor:.2f} by the processor.\n"
    if options.rounds >= 3 and options.sizes == ",".join(map(str, SIZES)):
        timing.write_section("growth", text)
    else:
        print(text)


if __name__ == "__main__":
    main()
