"""Every fixture and every fixture project through pylint: what `nosyncio check` finds, and what astroid adds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import markers
from linted import Message, fixture_name, lint
from nosyncio.rules import codes

FIXTURES = markers.fixtures()
PROJECTS = sorted(path for path in (markers.FIXTURES / "projects").iterdir() if path.is_dir())
INFERRED = [path for path in FIXTURES if path.parent.name == "inferred"]


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures where no folder above has a configuration. Each project is a repository, so that its files belong together."""
    folder = tmp_path_factory.mktemp("linted") / "fixtures"
    shutil.copytree(markers.FIXTURES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for project in PROJECTS:
        (folder / "projects" / project.name / ".git").mkdir()
    return folder


@pytest.fixture(scope="session")
def said(copied: Path) -> list[Message]:
    """What pylint says of all single files."""
    return lint(copied, *map(fixture_name, FIXTURES))


@pytest.mark.parametrize("path", FIXTURES, ids=fixture_name)
def test_pylint_says_what_the_markers_do(path: Path, said: list[Message]) -> None:
    messages = [message for message in said if message.path == fixture_name(path) and not message.is_inferred]
    marked = markers.read(path.read_text(encoding="utf-8"))
    assert Counter((message.span.line, message.code) for message in messages) == marked.reported
    columns = {column for column in marked.columns if column[:2] in marked.reported}
    assert columns <= {(message.span.line, message.code, message.span.column) for message in messages}
    assert all(message.symbol == codes()[message.code].name for message in messages)


@pytest.mark.parametrize("path", FIXTURES, ids=fixture_name)
def test_astroid_adds_nothing_but_what_is_missed(path: Path, said: list[Message]) -> None:
    marked = markers.read(path.read_text(encoding="utf-8"))
    inferred = [message for message in said if message.path == fixture_name(path) and message.is_inferred]
    assert {message.confidence for message in inferred} <= {"INFERENCE"}
    added = {(message.span.line, message.code) for message in inferred}
    assert added <= set(marked.missed)
    if path in INFERRED:
        assert added == set(marked.missed)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_pylint_says_of_projects_what_their_markers_do(project: Path, copied: Path) -> None:
    folder = copied / "projects" / project.name
    messages = lint(folder, "--recursive=y", ".")
    assert messages
    for path in sorted(folder.rglob("*.py")):
        marked = markers.read(path.read_text(encoding="utf-8"))
        of_file = [message for message in messages if folder / message.path == path]
        found = Counter((message.span.line, message.code) for message in of_file if not message.is_inferred)
        assert found == marked.reported
        assert {(message.span.line, message.code) for message in of_file if message.is_inferred} <= set(marked.missed)


_RUNNER = """
import asyncio, inspect, json, runpy, sys, time

def recorder(*_):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    frame = inspect.currentframe()
    while not frame.f_code.co_flags & inspect.CO_COROUTINE:
        frame = frame.f_back
    seen.add(frame.f_lineno)

seen = set()
time.sleep = recorder
runpy.run_path(sys.argv[1], run_name="__main__")
print(json.dumps(sorted(seen)))
"""


@pytest.mark.parametrize("path", INFERRED, ids=fixture_name)
def test_what_astroid_adds_blocks_when_it_is_run_and_nothing_else_does(path: Path) -> None:
    """The programs are run with a `time.sleep` that notes from which line of a coroutine it was reached."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _RUNNER, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    marked = markers.read(path.read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == sorted({line for line, _ in marked.missed})


def test_there_are_fixtures_that_astroid_adds_to() -> None:
    assert sum(markers.read(path.read_text(encoding="utf-8")).missed.total() for path in INFERRED) > 10
