"""What flake8 and pylint take up of earlier runs, and keep for later ones, never shows in what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from commands import SLEEPS, flake8, found, pylint, write
from nosyncio.analysis.source import normalized
from nosyncio.config import discover
from nosyncio.hosted import Hosted
from nosyncio.project import facts_of_text
from nosyncio.store import FOLDER, Cache

Place: TypeAlias = "tuple[str, int, int, str]"

PROJECT = {
    "pyproject.toml": "[tool.nosyncio]\n",
    "app/__init__.py": "",
    "app/helper.py": "import time\n\ndef wait():\n    time.sleep(1)\n\ndef quiet():\n    open('x')  # noqa: NSI102\n",
    "app/main.py": "from app.helper import wait, quiet\n\nasync def main():\n    wait()\n    quiet()\n",
    "app/other.py": SLEEPS,
}
EDITS: list[dict[str, str | None]] = [
    {"app/helper.py": "def wait(): pass\n\ndef quiet():\n    open('x')\n"},
    {"app/helper.py": None},
    {"app/helper.py": PROJECT["app/helper.py"], "app/late.py": "from app.main import main\nopen('x')\nasync def f(): input()\n"},
    {"app/main.py": "def (:\n", "app/other.py": SLEEPS.replace("sleep(1)", "sleep(0.5)")},
]


def with_flake8(folder: Path, *arguments: str) -> list[Place]:
    return flake8(folder, *arguments, "app")


def with_pylint(folder: Path, *arguments: str) -> list[Place]:
    only_ours = ("--disable=all", "--enable=nosyncio", "--disable=unexplained-suppression")
    places = pylint(folder, *only_ours, *arguments, "app")
    return [(path, line, column, code.replace("W9", "NSI")) for path, line, column, code in places if code.startswith("W9")]


LINTERS: dict[str, Callable[..., list[Place]]] = {"flake8": with_flake8, "pylint": with_pylint}
both = pytest.mark.parametrize("linter", LINTERS.values(), ids=LINTERS)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, PROJECT)
    return tmp_path


def edit(folder: Path, files: dict[str, str | None]) -> None:
    write(folder, {name: text for name, text in files.items() if text is not None})
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()


@both
@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_edits_between_runs(project: Path, linter: Callable[..., list[Place]], jobs: str) -> None:
    for changes in ({}, *EDITS):
        edit(project, changes)
        expected = found(project, "--no-cache")
        assert expected
        for _ in range(2):
            assert linter(project, jobs) == [place for place in expected if linter is with_pylint or place[-1] != "NSI901"]
    assert (project / FOLDER / "store.sqlite").is_file()


@both
def test_what_the_command_line_kept_is_taken_up(project: Path, linter: Callable[..., list[Place]]) -> None:
    expected = found(project)
    assert len(expected) == 2
    assert linter(project) == expected == found(project)


def test_nothing_is_judged_twice(project: Path) -> None:
    judged = []
    for _ in range(2):
        hosted = Hosted(discover(project), "flake8", Cache())
        for name in ("app/main.py", "app/other.py"):
            hosted.check(name)
        hosted.keep()
        judged.append(hosted._inspection._incremental.judged)
    assert judged == [2, 0]
    for number in range(2):
        hosted = Hosted(discover(project), "flake8", Cache())
        hosted.prepare([project], 1)
        assert [finding.code for finding in hosted.check("app/main.py").findings] == ["NSI301"]
        assert ("_inspection" in vars(hosted)) == (number == 0)


COMMANDS = {
    "flake8": ["flake8", "--select=NSI"],
    "pylint": ["pylint", "--load-plugins=nosyncio.pylint", "--disable=all", "--enable=nosyncio", "--score=n"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_runs_at_once(project: Path, command: list[str]) -> None:
    write(project, {f"app/m{number}.py": PROJECT["app/main.py"] for number in range(20)})
    full = [sys.executable, "-m", *command, "-j2", "app"]
    seen: list[list[bytes]] = []
    for _ in range(2):
        runs = [subprocess.Popen(full, cwd=project, stdout=subprocess.PIPE) for _ in range(3)]
        seen += [sorted(run.communicate(timeout=120)[0].splitlines()) for run in runs]
    assert seen == [seen[0]] * 6
    assert sum(b"reaches" in line for line in seen[0]) == 21


@both
def test_without_a_cache(project: Path, linter: Callable[..., list[Place]]) -> None:
    off = "--nosyncio-no-cache" if linter is with_flake8 else "--nosyncio-no-cache=y"
    expected = found(project, "--no-cache")
    assert linter(project, off) == linter(project, off, "-j2") == expected
    assert not (project / FOLDER).exists()


@pytest.mark.parametrize("arguments", [[], ["."], ["app/main.py"]], ids=["nothing", "the folder", "a file"])
def test_what_flake8_is_told_to_check_is_checked_ahead(project: Path, arguments: list[str]) -> None:
    places = flake8(project, *arguments)
    assert places == [
        place for place in found(project, "--no-cache") if not arguments or place[0].startswith(arguments[0].strip("."))
    ]
    assert (project / FOLDER / "store.sqlite").is_file()


@both
def test_a_cache_elsewhere(project: Path, linter: Callable[..., list[Place]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere") / "cache"
    expected = found(project, "--no-cache")
    for _ in range(2):
        assert linter(project, f"--nosyncio-cache-dir={folder}") == expected
    assert (folder / "store.sqlite").is_file()
    assert not (project / FOLDER).exists()


@both
@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_a_cache_that_cannot_be_written(project: Path, linter: Callable[..., list[Place]], jobs: str) -> None:
    write(project, {FOLDER: "a file of that name"})
    expected = found(project, "--no-cache")
    for _ in range(2):
        assert linter(project, jobs) == expected
    assert (project / FOLDER).read_text() == "a file of that name"


@both
def test_a_store_to_read_only(project: Path, linter: Callable[..., list[Place]]) -> None:
    assert linter(project) == found(project)
    edit(project, EDITS[0])
    os.chmod(project / FOLDER / "store.sqlite", 0o400)
    os.chmod(project / FOLDER, 0o500)
    try:
        expected = found(project, "--no-cache")
        for _ in range(2):
            assert linter(project) == expected
    finally:
        os.chmod(project / FOLDER, 0o700)


# ------------------------------------------------------------------------------------------------------------------- the buffer


BUFFER = "from app.helper import wait\nimport time\n\nasync def main():\n    time.sleep(1)\n\n\nasync def more():\n    wait()\n"


def as_text(hosted: Hosted, name: str, text: str) -> list[str]:
    """What is found in a text that stands for a file."""
    text = normalized(text)
    return [finding.code for finding in hosted.check_text(name, text, lambda: facts_of_text(text)).findings]


@pytest.mark.parametrize("is_ahead", [False, True])
@pytest.mark.parametrize("is_kept", [False, True])
def test_the_text_counts_and_not_the_file(project: Path, is_ahead: bool, is_kept: bool) -> None:
    for _ in range(2):
        hosted = Hosted(discover(project), "flake8", Cache(is_off=not is_kept))
        if is_ahead:
            hosted.prepare([project], 1)
        assert as_text(hosted, "app/other.py", SLEEPS) == ["NSI101"]
        assert as_text(hosted, "app/main.py", BUFFER) == ["NSI101", "NSI301"]
        assert as_text(hosted, "app/main.py", PROJECT["app/main.py"]) == ["NSI301"]
        assert as_text(hosted, "app/helper.py", "def wait(): pass\n") == []
        assert as_text(hosted, "app/main.py", BUFFER) == ["NSI101"]
        assert as_text(hosted, "app/new.py", BUFFER) == ["NSI101"]
        hosted.keep()
    assert found(project) == found(project, "--no-cache")


def test_a_file_that_is_edited_while_flake8_runs(project: Path) -> None:
    hosted = Hosted(discover(project), "flake8", Cache())
    hosted.prepare([project], 1)
    write(project, {"app/other.py": "import time\n"})
    assert as_text(hosted, "app/other.py", "import time\n") == []
    assert as_text(hosted, "app/main.py", PROJECT["app/main.py"]) == ["NSI301"]


def test_a_buffer_leaves_nothing_behind(project: Path) -> None:
    expected = found(project, "--no-cache")
    for _ in range(2):
        given = flake8(project, "--stdin-display-name", "app/helper.py", "-", text="async def f(): input()\n")
        assert given == [("app/helper.py", 1, 16, "NSI112")]
        assert with_flake8(project) == expected
