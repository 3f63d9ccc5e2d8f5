"""The formats for CI systems, read as their consumers read them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import Error, Failure

from commands import nosyncio, write
from reports import PROJECT, cases, code_quality, commands, made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, PROJECT)
    return tmp_path


# ---------------------------------------------------------------------------------------------------------------------- github


def test_github_annotations(project: Path) -> None:
    broken, first, several, second, comment = commands(made(project, "github"))
    place = {"file": "src/app.py", "line": "5", "endLine": "5", "col": "5", "endColumn": "18", "title": "NSI101 sleep-in-async"}
    message = "src/app.py:5:5: NSI101 `time.sleep` blocks the event loop in 'main'; use `asyncio.sleep`"
    assert first == ("error", place, message)
    assert (several.properties["line"], several.properties["endLine"]) == ("7", "7")
    assert several.data.splitlines()[0].startswith("src/app.py:7:9: NSI302 `load` reaches `open` in 'helper.load' (and 1 more)")
    assert [line.split() for line in several.data.splitlines()[1:]] == [
        ["->", "src/helper.py:2:5", "in", "load", 'open("a")'],
        ["and", "1", "more", "blocking", "call", "behind", "it"],
    ]
    assert second.properties["line"] == "8"
    assert (comment.name, comment.properties["title"]) == ("warning", "NSI901 unused-suppression")
    assert broken.name == "error"
    assert broken.properties == {"file": "src/broken.py", "line": "2", "endLine": "2", "title": "NSI902 not-analysed"}
    assert "src/broken.py:2:1: NSI902 not analysed: syntax error" in broken.data


def test_github_has_no_columns_where_it_drops_them(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import time\nasync def f():\n    time.sleep(\n        1,\n    )\n"})
    (command,) = commands(made(tmp_path, "github"))
    assert command.properties == {"file": "a.py", "line": "3", "endLine": "5", "title": "NSI101 sleep-in-async"}


def test_github_says_that_it_shows_ten(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import time\nasync def f():\n" + "    time.sleep(1)\n" * 10})
    assert [command.name for command in commands(made(tmp_path, "github"))] == ["error"] * 10
    write(tmp_path, {"b.py": "async def f(:\n"})
    notice, first, *_ = commands(made(tmp_path, "github"))
    assert notice[:2] == ("notice", {"title": "nosyncio"})
    assert notice.data.startswith("10 findings in 2 files; 1 file could not be analysed. GitHub shows 10 annotations")
    assert first.properties["file"] == "b.py"


# ---------------------------------------------------------------------------------------------------------------------- gitlab


def test_gitlab_code_quality(project: Path) -> None:
    entries = code_quality(made(project, "gitlab"))
    assert [(entry["check_name"], entry["severity"], entry["location"]["lines"]) for entry in entries] == [
        ("not-analysed", "major", {"begin": 2, "end": 2}),
        ("sleep-in-async", "major", {"begin": 5, "end": 5}),
        ("open-reachable", "major", {"begin": 7, "end": 7}),
        ("sleep-in-async", "major", {"begin": 8, "end": 8}),
        ("unused-suppression", "minor", {"begin": 10, "end": 10}),
    ]
    assert {entry["location"]["path"] for entry in entries} == {"src/broken.py", "src/app.py"}
    assert entries[1]["description"] == "NSI101 `time.sleep` blocks the event loop in 'main'; use `asyncio.sleep`"


# ----------------------------------------------------------------------------------------------------------------------- junit


def test_junit(project: Path) -> None:
    first, several, second, comment, broken = cases(made(project, "junit"))
    assert {case.classname for case in (first, several, second, comment)} == {"src.app"}
    assert first.name == "NSI101 time.sleep in main"
    assert second.name == "NSI101 time.sleep in main (2)"
    assert several.name == "NSI302 helper.load in main"
    assert comment.name == "NSI901 unused-suppression"
    (result,) = first.result
    assert (type(result), result.type) == (Failure, "NSI101")
    assert result.message == "`time.sleep` blocks the event loop in 'main'; use `asyncio.sleep`"
    assert result.text == f"src/app.py:5:5: NSI101 {result.message}"
    assert '\n-> src/helper.py:2:5  in load  open("a")\n' in several.result[0].text
    assert (broken.classname, broken.name) == ("src.broken", "NSI902 not-analysed")
    assert isinstance(broken.result[0], Error)
    assert "src/broken.py:2:1: NSI902 not analysed: syntax error" in broken.result[0].text


def test_junit_has_only_what_its_schema_allows(project: Path) -> None:
    """`junit-10.xsd` of Jenkins' xunit plugin."""
    allowed = {
        "testsuites": {"name", "time", "tests", "failures", "errors"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        "testcase": {"name", "time", "classname", "group"},
        "failure": {"type", "message"},
        "error": {"type", "message"},
    }
    for element in ElementTree.fromstring(made(project, "junit")).iter():
        assert {*element.attrib} <= allowed[element.tag]


def test_junit_of_a_clean_project_passes(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "async def f(): ...\n"})
    (case,) = cases(made(tmp_path, "junit"))
    assert case.is_passed


# ------------------------------------------------------------------------------------------------------------------------- all


def test_paths_are_relative_to_the_repository(project: Path) -> None:
    (project / ".git").mkdir()
    for form, said in {
        "github": "file=src/app.py",
        "gitlab": '"src/app.py"',
        "junit": '"src/app.py"',
        "sarif": '"src/app.py"',
    }.items():
        assert said in nosyncio(project / "src", "check", "--isolated", "--output-format", form).out
    assert '"path": "app.py"' in nosyncio(project / "src", "check", "--isolated", "--output-format", "json").out


def test_an_empty_report_is_one(tmp_path: Path) -> None:
    assert made(tmp_path, "github") == ""
    assert code_quality(made(tmp_path, "gitlab")) == []
    assert len(cases(made(tmp_path, "junit"))) == 1
