"""`nosyncio report --output-format html`: the page of a real project, with its history if wanted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands import nosyncio, write
from repositories import Repository
from test_formats_hostile import NAMES
from test_page import Read

LOADS = """\
import json


class Cache:
    def get(self):
        with open("x") as file:
            return json.load(file)
"""
CALLS = """\
import asyncio
from cache import Cache


async def main():
    await asyncio.sleep(1)
    Cache().get()
"""
SLEEPS = "import time\n\n\nasync def f():\n    time.sleep(1)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {"cache.py": LOADS, "main.py": CALLS})
    return tmp_path


def made(folder: Path, *arguments: str, **environment: str) -> Read:
    """The page that the command writes."""
    done = nosyncio(folder, "report", "--output-format", "html:page.html", *arguments, **environment)
    assert (done.err, done.out) == ("", "")
    return Read((folder / "page.html").read_text(encoding="utf-8"))


def test_a_project_becomes_a_page(project: Path) -> None:
    read = made(project)
    assert "1 of 2 I/O operations in 2 files still block. The event loop gets to 1 of them." in read.texts
    assert {"main.py:7", "cache.py:6", "Cache().get()", "JSON load", "json.load"} <= {*read.texts}
    assert "svg" in read.tags
    assert "history" not in read.valued("id")


def test_it_is_the_same_each_time(project: Path) -> None:
    one = made(project, "--jobs", "1", PYTHONHASHSEED="1").page
    assert made(project, "--jobs", "2", PYTHONHASHSEED="2").page == one


def test_the_history_is_shown_where_it_is_wanted(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "project", tmp_path)
    for number in range(3):
        repository.write({f"more{number}.py": SLEEPS, ".gitignore": "page.html"})
        repository.git("add", "--all")
        repository.git("commit", "--quiet", "--message", f"<number> {number}")
    read = made(repository.folder, "--history")
    commits = [text for text in read.texts if text.endswith(" left, 0 % async coverage")]
    assert len(commits) == 2 * 3, "each once in each of two pictures"
    assert "<number> 0: 1 left" in commits[0]
    assert "<number> 2: 3 left" in commits[2]
    assert not [text for text in made(repository.folder, "--history", "--since", "HEAD~1").texts if "<number> 0" in text]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--history",), "--history: only html can show it"),
        (("--output-format", "html", "--since", "HEAD"), "--since says where the history begins, which --history asks for"),
        (("--output-format", "html", "--history"), "git"),
    ],
)
def test_what_cannot_be_shown_is_said(project: Path, arguments: tuple[str, ...], said: str) -> None:
    done = nosyncio(project, "report", *arguments)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


def test_any_file_name_is_text(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / os.fsdecode(name)).write_text(LOADS)
    read = made(tmp_path)
    places = {text.removesuffix(":6") for text in read.texts if text.endswith(":6")}
    assert len(places) == len(NAMES)
    assert "<![CDATA[]]>&amp;.py" in places
    assert all(place.isprintable() for place in places)
