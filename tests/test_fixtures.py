"""Every fixture through the engine, the command line and flake8: what its markers say, and nothing once it is suppressed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import markers
from nosyncio.model import Finding, Span
from nosyncio.suppress import apply_comments
from support import check_source, checked_files

FIXTURES = markers.fixtures()


def _name(path: Path) -> str:
    return path.relative_to(markers.FIXTURES).as_posix()


@pytest.mark.parametrize("path", FIXTURES, ids=_name)
def test_engine_reports_what_the_markers_say(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert markers.disagreements(text, check_source(text)) == []


@pytest.mark.parametrize("path", FIXTURES, ids=_name)
def test_noqa_in_place_of_markers_leaves_nothing(path: Path) -> None:
    (checked,) = checked_files({"module.py": markers.as_noqa(path.read_text(encoding="utf-8"))})
    kept = apply_comments(checked.path, checked.findings, checked.comments, silencing=checked.silencing)
    assert [finding for finding in kept if not markers.is_redundant(finding)] == []


@pytest.fixture(scope="session")
def from_command_line() -> dict[str, list[Finding]]:
    """What `nosyncio check` finds in the folder of fixtures, by file."""
    command = [sys.executable, "-m", "nosyncio", "check", "--isolated", "--no-respect-gitignore", "--output-format", "json"]
    select = ["--extend-select", "NSI114,NSI115,NSI214,NSI215,NSI314,NSI315"]
    done = subprocess.run([*command, *select, "."], cwd=markers.FIXTURES, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    found: dict[str, list[Finding]] = {}
    for item in json.loads(done.stdout)["findings"]:
        span = Span(item["line"], item["column"], item["end_line"], item["end_column"])
        finding = Finding(item["code"], item["name"], None, None, item["path"], span, None, item["callee"], item["message"])
        found.setdefault(item["path"], []).append(finding)
    return found


@pytest.fixture(scope="session")
def from_flake8() -> dict[str, list[Finding]]:
    """What flake8 with the plugin finds there, by file."""
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "NSI", "-j", "2", "."]
    done = subprocess.run(command, cwd=markers.FIXTURES, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, list[Finding]] = {}
    for path, line, column, code, message in re.findall(r"^\./(.*?):(\d+):(\d+): (NSI\d+) (.*)$", done.stdout, re.MULTILINE):
        span = Span(int(line), int(column), int(line), int(column))
        found.setdefault(path, []).append(Finding(code, "", None, None, path, span, None, None, message))
    return found


@pytest.mark.parametrize("path", FIXTURES, ids=_name)
@pytest.mark.parametrize("front_end", ["from_command_line", "from_flake8"])
def test_front_ends_report_the_same(path: Path, front_end: str, request: pytest.FixtureRequest) -> None:
    found: dict[str, list[Finding]] = request.getfixturevalue(front_end)
    text = path.read_text(encoding="utf-8")
    expected = check_source(text)
    on_by_default = [
        finding for finding in expected if front_end == "from_command_line" or not finding.code.endswith(("14", "15"))
    ]
    assert sorted(_key(finding) for finding in found.get(_name(path), [])) == sorted(_key(finding) for finding in on_by_default)


def _key(finding: Finding) -> tuple[int, int, str]:
    return (finding.span.line, finding.span.column, finding.code)


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) > 15


def _strict_cases() -> Iterator[tuple[str, str]]:
    yield "x = 1  # expect: NSI101\n", "line 1: NSI101 expected, not reported"
    yield "import time\nasync def f():\n    time.sleep(1)\n", "line 3: NSI101 reported, not expected"
    yield "import time\nasync def f():\n    time.sleep(1)  # missed: NSI101\n", "line 3: NSI101 is no longer missed"
    yield "import time\nasync def f():\n    time.sleep(1)  # expect: NSI101@6\n", "line 3: NSI101 expected at column 6"


@pytest.mark.parametrize(("text", "problem"), list(_strict_cases()))
def test_markers_are_strict_both_ways(text: str, problem: str) -> None:
    assert problem in markers.disagreements(text, check_source(text))
