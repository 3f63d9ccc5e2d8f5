"""Context fixtures are executed, not believed.

Each fixture in `fixtures/contexts` is a program. It runs here with a `time.sleep` that only notes which call came, by its number,
and whether an event loop runs in that thread. What runs on the loop is then a fact, and the fixture's markers must agree with it.
A call in a sync function that the loop gets to is marked `# reachable`: it is a leaf of the chain that is reported where the way
to it leaves the loop's code. `# reachable: missed` is one that no chain finds yet.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import markers
from support import check_source

FIXTURES = sorted((markers.FIXTURES / "contexts").glob("*.py"))

_RUNNER = """
import asyncio, json, runpy, sys, time

def recorder(number):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        seen.append((number, False))
    else:
        seen.append((number, True))

seen = []
time.sleep = recorder
try:
    runpy.run_path(sys.argv[1], run_name="__main__")
finally:
    print()
    print(json.dumps(seen))
"""

_NUMBER = re.compile(r"\b[1-9]\d\d\b")
_OWED = re.compile(r"# (?:expect|missed): ((?:NSI\d{3}(?:@\d+)? ?)+)")
_REACHABLE = "# reachable"
_MISSED = "# reachable: missed"


def _name(path: Path) -> str:
    return path.name


def _line_of_each_number(text: str) -> dict[int, int]:
    """Where each numbered `time.sleep` stands."""
    lines: dict[int, int] = {}
    for line, content in enumerate(text.split("\n"), 1):
        code = content.partition("  # ")[0]
        if "time.sleep" in code:
            for number in map(int, _NUMBER.findall(code)):
                assert number not in lines, f"line {line}: the number {number} is not unique"
                lines[number] = line
    return lines


def _executed(path: Path) -> list[tuple[int, bool]]:
    command = [sys.executable, "-W", "ignore", "-c", _RUNNER, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return [(number, on_loop) for number, on_loop in json.loads(done.stdout.splitlines()[-1])]


def _disagreements(text: str, seen: list[tuple[int, bool]]) -> list[str]:
    """Where the markers of a program differ from what its run has shown."""
    places = _line_of_each_number(text)
    on_loop = Counter(places[number] for number in {number for number, on_loop in seen if on_loop})
    problems = []
    for line, content in enumerate(text.split("\n"), 1):
        owed = sum(codes.count("NSI101") for codes in _OWED.findall(content))
        if _REACHABLE in content:
            if owed or not on_loop[line]:
                problems.append(f"line {line}: said to be reachable, and {on_loop[line]} of its calls ran on the loop")
        elif owed != on_loop[line]:
            problems.append(f"line {line}: {owed} calls said to run on the loop, {on_loop[line]} did")
    return problems


@pytest.mark.parametrize("path", FIXTURES, ids=_name)
def test_what_runs_on_the_loop_is_what_the_markers_say(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    seen = _executed(path)
    assert {number for number, _ in seen} <= _line_of_each_number(text).keys()
    assert _disagreements(text, seen) == []


@pytest.mark.parametrize("path", FIXTURES, ids=_name)
def test_chains_end_in_what_is_reachable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    leaves = {leaf.hop.span.line for finding in check_source(text) for leaf in finding.leaves}
    marked = {number for number, line in enumerate(text.split("\n"), 1) if _REACHABLE in line and _MISSED not in line}
    assert leaves == marked


def test_there_are_context_fixtures() -> None:
    assert len(FIXTURES) > 5
    sites = [number for path in FIXTURES for number in _line_of_each_number(path.read_text(encoding="utf-8"))]
    assert len(sites) > 300


@pytest.mark.parametrize(
    ("line", "seen", "problem"),
    [
        ("time.sleep(101)", [(101, True)], "line 1: 0 calls said to run on the loop, 1 did"),
        ("time.sleep(101)  # false-alarm: NSI101", [(101, True)], "line 1: 0 calls said to run on the loop, 1 did"),
        ("time.sleep(101)  # expect: NSI101", [(101, False)], "line 1: 1 calls said to run on the loop, 0 did"),
        ("time.sleep(101)  # missed: NSI101", [], "line 1: 1 calls said to run on the loop, 0 did"),
        ("time.sleep(101)  # reachable", [], "line 1: said to be reachable, and 0 of its calls ran on the loop"),
    ],
)
def test_a_wrong_marker_is_found(line: str, seen: list[tuple[int, bool]], problem: str) -> None:
    assert _disagreements(line, seen) == [problem]
