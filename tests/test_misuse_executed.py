"""Misuse fixtures are executed, not believed.

Every function of a fixture in `fixtures/misuse` that takes no arguments runs here, coroutine functions on a loop of their own.
What becomes of it is a fact: a thread that is given what it cannot call, a loop that cannot be started, a coroutine that nobody
awaits, blocking on the loop. The fixture's markers in the function must agree with it, both ways.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import markers

FIXTURES = sorted((markers.FIXTURES / "misuse").glob("*.py"))
EXECUTED = [
    path for path in FIXTURES if path.stem not in ("nested_loop_libraries", "nested_loop_patched", "offloads_that_take_both")
]
"""Those that need nothing but the standard library."""

_RUNNER = """
import asyncio, gc, inspect, io, json, runpy, sys, threading, time, warnings

def note(event):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    seen.add(event)

def audit(event, arguments):
    if event in ("os.scandir", "os.listdir"):
        note("blocks")

def failed(error):
    text = str(error)
    if isinstance(error, TypeError) and "callable" in text:
        seen.add("not callable")
    elif isinstance(error, RuntimeError) and "loop" in text:
        seen.add("no loop")
    else:
        raise error

seen = set()
outcomes = {}
out, sys.stdout = sys.stdout, io.StringIO()
time.sleep = lambda seconds: note("blocks")
threading.excepthook = lambda arguments: failed(arguments.exc_value)
sys.addaudithook(audit)
for name, function in runpy.run_path(sys.argv[1]).items():
    if not inspect.isfunction(function) or function.__module__ != "<run_path>" or name != function.__name__:
        continue
    parameters = inspect.signature(function).parameters.values()
    if hasattr(function, "__wrapped__") or any(parameter.default is parameter.empty for parameter in parameters):
        continue
    seen.clear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            made = function()
            if inspect.iscoroutine(made):
                asyncio.run(made)
        except (TypeError, RuntimeError) as error:
            failed(error)
        made = None
        gc.collect()
    if any("never awaited" in str(warning.message) for warning in caught):
        seen.add("never awaited")
    outcomes[name] = sorted(seen)
print(json.dumps(outcomes), file=out)
"""

_SHOWN_BY = {
    "NSI401": "not callable",
    "NSI402": "no loop",
    "NSI403": "blocks",
    "NSI404": "never awaited",
    "NSI405": "never awaited",
}
# What else may come of a misuse: a coroutine that cannot be started is not awaited either.
_MAY_COME_OF = {
    "not callable": {"NSI401"},
    "no loop": {"NSI402"},
    "never awaited": {"NSI401", "NSI402", "NSI404", "NSI405"},
}


def _name(path: Path) -> str:
    return path.name


def _outcomes(path: Path) -> dict[str, list[str]]:
    done = subprocess.run([sys.executable, "-c", _RUNNER, str(path)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    outcomes: dict[str, list[str]] = json.loads(done.stdout)
    return outcomes


def _codes(text: str) -> dict[str, set[str]]:
    """The codes that are owed in each function of a module, by its name."""
    found = markers.read(text)
    codes: dict[str, set[str]] = {}
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            codes[node.name] = {code for line, code in (*found.reported, *found.missed) if line in lines}
    return codes


@pytest.mark.parametrize("path", EXECUTED, ids=_name)
def test_what_becomes_of_it_is_what_the_markers_say(path: Path) -> None:
    outcomes = _outcomes(path)
    owed = _codes(path.read_text(encoding="utf-8"))
    problems = []
    for name, seen in outcomes.items():
        codes = owed.get(name, set())
        problems += [
            f"{name}: {code}, but not: {_SHOWN_BY[code]}" for code in codes & _SHOWN_BY.keys() if _SHOWN_BY[code] not in seen
        ]
        problems += [f"{name}: {event}, for no reason" for event in seen if codes.isdisjoint(_MAY_COME_OF.get(event, codes))]
    assert problems == []


def test_there_are_misuse_fixtures() -> None:
    assert len(EXECUTED) >= 5
    owed = [codes for path in EXECUTED for codes in _codes(path.read_text(encoding="utf-8")).values()]
    assert len(owed) > 150
    assert {code for codes in owed for code in codes if code.startswith("NSI4")} == _SHOWN_BY.keys()
