"""Fingerprints: what is the same thing keeps its own, and a new thing gets a new one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands import checked, nosyncio, write
from nosyncio.config import Config, Located
from nosyncio.fingerprints import identities
from nosyncio.model import Identity, Report
from nosyncio.run import check, moved

APP = """import time
from helper import load

async def first():
    time.sleep(1)
    load()

async def second():
    time.sleep(2)
"""

HELPER = """import json

def load():
    with open("a") as file:
        return json.load(file)
"""


def of_findings(report: Report) -> set[str]:
    found = [finding.fingerprints.finding for finding in report.findings]
    assert len(found) == len(set(found)), "fingerprints are unique"
    return set(found)


def of_leaves(report: Report) -> set[str]:
    found = [leaf for finding in report.findings for leaf in finding.fingerprints.leaves]
    assert len(found) == len(set(found)), "fingerprints are unique"
    return set(found)


@pytest.fixture
def before(tmp_path: Path) -> Report:
    """What is found in the project before it is changed: two sleeps, and the chains to the `open` and to the `load` behind it."""
    write(tmp_path, {"app.py": APP, "helper.py": HELPER})
    report = checked(tmp_path)
    assert [(finding.code, len(finding.leaves)) for finding in report.findings] == [("NSI101", 0), ("NSI302", 1), ("NSI101", 0)]
    return report


@pytest.mark.parametrize(
    "changed",
    [
        {"app.py": f"# a comment\n\n\n{APP}", "helper.py": f"import os\n\n{HELPER}"},
        {"app.py": APP.replace("    load()", "    x = 1\n    return (\n        load())")},
        {"app.py": APP.replace("time.sleep(2)", "time.sleep(delay := 20)")},
        {
            "app.py": APP.replace("async def second():\n    time.sleep(2)\n", "").replace(
                "async", "async def second():\n    time.sleep(2)\nasync", 1
            )
        },
        {"app.py": APP.replace("import time\n", "import time as t\n").replace("time.sleep", "t.sleep")},
        {"rest.py": APP.replace("first", "third")},
    ],
    ids=["lines above", "within a statement", "other arguments", "functions moved", "another spelling", "another file"],
)
def test_what_is_the_same_keeps_its_fingerprint(tmp_path: Path, before: Report, changed: dict[str, str]) -> None:
    write(tmp_path, changed)
    after = checked(tmp_path)
    assert of_findings(before) <= of_findings(after)
    assert of_leaves(before) <= of_leaves(after)
    if "rest.py" not in changed:
        assert len(after.findings) == len(before.findings)


def test_a_second_call_of_the_same_sort_is_new(tmp_path: Path, before: Report) -> None:
    write(tmp_path, {"app.py": APP.replace("    load()", "    time.sleep(1)\n    load()\n    load()")})
    after = checked(tmp_path)
    assert of_findings(before) < of_findings(after)
    assert len(of_findings(after)) == len(before.findings) + 2
    assert len(of_leaves(after) - of_leaves(before)) == 1


@pytest.mark.parametrize("more", ['    open("b")\n', '    open("a")\n', "    other()\n\ndef other():\n    open('c')\n"])
def test_a_new_leaf_behind_an_old_call_is_new_and_the_finding_is_not(tmp_path: Path, before: Report, more: str) -> None:
    write(tmp_path, {"helper.py": HELPER.replace("    with", f"{more.splitlines()[0]}\n    with", 1) + more.partition("\n\n")[2]})
    after = checked(tmp_path)
    assert of_findings(after) == of_findings(before)
    assert of_leaves(before) < of_leaves(after)
    assert len(of_leaves(after)) == len(of_leaves(before)) + 1


@pytest.mark.parametrize(
    "changed",
    [
        {"app.py": APP.replace("second", "another")},
        {"app.py": APP.replace("time.sleep(2)", "input()")},
    ],
    ids=["another function", "another callee"],
)
def test_what_is_another_thing_has_another(tmp_path: Path, before: Report, changed: dict[str, str]) -> None:
    write(tmp_path, changed)
    assert len(of_findings(before) - of_findings(checked(tmp_path))) == 1


def test_a_leaf_in_a_function_of_the_same_name_elsewhere_is_another(tmp_path: Path, before: Report) -> None:
    write(tmp_path, {"deeper.py": HELPER, "helper.py": "import deeper\n\ndef load():\n    deeper.load()\n"})
    after = checked(tmp_path)
    assert of_findings(after) == of_findings(before)
    assert not of_leaves(after) & of_leaves(before)


def test_neither_the_working_folder_nor_where_the_project_lies_counts(tmp_path: Path) -> None:
    reports = []
    for place in ("one", "two/deeper"):
        root = tmp_path / place
        write(root, {"src/app.py": APP, "src/helper.py": HELPER, "src/broken.py": "def f(:\n"})
        located = Located(Config(), root)
        reports += [check(located, [root], base=base) for base in (root, root / "src", tmp_path)]
    assert {report.findings[0].path for report in reports} == {"src/app.py", "app.py", "one/src/app.py", "two/deeper/src/app.py"}
    assert len({frozenset(of_findings(report)) for report in reports}) == 1
    assert len({frozenset(of_leaves(report)) for report in reports}) == 1
    assert len({report.not_analysed[0].fingerprint for report in reports}) == 1
    assert moved(reports[0], tmp_path / "one", tmp_path) == reports[2]


def test_a_part_of_a_project_and_some_of_the_codes_give_the_same(tmp_path: Path, before: Report) -> None:
    report = check(Located(Config(ignore=("NSI1",)), tmp_path), [tmp_path / "app.py"], base=tmp_path)
    assert [finding.fingerprints for finding in report.findings] == [before.findings[1].fingerprints]


def test_each_failure_has_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def f(:\n", "b.py": "def f(:\n"})
    first, second = checked(tmp_path).not_analysed
    write(tmp_path, {"a.py": "# now on the second line\nx = '\n"})
    assert checked(tmp_path).not_analysed[0].fingerprint == first.fingerprint != second.fingerprint


def test_identities_are_numbered_in_source_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"app.py": "import time\nasync def f():\n    time.sleep(1); time.sleep(2)\n", "rest.py": "async def g(): input()\n"},
    )
    findings = checked(tmp_path).findings
    found = [(finding.span.column, *leaf) for finding, leaves in identities(reversed(findings)) for leaf in leaves]
    sleep = Identity("app.py", "f", "NSI101", "time.sleep")
    assert found == [(5, sleep, 0), (20, sleep, 1), (16, Identity("rest.py", "g", "NSI112", "builtins.input"), 0)]


def test_a_fingerprint_is_the_same_on_every_machine(tmp_path: Path) -> None:
    """The bytes themselves: a change here makes every alert that users have a new one."""
    write(tmp_path, {"é.py": "import time\nasync def f():\n    time.sleep(1)\n"})
    (finding,) = checked(tmp_path).findings
    assert finding.fingerprints.finding == "07163eee7aa2cf9456566182f6682461"


def test_names_that_are_no_text_have_fingerprints(tmp_path: Path) -> None:
    for name in (b"a\xff.py", b"a\xfe.py"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(APP)
    assert len(of_findings(checked(tmp_path))) == 4


def test_json_says_them(tmp_path: Path, before: Report) -> None:
    out = nosyncio(tmp_path, "check", "--isolated", "--output-format", "json").out
    for fingerprint in of_findings(before) | of_leaves(before):
        assert f'"fingerprint": "{fingerprint}"' in out
