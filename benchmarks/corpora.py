"""How long do nosyncio and its peers take for whole projects? `python benchmarks/corpora.py [--rounds N] [--only NAME] [FOLDER]`

Fetches the projects and the peers from the package index into FOLDER (`.benchmarks`; what is there is not fetched again), runs
all of them on the same files in turn, and writes the table in `docs/benchmarks.md`. With `--only`, or fewer rounds than five, the
table is printed instead. Run it with Python 3.12 or later, which Home Assistant is written for, on a quiet machine: the slowest
peers take hours.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import timing

CORPORA = {
    "jupyter_server": "jupyter_server==2.21.1",
    "prefect": "prefect==3.9.1",
    "homeassistant": "homeassistant==2025.1.4",
}
"""A small server with handlers; an async library with deep calls; many small files around one core."""

BASELINE = "ast.parse"
PEERS = {"ruff": "ruff", "ty-async": "ty-async", "flake8": "flake8", "flake8-async": "flake8-async", "pylint": "pylint"}
_SLOW = frozenset(("flake8-async", "flake8", "pylint", "blockpath"))
_MOST_FILES = {"pylint": 500}
"""A peer that takes hours is left out where there are more files."""

_DOWNLOAD = ("download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python")

PARSE = """
import ast, pathlib, sys, warnings
warnings.simplefilter("ignore")
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    try:
        ast.parse(path.read_bytes())
    except SyntaxError:
        pass
"""


class Tool(NamedTuple):
    """How a peer is called, its version, and how many rounds it gets at most."""

    command: timing.Command
    version: str
    rounds: int


def corpus(folder: Path, name: str, requirement: str) -> Path:
    """The package's own code, from its wheel, unpacked in `folder`."""
    target = folder / "corpora" / requirement
    if not target.is_dir():
        wheels = folder / "wheels"
        _pip(Path(sys.executable), *_DOWNLOAD, "--dest", str(wheels), requirement)
        wanted = requirement.replace("==", "-")
        (wheel,) = (path for path in wheels.glob("*.whl") if path.name.startswith(f"{wanted}-"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target / "unpacked")
        for path in (target / "unpacked").iterdir():
            if path.name.endswith((".dist-info", ".data")):
                shutil.rmtree(path)
    return target / "unpacked" / name


def environment(folder: Path, name: str, *packages: str) -> Path:
    """The Python of a virtual environment with `packages`."""
    target = folder / "environments" / name
    inside = target / "bin" / "python"
    if not inside.exists():
        venv.create(target, with_pip=True)
        _pip(inside, "install", *packages)
    return inside


def tools(folder: Path, project: Path, rounds: int) -> Iterator[tuple[str, Tool]]:
    """What is compared, by name. The baseline comes first."""

    def ours() -> None:
        shutil.rmtree(project / ".nosyncio_cache", ignore_errors=True)

    yield BASELINE, Tool(timing.Command([sys.executable, "-c", PARSE, "."]), "", rounds)
    check = [sys.executable, "-m", "nosyncio", "check", "--isolated", "--output-format", "concise", "."]
    yield "nosyncio", Tool(timing.Command(check, ours, (0, 1, 2)), _version(Path(sys.executable), "nosyncio"), rounds)
    for name, package in PEERS.items():
        python = environment(folder, name, *({package, "flake8"} if "flake8" in name else {package}))
        yield name, Tool(_peer(name, python), _version(python, package), 1 if name in _SLOW else rounds)
    if sys.version_info >= (3, 12):  # as blockpath wants
        python = environment(folder, "blockpath", "blockpath")
        yield "blockpath", Tool(_peer("blockpath", python), _version(python, "blockpath"), 1)


def _peer(name: str, python: Path) -> timing.Command:
    beside = str(python.parent)
    flake8 = [str(python), "-m", "flake8", "--isolated", "--exit-zero"]
    return {
        "ruff": timing.Command([f"{beside}/ruff", "check", "--isolated", "--preview", "--no-cache", "--select=ASYNC", "."]),
        "ty-async": timing.Command([f"{beside}/ty-async", "."]),
        "flake8": timing.Command([*flake8, "--select=E9", "."]),
        "flake8-async": timing.Command([*flake8, "--select=ASYNC", "."]),
        "pylint": timing.Command([str(python), "-m", "pylint", "--rcfile=", "--recursive=y", "--exit-zero", "."]),
        "blockpath": timing.Command([f"{beside}/blockpath", "check", "."]),
    }[name]


def compared(folder: Path, name: str, requirement: str, rounds: int) -> Iterator[list[str]]:
    """The rows of a project."""
    project = corpus(folder, name, requirement).parent  # from within, the package could not import itself
    files = sum(1 for _ in project.rglob("*.py"))
    found: dict[str, list[timing.Run]] = {}
    chosen = dict(tools(folder, project, rounds))
    left_out = {tool for tool, most in _MOST_FILES.items() if files > most}
    for count in sorted({tool.rounds for tool in chosen.values()}, reverse=True):
        commands = {tool: item.command for tool, item in chosen.items() if item.rounds == count and tool not in left_out}
        found.update(timing.in_turn(commands, project, count))
    baseline = timing.median(found[BASELINE])
    for tool, item in chosen.items():
        title = f"{tool} {item.version}".strip()
        if tool in left_out:
            yield [f"{requirement}, {files} files", title, *["left out"] * 2, "", "", ""]
            continue
        runs = found[tool]
        middle = timing.median(runs)
        yield [
            f"{requirement}, {files} files",
            title,
            f"{middle.seconds:.2f}",
            f"{middle.seconds / baseline.seconds:.2f}",
            timing.spread(runs),
            f"{middle.processor:.2f}",
            f"{middle.peak:.0f}",
        ]


def _pip(python: Path, *arguments: str) -> None:
    subprocess.run([str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def _version(python: Path, package: str) -> str:
    ask = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    return subprocess.run([str(python), "-c", ask, package], check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(".benchmarks"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=CORPORA)
    options = parser.parse_args()
    folder = options.folder.resolve()
    chosen = {name: item for name, item in CORPORA.items() if options.only in (None, name)}
    heads = ["project", "tool", "median, s", f"to {BASELINE}", "spread, s", "processor, s", "largest process, MiB"]
    how = f"Up to {options.rounds} rounds, after one that does not count; the slowest tools once, after the others."
    rows: list[list[str]] = []
    for name, item in chosen.items():
        rows += compared(folder, name, item, options.rounds)
        text = f"{timing.machine()} {how}\n\n{timing.table(heads, rows)}"
        if options.only is None and options.rounds >= 5:
            timing.write_section("corpora", text)  # what there is by now: the next one may take an hour
        else:
            print(text)


if __name__ == "__main__":
    main()
