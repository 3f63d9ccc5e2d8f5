"""Names that try to break a format: the report stays valid, and says which file is meant."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from commands import SLEEPS
from reports import cases, code_quality, commands, made

NAMES = [
    b"with space.py",
    "漢字é\U0001f600.py".encode(),
    b"und\xff.py",
    b"new\nline\r.py",
    b"tab\tbell\x07null\x01.py",
    b"esc\x1b[31m.py",
    b"::error file=x::.py",
    b"a,b=c;d%0A%25.py",
    b"C:colon.py",
    b"q\"uo'te.py",
    b"<![CDATA[]]>&amp;.py",
    b"{0}[1](2)\\.py",
    "\ufffe\ufdd0\u2028.py".encode(),
    b"-dash#?.py",
]
NEITHER_WAY = [*NAMES, *(b"x" + name for name in NAMES)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Each name once with a finding, and once, with an `x` before it, for a file that cannot be parsed."""
    for name in NAMES:
        (tmp_path / os.fsdecode(name)).write_text(SLEEPS)
        (tmp_path / os.fsdecode(b"x" + name)).write_text("def f(:\n")
    return tmp_path


def escaped(name: bytes) -> str:
    """A name as text; bytes that are none as an escape."""
    return os.fsdecode(name).encode(errors="backslashreplace").decode()


def test_github(folder: Path) -> None:
    text = made(folder, "github")
    found = commands(text)
    assert {command.name for command in found} == {"notice", "error"}
    assert sorted(command.properties["file"] for command in found if command.name == "error") == sorted(map(escaped, NEITHER_WAY))
    assert "\r" not in text
    assert all(char.isprintable() or char == "\n" for command in found for char in command.data)


def test_gitlab(folder: Path) -> None:
    entries = code_quality(made(folder, "gitlab"))
    assert sorted(entry["location"]["path"] for entry in entries) == sorted(map(escaped, NEITHER_WAY))


def test_junit(folder: Path) -> None:
    found = cases(made(folder, "junit"))
    assert len(found) == len(NEITHER_WAY)
    assert "und\\udcff" in {case.classname for case in found}
    assert all("NSI101" in case.name or "NSI902" in case.name for case in found)


def test_sarif(folder: Path) -> None:
    (run,) = json.loads(made(folder, "sarif"))["runs"]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert sorted(map(unquote_to_bytes, uris)) == sorted(NEITHER_WAY)
    assert all(uri.isascii() and uri.isprintable() and not {*uri} & {*' <>"{}|\\^`:?#'} for uri in uris)


def test_a_reason_is_text_in_each_format(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("f'{x!z}' '\u0007\u2028%0A'\n")
    (command,) = commands(made(tmp_path, "github"))
    assert "NSI902 not analysed: " in command.data
    assert len(code_quality(made(tmp_path, "gitlab"))) == len(cases(made(tmp_path, "junit"))) == 1
    (run,) = json.loads(made(tmp_path, "sarif"))["runs"]
    assert run["results"][0]["message"]["text"].replace("{{", "").replace("}}", "").count("{") == 0
