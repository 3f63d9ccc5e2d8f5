"""`nosyncio check --statistics`: how many calls on the loop were resolved, and why the others were not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands import SLEEPS, nosyncio, write
from nosyncio.analysis import statistics
from nosyncio.analysis.types import Reason

APP = """import json
from collections.abc import Callable
from functools import partial
from typing import Any, NewType

import nobody_knows

UserId = NewType("UserId", int)


class Store:
    def __init__(self, path: str) -> None:
        self.path = path

    def load(self) -> str:
        with open(self.path) as file:
            return file.read()

    @property
    def text(self) -> str:
        return self.load()

    def __call__(self) -> None: ...


def never_called() -> None:
    print()


async def main(store: Store, other, anything: Any, callback: Callable[[], int], maybe: Store | None) -> None:
    {body}
"""


def counted(folder: Path, *arguments: str) -> dict[str, Any]:
    """The statistics of the JSON document."""
    done = nosyncio(folder, "check", "--statistics", "--output-format", "json", *arguments)
    assert done.code in (0, 1), done.err
    found: dict[str, Any] = json.loads(done.out)["statistics"]
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Store('x')", "project"),
        ("store.load()", "project"),
        ("store()", "project"),
        ("maybe.load()", "project"),
        ("partial(store.load)()", "project library"),
        ("never_called()", "project"),
        ("(store.load if other else print)()", "project"),
        ("print()", "builtin"),
        ("[].append(1)", "builtin"),
        ("dict()", "builtin"),
        ("(print if other else json.dumps)()", "library"),
        ("json.dumps({})", "library"),
        ("nobody_knows.call()", "library"),
        ("UserId(1)", "library"),
        ("other()", Reason.PARAMETER.value),
        ("other.x.y()", Reason.PARAMETER.value),
        ("anything.go()", Reason.ANY.value),
        ("callback()", statistics.ONLY_RESULT),
        ("store.lod()", Reason.NO_ATTRIBUTE.value),
        ("store.path()", statistics.NOT_CALLABLE),
        ("None()", statistics.NOT_CALLABLE),
        ("undefined()", Reason.NAME.value),
        ("nobody_knows.call().go()", f"library {Reason.CALL.value}"),
        ("(print if other else anything.go)()", "builtin"),
        ("(print if other else store.lod)()", Reason.NO_ATTRIBUTE.value),
    ],
)
def test_what_a_call_counts_as(tmp_path: Path, body: str, expected: str) -> None:
    write(tmp_path, {"app.py": APP.format(body=body)})
    found = counted(tmp_path)["loop_code"]
    answers = {key: found[key] for key in ("project", "library", "builtin") if found[key]} | found["reasons"]
    wanted = [expected] if expected in set(found["reasons"]) else expected.split(" ", 1)
    assert answers == dict.fromkeys(wanted, 1)
    assert found["calls"] == len(wanted)
    assert found["unresolved"] == sum(found["reasons"].values())


def test_loop_code_and_what_it_reaches(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": APP.format(body="print(store.text, other.x(), store.text)")})
    assert counted(tmp_path) == {
        "loop_code": {
            "functions": 1,
            "calls": 2,
            "project": 0,
            "library": 0,
            "builtin": 1,
            "unresolved": 1,
            "reasons": {Reason.PARAMETER.value: 1},
            "properties": 2,
        },
        "reached": {
            "functions": 2,
            "calls": 3,
            "project": 1,
            "library": 1,
            "builtin": 1,
            "unresolved": 0,
            "reasons": {},
            "properties": 0,
        },
    }


def test_only_what_runs_is_counted(tmp_path: Path) -> None:
    source = (
        "async def f(xs):\n    lazy = (print(x) for x in xs)\n    def inner():\n        print()\n    class C:\n        print()\n"
        "    return lazy, inner\n\nprint()\n"
    )
    write(tmp_path, {"a.py": source})
    found = counted(tmp_path)["loop_code"]
    assert (found["functions"], found["calls"]) == (1, 1)


def test_the_table(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": APP.format(body="print(store.load(), other.x(), other.y())")})
    done = nosyncio(tmp_path, "check", "--statistics")
    assert done.code == 1
    lines = done.out.rpartition("\n\n")[2].splitlines()
    assert lines[0] == "call sites"
    rows = [line.split("  ") for line in lines[1:]]
    table = {"  ".join(row).strip().partition("  ")[0]: " ".join("  ".join(row).split()) for row in rows}
    assert table["calls"] == "calls 4 2"
    assert table["resolved to the code under check"] == "resolved to the code under check 1 25.0% 0 0.0%"
    assert table[Reason.PARAMETER.value] == f"{Reason.PARAMETER.value} 2 50.0% 0 0.0%"
    assert len({len(line) for line in lines if line.endswith("%")}) == 1


def test_concise_lines_stay_findings(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    done = nosyncio(tmp_path, "check", "--statistics", "--output-format", "concise")
    assert done.code == 1
    assert len(done.out.splitlines()) == 1
    assert done.err.startswith("call sites\n")


def test_no_statistics_unless_asked_and_none_of_nothing(tmp_path: Path) -> None:
    assert "call sites" in nosyncio(tmp_path, "check", "--statistics").out
    write(tmp_path, {"a.py": SLEEPS})
    assert "call sites" not in nosyncio(tmp_path, "check").out
    assert "statistics" not in json.loads(nosyncio(tmp_path, "check", "--output-format", "json").out)


def test_broken_and_deep_files_are_no_obstacle(tmp_path: Path) -> None:
    deep = f"from pathlib import Path\nasync def f():\n    x = Path('a'){' / str()' * 900}\n    x.read_text()\n"
    write(tmp_path, {"a.py": SLEEPS, "broken.py": "def f(:\n", "deep.py": deep})
    done = nosyncio(tmp_path, "check", "--statistics", "--output-format", "json")
    assert done.code in (1, 2)
    assert json.loads(done.out)["statistics"]["loop_code"]["calls"] >= 1


def test_only_the_files_that_are_checked_count(tmp_path: Path) -> None:
    helper = "def helper():\n    print()\n    print()\n"
    write(tmp_path, {"pyproject.toml": "[project]\nname = 'x'\n", "helper.py": helper})
    write(tmp_path, {"a.py": "from helper import helper\n\nasync def f():\n    helper()\n", "b.py": SLEEPS})
    whole = counted(tmp_path)
    assert (whole["loop_code"]["calls"], whole["reached"]["calls"]) == (2, 2)
    one = counted(tmp_path, "a.py")
    assert (one["loop_code"]["calls"], one["loop_code"]["project"], one["reached"]["calls"]) == (1, 1, 0)


def test_the_order_of_arguments_does_not_show(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": APP.format(body="other.x(); store.lod(); anything.y()"), "b.py": APP.format(body="store.load()")})
    first = nosyncio(tmp_path, "check", "--statistics", "a.py", "b.py")
    assert first == nosyncio(tmp_path, "check", "--statistics", "b.py", "a.py")
