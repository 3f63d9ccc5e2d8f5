"""`nosyncio check --stdin-filename`: what an editor has in a buffer counts, and the rest of the project is on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import SLEEPS, found, nosyncio, write
from nosyncio.store import FOLDER

PROJECT = {
    "pyproject.toml": '[tool.nosyncio]\nexclude = ["old"]\n',
    "app/__init__.py": "",
    "app/helper.py": "import time\n\ndef wait():\n    time.sleep(1)\n",
    "app/main.py": "",
    "old/main.py": SLEEPS,
}
CALLS = "from app.helper import wait\n\nasync def main():\n    wait()\n"
TEXTS = {
    "a chain": CALLS,
    "with a comment": CALLS.replace("wait()\n", "wait()  # noqa: NSI301\n    wait()  # noqa: NSI101\n"),
    "as on disk": "",
    "byte order mark": "\ufeff" + SLEEPS,
    "newlines": SLEEPS.replace("\n", "\r\n"),
    "syntax": "def (:\n",
    "NUL": "x = 1\n\0\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, PROJECT)
    return tmp_path


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", ["app/main.py", "app/new.py"])
def test_the_same_as_of_a_file(project: Path, name: str, text: str) -> None:
    buffered = [
        nosyncio(project, "check", "--stdin-filename", name, *more, text=text) for more in ([], [], ["--no-cache"], ["-"])
    ]
    write(project, {name: text})
    assert buffered == [nosyncio(project, "check", name, "--no-cache")] * 4


def test_in_a_folder_that_is_not_there_yet(project: Path) -> None:
    text = "import time\nfrom late.work import wait as again\n\ndef wait(): time.sleep(1)\n\nasync def main():\n    again()\n"
    buffered = [nosyncio(project, "check", "--stdin-filename", "late/work.py", *more, text=text) for more in ([], ["--no-cache"])]
    write(project, {"late/work.py": text})
    alone = nosyncio(project, "check", "late/work.py", "--no-cache")
    assert "NSI301" in alone.out
    assert buffered == [alone] * 2


def test_a_buffer_leaves_nothing_behind(project: Path) -> None:
    for _ in range(2):
        done = nosyncio(
            project, "check", "--stdin-filename", "app/helper.py", "--output-format", "json", text="async def f(): input()"
        )
        assert [item["code"] for item in json.loads(done.out)["findings"]] == ["NSI112"]
        assert found(project) == []
    assert (project / FOLDER / "store.sqlite").is_file()


def test_what_changes_on_disk_counts(project: Path) -> None:
    for helper, code in ((PROJECT["app/helper.py"], 1), ("def wait(): pass\n", 0), (PROJECT["app/helper.py"], 1)):
        write(project, {"app/helper.py": helper})
        for _ in range(2):
            assert nosyncio(project, "check", "--stdin-filename", "app/main.py", text=CALLS).code == code


def test_the_excerpt_is_of_the_buffer(project: Path) -> None:
    done = nosyncio(project, "check", "--stdin-filename", "app/main.py", text=CALLS)
    assert "    wait()\n    ^^^^^^\n" in done.out
    assert "time.sleep(1)" in done.out


def test_what_is_excluded_is_not_checked(project: Path) -> None:
    assert nosyncio(project, "check", "--stdin-filename", "old/main.py", text=SLEEPS).code == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--stdin-filename", "a.py", "app"], "no paths beside it"),
        (["--stdin-filename", "app"], "a folder"),
    ],
)
def test_what_makes_no_sense(project: Path, arguments: list[str], problem: str) -> None:
    done = nosyncio(project, "check", *arguments, text=SLEEPS)
    assert done.code == 2
    assert problem in done.err
    assert "Traceback" not in done.err
