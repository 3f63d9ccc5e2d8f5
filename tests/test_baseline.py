"""The baseline: what it knows is not reported, what it does not know is, and it only shrinks."""

from __future__ import annotations

from pathlib import Path

import pytest

import commands
from baselines import check, create, entries, gate, new, project, stale, text, update
from commands import flake8, nosyncio, write
from nosyncio.baseline import BaselineError
from nosyncio.config import DEFAULT_BASELINE
from nosyncio.gate import Outcome
from nosyncio.model import Finding

TWO_SLEEPS = """\
import time

async def main():
    time.sleep(1)
    time.sleep(2)
"""

CACHE = """\
import json

class Cache:
    def load(self):
        return self._read("a")

    def _read(self, name):
        with open(name) as file:
            return json.load(file)
"""

CALLER = """\
from cache import Cache

async def main(cache: Cache):
    return cache.load()
"""


def test_created_then_silent(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, "cache.py": CACHE, "b.py": CALLER})
    change = create(tmp_path)
    assert (change.entries, change.unknown) == (3, 0)
    report = check(tmp_path)
    assert report.findings == ()
    assert report.baseline is not None
    assert (report.baseline.file, report.baseline.known, report.baseline.stale) == (DEFAULT_BASELINE, 3, ())
    assert gate(tmp_path).outcome is Outcome.HOLDS


def test_an_entry_says_what_and_where_in_words_that_stay(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, "cache.py": CACHE, "b.py": CALLER})
    create(tmp_path)
    assert entries(tmp_path) == [
        '  { path = "a.py", function = "main", code = "NSI101", callee = "time.sleep" },',
        '  { path = "a.py", function = "main", code = "NSI101", callee = "time.sleep" },',
        '  { path = "b.py", function = "main", code = "NSI302", callee = "cache.Cache.load", leaf = "builtins.open",'
        ' leaf-path = "cache.py", leaf-function = "Cache._read" },',
    ]
    before = text(tmp_path)
    write(tmp_path, {"a.py": "# one\n# more\n" + TWO_SLEEPS.replace("(1)", "(seconds=  1)"), "cache.py": "'''Doc.'''\n" + CACHE})
    assert new(tmp_path) == []
    update(tmp_path)
    assert text(tmp_path) == before
    create(tmp_path, force=True)
    assert text(tmp_path) == before


def test_a_second_equal_call_is_new(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS})
    create(tmp_path)
    write(tmp_path, {"a.py": TWO_SLEEPS + "    time.sleep(3)\n"})
    assert new(tmp_path) == [("a.py", 6, "NSI101")]
    assert update(tmp_path).unknown == 1
    assert new(tmp_path) == [("a.py", 6, "NSI101")]


def test_a_new_leaf_behind_an_old_call_is_new_and_the_chain_leads_to_it(tmp_path: Path) -> None:
    project(tmp_path, {"cache.py": CACHE, "b.py": CALLER})
    create(tmp_path)
    (before,) = run_without(tmp_path)
    far = "        self._log()\n        return self._read('a')\n\n    def _log(self):\n        open('log')\n"
    write(tmp_path, {"cache.py": CACHE.replace('        return self._read("a")\n', far)})
    (both,) = run_without(tmp_path)
    assert len(both.leaves) == 2
    (finding,) = check(tmp_path).findings
    assert [leaf.hop.function for leaf in finding.leaves] == ["Cache._log"]
    assert [hop.function for hop in finding.chain] == ["main", "Cache.load", "Cache._log"]
    assert "`Cache.load` reaches `open` in 'cache.Cache._log' and blocks" in finding.message
    assert "more" not in finding.message
    assert finding.fingerprints.finding == both.fingerprints.finding == before.fingerprints.finding
    assert set(finding.fingerprints.leaves) == set(both.fingerprints.leaves) - set(before.fingerprints.leaves)


def run_without(folder: Path) -> tuple[Finding, ...]:
    """All findings, whatever the baseline says."""
    (folder / "pyproject.toml").write_text('[tool.nosyncio]\nbaseline = ""\n')
    found = check(folder).findings
    (folder / "pyproject.toml").write_text("[tool.nosyncio]\n")
    return found


OVERRIDES = """\
import time

class Far:
    def step(self):
        self.work()

    def work(self):
        time.sleep(1)

class Near(Far):
    def step(self):
        pass

async def main(worker: Far):
    worker.step()
"""


def test_a_nearer_leaf_behind_another_function_leaves_the_old_one_known(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": OVERRIDES})
    create(tmp_path)
    (old,) = entries(tmp_path)
    assert 'callee = "a.Far.step"' in old
    write(tmp_path, {"a.py": OVERRIDES.replace("        pass\n", "        time.sleep(2)\n")})
    assert stale(tmp_path) == []
    (finding,) = check(tmp_path).findings
    assert (finding.callee, len(finding.leaves)) == ("a.Near.step", 1)


def test_it_shrinks_and_an_entry_that_is_found_no_more_is_stale_till_then(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, "cache.py": CACHE, "b.py": CALLER})
    create(tmp_path)
    write(tmp_path, {"a.py": TWO_SLEEPS.replace("    time.sleep(2)\n", "")})
    (tmp_path / "b.py").unlink()
    assert stale(tmp_path) == [("a.py", "main", "NSI101"), ("b.py", "main", "NSI302")]
    assert gate(tmp_path).outcome is Outcome.STALE
    change = update(tmp_path)
    assert (change.entries, change.gone, change.moved) == (1, 2, 0)
    assert gate(tmp_path).outcome is Outcome.HOLDS
    write(tmp_path, {"a.py": TWO_SLEEPS})
    assert new(tmp_path) == [("a.py", 5, "NSI101")]


def test_a_partial_run_leaves_other_files_alone(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, "pkg/b.py": TWO_SLEEPS, "pkg/c.py": TWO_SLEEPS})
    create(tmp_path)
    write(tmp_path, {"a.py": "", "pkg/b.py": ""})
    (tmp_path / "pkg/c.py").unlink()
    assert stale(tmp_path, "a.py") == [("a.py", "main", "NSI101")] * 2
    assert stale(tmp_path, "pkg/b.py") == [("pkg/b.py", "main", "NSI101")] * 2
    assert {path for path, *_ in stale(tmp_path, "pkg")} == {"pkg/b.py", "pkg/c.py"}
    write(tmp_path, {"a.py": TWO_SLEEPS})
    assert new(tmp_path, "a.py") == []
    assert stale(tmp_path, "a.py") == []


def test_a_baseline_makes_a_project_of_a_folder(tmp_path: Path) -> None:
    """So that a part of it is checked with all of it in mind."""
    write(tmp_path, {"cache.py": CACHE, "b.py": CALLER, "c.py": "from b import main\n"})
    create(tmp_path)
    assert stale(tmp_path, "b.py") == []
    assert nosyncio(tmp_path, "check", "b.py").out == "nothing new in 1 file\n1 known in nosyncio-baseline.toml\n"


def test_what_could_not_be_analysed_keeps_its_entries(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, "cache.py": CACHE, "b.py": CALLER, "c.py": TWO_SLEEPS})
    create(tmp_path)
    before = text(tmp_path)
    write(tmp_path, {"cache.py": "def broken(:\n", "c.py": ""})
    assert stale(tmp_path) == []  # what `cache.py` hides is not known
    assert update(tmp_path).gone == 0
    assert text(tmp_path) == before
    create(tmp_path, force=True)
    assert text(tmp_path) == before
    config = '[tool.nosyncio.per-file-ignores]\n"cache.py" = ["NSI902"]\n'
    write(tmp_path, {"pyproject.toml": f"[tool.nosyncio]\n{config}"})
    assert stale(tmp_path) == [("c.py", "main", "NSI101")] * 2  # nobody waits for that file: its own entries alone stay
    assert update(tmp_path).entries == 3


def test_codes_and_files_that_a_run_does_not_look_for_are_left_alone(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, "b.py": TWO_SLEEPS})
    create(tmp_path)
    before = text(tmp_path)
    for line in ('ignore = ["NSI101"]', 'exclude = ["*.py"]', 'per-file-ignores = { "*.py" = ["NSI1"] }'):
        write(tmp_path, {"pyproject.toml": f"[tool.nosyncio]\n{line}\n"})
        assert gate(tmp_path).outcome is Outcome.HOLDS
        change = update(tmp_path)
        assert (change.entries, change.untouched) == (4, 4)
        assert text(tmp_path) == before
    create(tmp_path, force=True)
    assert entries(tmp_path) == []


def test_what_a_comment_hides_is_not_in_it(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS.replace("(1)", "(1)  # noqa: NSI101").replace("(2)", "(2)  # noqa: NSI102")})
    assert create(tmp_path).entries == 1
    assert [code for *_, code in new(tmp_path)] == ["NSI901"]  # the tool's own hygiene is nothing to live with
    write(tmp_path, {"a.py": TWO_SLEEPS.replace(")\n", ")  # noqa: NSI101\n").replace("():", "():  ")})
    assert stale(tmp_path) == [("a.py", "main", "NSI101")]


def test_what_is_declared_done_is_not_lived_with(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, "b.py": TWO_SLEEPS})
    create(tmp_path)
    write(tmp_path, {"a.py": f"# nosyncio: async-only\n{TWO_SLEEPS}"})
    assert new(tmp_path) == [("a.py", 5, "NSI101"), ("a.py", 6, "NSI101")]
    assert update(tmp_path).entries == 2
    change = create(tmp_path, force=True)
    assert (change.entries, change.unknown) == (2, 2)
    assert [path for path, *_ in flake8(tmp_path, ".")] == ["a.py", "a.py"]


def test_flake8_reports_what_it_does_not_know(tmp_path: Path) -> None:
    """Also where one of several equal calls has a comment."""
    project(tmp_path, {"a.py": TWO_SLEEPS.replace("(1)", "(1)  # noqa: NSI101"), "cache.py": CACHE, "b.py": CALLER})
    create(tmp_path)
    assert flake8(tmp_path, ".") == []
    write(tmp_path, {"a.py": TWO_SLEEPS + "    open('x')\n"})
    expected = [("a.py", 5, 5, "NSI101"), ("a.py", 6, 5, "NSI102")]
    assert commands.found(tmp_path) == expected
    assert flake8(tmp_path, ".") == expected
    assert len(flake8(tmp_path, "--nosyncio-baseline", "", ".")) == 4
    write(tmp_path, {DEFAULT_BASELINE: "version = 2\n"})
    done = commands.run(tmp_path, "-m", "flake8", ".")
    assert done.code == 1
    assert "version 2 is not known" in done.out + done.err


def test_create_does_not_overwrite(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS, DEFAULT_BASELINE: ""})
    with pytest.raises(BaselineError, match="update` shrinks it, --force"):
        create(tmp_path)
    assert text(tmp_path) == ""
    assert len(new(tmp_path)) == 2  # an empty one allows nothing
    assert create(tmp_path, force=True).entries == 2
    assert new(tmp_path) == []


def test_a_named_one_must_be_there(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS})
    write(tmp_path, {"pyproject.toml": '[tool.nosyncio]\nbaseline = "ci/known.toml"\n'})
    for command in (["check"], ["gate"], ["baseline", "update"]):
        done = nosyncio(tmp_path, *command)
        assert done.code == 2
        assert "known.toml: there is no such baseline; `nosyncio baseline create` writes one" in done.err
    done = nosyncio(tmp_path, "baseline", "create")
    assert done.code == 2
    assert "cannot be written: No such file or directory" in done.err
    (tmp_path / "ci").mkdir()
    done = nosyncio(tmp_path, "baseline", "create")
    assert (done.code, done.out, done.err) == (0, "ci/known.toml: 2 known\n", "")
    (tmp_path / "sub").mkdir()
    assert nosyncio(tmp_path / "sub", "baseline", "update").out == "../ci/known.toml: 2 known\n"


def test_the_command_line_says_how_many_are_known(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": TWO_SLEEPS})
    create(tmp_path)
    done = nosyncio(tmp_path, "check")
    assert (done.code, done.out) == (0, "nothing new in 1 file\n2 known in nosyncio-baseline.toml\n")
    assert commands.check(tmp_path)[1]["baseline"] == {"file": DEFAULT_BASELINE, "known": 2, "stale": []}
    write(tmp_path, {"a.py": TWO_SLEEPS.replace("    time.sleep(2)\n", "    open('x')\n")})
    done = nosyncio(tmp_path, "check")
    assert done.code == 1
    assert done.out.endswith("    NSI102  1\n1 known in nosyncio-baseline.toml, 1 stale: nosyncio baseline update\n")
    stale_entry = {"path": "a.py", "function": "main", "code": "NSI101", "callee": "time.sleep"}
    assert commands.check(tmp_path)[1]["baseline"]["stale"] == [stale_entry | {"leaf": "", "leaf_path": "", "leaf_function": ""}]
    assert (
        "nosyncio-baseline.toml: 1 known, 1 taken out\n    1 found that are not in it"
        in nosyncio(tmp_path, "baseline", "update").out
    )
    assert nosyncio(tmp_path, "check", "--isolated").out.count("NSI1") == 4
    assert nosyncio(tmp_path, "check", "--baseline", "").code == 1
