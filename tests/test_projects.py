"""Fixture projects, for what crosses files: each folder of `fixtures/projects` is one, and its markers say what is found."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

import commands
import markers
from nosyncio import rules, run
from nosyncio.checked import Checked
from nosyncio.config import Config, Located, discover, merged
from nosyncio.discovery import find_files
from nosyncio.engine import Engine
from nosyncio.project import DiskFiles

PROJECTS = sorted(path for path in (markers.FIXTURES / "projects").iterdir() if path.is_dir())

# Prefixes select only what is on by default.
_OFF_BY_DEFAULT = tuple(code.code for code in rules.codes().values() if not code.default)

each_project = pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)


def _located(project: Path) -> Located:
    """The project's own configuration if it has one, never that of a folder above it; with every code on."""
    located = discover(project)
    if located.file != project / "pyproject.toml":
        located = Located(Config(), project)
    everything = merged(located.config, {"select": ("ALL",), "extend_select": _OFF_BY_DEFAULT})
    return Located(everything, located.root, located.file, located.library)


@cache
def _checked(project: Path) -> dict[str, Checked]:
    """What the engine says of each file of a project."""
    located = _located(project)
    files = DiskFiles(project)
    paths, unreadable = find_files(project, [project], located.config)
    checked = {item.path: item for item in Engine(files, located.config, located.library).check(paths)}
    assert not unreadable
    assert not files.failures
    return checked


def _texts(project: Path) -> dict[str, str]:
    return {path.relative_to(project).as_posix(): path.read_text(encoding="utf-8") for path in project.rglob("*.py")}


@each_project
def test_engine_reports_what_the_markers_say(project: Path) -> None:
    checked = _checked(project)
    texts = _texts(project)
    assert checked.keys() == texts.keys()
    assert [item.problem for item in checked.values() if item.problem] == []
    problems = {path: markers.disagreements(text, checked[path].findings) for path, text in texts.items()}
    assert {path: found for path, found in problems.items() if found} == {}


@each_project
def test_noqa_in_place_of_markers_leaves_nothing(project: Path, tmp_path: Path) -> None:
    suppressed = tmp_path / project.name
    shutil.copytree(project, suppressed, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in _texts(project).items():
        (suppressed / path).write_text(markers.as_noqa(text), encoding="utf-8")
    report = run.check(_located(suppressed), [suppressed], base=suppressed)
    left = [finding for finding in report.findings if not markers.is_redundant(finding)]
    assert [(item.path, item.span.line, item.code) for item in left] == []
    assert report.not_analysed == ()


@each_project
def test_command_line_reports_the_same(project: Path) -> None:
    select = [option for code in ("ALL", *_OFF_BY_DEFAULT) for option in ("--select", code)]
    isolated = [] if _located(project).file else ["--isolated"]
    reported = commands.found(project, *isolated, *select)
    expected = [
        (path, finding.span.line, finding.span.column, finding.code)
        for path, item in _checked(project).items()
        for finding in item.findings
    ]
    assert sorted(reported) == sorted(expected)


def test_there_are_projects() -> None:
    assert len(PROJECTS) > 20
    texts = [text for project in PROJECTS for text in _texts(project).values()]
    assert sum(markers.read(text).reported.total() for text in texts) > 250
