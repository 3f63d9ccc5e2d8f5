"""The hooks of `.pre-commit-hooks.yaml`, run by the real pre-commit in git repositories made here, from this repository."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from commands import SLEEPS
from nosyncio import __version__
from repositories import CONFIG, ROOT, Repository, snapshot

CLEAN = "import asyncio\n\nasync def main():\n    await asyncio.sleep(1)\n"
PASSED = "nosyncio.................................................................Passed"
FOUND = "{}:4:5: NSI101 `time.sleep` blocks the event loop"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for this run of the tests, one for all of its processes."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "pre-commit"


@pytest.fixture(scope="session")
def source(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """This project, at a place that all processes know, so that pre-commit installs it once. It locks its home itself."""
    made = snapshot(tmp_path_factory.mktemp("snapshot") / "nosyncio", shared / "home")
    shared.mkdir(exist_ok=True)
    try:
        made.folder.rename(shared / "nosyncio")
    except OSError:  # another process was faster, with the same commit
        assert (shared / "nosyncio").is_dir()
    made.folder = shared / "nosyncio"
    return made


@pytest.fixture
def empty(tmp_path: Path, shared: Path) -> Repository:
    """A repository with nothing in it."""
    return Repository(tmp_path / "a project", shared / "home")


@pytest.fixture
def repository(empty: Repository, source: Repository) -> Repository:
    """A repository whose commits `nosyncio` checks."""
    empty.use(source, "nosyncio")
    return empty


def test_try_repo(empty: Repository, source: Repository) -> None:
    """What people do first, with no configuration: all hooks of a repository, installed anew."""
    empty.write({"a.py": SLEEPS})
    empty.git("add", "a.py")
    done = empty.pre_commit("try-repo", str(source.folder))
    assert done.code == 1
    assert done.out.count(FOUND.format("a.py")) == 2
    assert re.findall(r"hook id: (\S+)", done.out) == ["nosyncio", "nosyncio-gate"]


# ------------------------------------------------------------------------------------------------------- the files of a commit


def test_a_blocking_call_is_refused_and_its_repair_passes(repository: Repository) -> None:
    before = repository.head
    repository.write({"a.py": SLEEPS, "b.py": CLEAN})
    refused = repository.commit(".")
    assert refused.code == 1
    assert FOUND.format("a.py") in refused.err
    assert "use asyncio.sleep" in refused.err
    assert repository.head == before
    repository.write({"a.py": CLEAN})
    assert repository.commit(".").code == 0
    assert repository.head != before


def test_other_files_are_not_reported_on(repository: Repository) -> None:
    repository.write({"old.py": SLEEPS})
    repository.git("add", "old.py")
    repository.git("commit", "--quiet", "--no-verify", "--message", "old")
    repository.write({"new.py": CLEAN})
    assert repository.commit("new.py").code == 0


def test_a_chain_goes_through_files_that_are_not_changed(repository: Repository) -> None:
    repository.write({"app/__init__.py": "", "app/helper.py": "import time\n\ndef wait():\n    time.sleep(1)\n"})
    assert repository.commit(".").code == 0
    repository.write({"app/main.py": "from app.helper import wait\n\nasync def main():\n    wait()\n"})
    refused = repository.commit(".")
    assert refused.code == 1
    assert "app/main.py:4:5: NSI301 `wait` reaches `time.sleep`" in refused.err
    assert "-> app/helper.py:4:5  in wait" in refused.err


def test_odd_names(repository: Repository) -> None:
    names = ["with space.py", "ñ 漢字 🎉.py", "-dash.py", "quote'd.py", "#.py"]
    repository.write(dict.fromkeys(names, SLEEPS))
    refused = repository.commit(".")
    assert refused.code == 1
    assert [name for name in names if FOUND.format(name) not in refused.err] == []


def test_scripts_without_an_extension(repository: Repository) -> None:
    repository.write({"bin/run": f"#!/usr/bin/env python3\n{SLEEPS}"})
    (repository.folder / "bin/run").chmod(0o755)
    refused = repository.commit(".")
    assert "bin/run:5:5: NSI101" in refused.err


def test_deleted_files(repository: Repository) -> None:
    repository.write({"old.py": SLEEPS, "a.py": CLEAN})
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--no-verify", "--message", "old")
    repository.git("rm", "--quiet", "old.py")
    repository.write({"a.py": f"{CLEAN}\n"})
    done = repository.commit("a.py")
    assert (done.code, PASSED in done.err) == (0, True)
    repository.git("rm", "--quiet", "a.py")
    assert repository.commit().code == 0


def test_what_is_staged_counts(repository: Repository) -> None:
    repository.write({"a.py": CLEAN})
    repository.git("add", "a.py")
    repository.write({"a.py": SLEEPS})
    assert repository.commit().code == 0
    assert (repository.folder / "a.py").read_text() == SLEEPS
    repository.git("add", "a.py")
    repository.write({"a.py": CLEAN})
    refused = repository.commit()
    assert FOUND.format("a.py") in refused.err
    assert (repository.folder / "a.py").read_text() == CLEAN


def test_what_is_excluded_is_not_checked(repository: Repository) -> None:
    """pre-commit names each file; the configuration has the last word."""
    table = '[tool.nosyncio]\nexclude = ["vendored/"]\nper-file-ignores = {"tests/**" = ["NSI1"]}\n'
    repository.write({"pyproject.toml": table, "vendored/a b/a.py": SLEEPS, "tests/a.py": SLEEPS})
    assert repository.commit(".").code == 0
    repository.write({"src/a.py": SLEEPS})
    assert FOUND.format("src/a.py") in repository.commit(".").err


def test_one_process_for_all_files(repository: Repository) -> None:
    """Each reads the whole project."""
    repository.write({f"m{number}.py": SLEEPS for number in range(40)})
    assert "40 findings in 40 files" in repository.commit(".").err


def test_a_large_project_on_a_terminal(repository: Repository) -> None:
    """No progress bar: nobody sees the output before the end."""
    repository.write({f"m{number}.py": SLEEPS for number in range(301)})
    repository.git("add", ".")
    done = repository.pre_commit("run", "--color", "always")
    assert "\x1b[31m301 findings in 301 files\x1b[0m" in done.out
    assert "reading" not in done.out


# ------------------------------------------------------------------------------------------------------------ the whole project


def test_the_gate_refuses_whatever_the_commit_touches(empty: Repository, source: Repository) -> None:
    empty.use(source, "nosyncio-gate")
    empty.write({"old.py": SLEEPS, "notes.txt": "nothing"})
    empty.git("add", ".")
    empty.git("commit", "--quiet", "--no-verify", "--message", "old")
    before = empty.head
    empty.git("rm", "--quiet", "notes.txt")
    refused = empty.commit()
    assert refused.code == 1
    assert FOUND.format("old.py") in refused.err
    assert empty.head == before
    empty.git("rm", "--quiet", "old.py")
    assert empty.commit().code == 0


def test_only_the_gate_sees_that_a_helper_begins_to_block(empty: Repository, source: Repository) -> None:
    empty.use(source, "nosyncio", "nosyncio-gate")
    empty.write({"helper.py": "def wait():\n    pass\n", "main.py": "from helper import wait\n\nasync def main():\n    wait()\n"})
    assert empty.commit(".").code == 0
    empty.write({"helper.py": "import time\n\ndef wait():\n    time.sleep(1)\n"})
    refused = empty.commit(".")
    assert PASSED in refused.err
    assert re.findall(r"hook id: (\S+)", refused.err) == ["nosyncio-gate"]
    assert "main.py:4:5: NSI301" in refused.err


# ------------------------------------------------------------------------------------------------------------------- bad input


def test_a_file_that_is_no_python(repository: Repository) -> None:
    repository.write({"a.py": SLEEPS, "broken.py": "def f(:\n"})
    refused = repository.commit(".")
    assert refused.code == 1
    assert "broken.py:1:1: NSI902 not analysed: syntax error" in refused.err
    assert FOUND.format("a.py") in refused.err


def test_a_configuration_with_a_mistake(repository: Repository) -> None:
    repository.write({"a.py": CLEAN, "pyproject.toml": "[tool.nosyncio]\nselct = 1\n"})
    refused = repository.commit(".")
    assert refused.code == 1
    assert "unknown key 'selct'; did you mean 'select'?" in refused.err


def test_an_empty_repository(empty: Repository, source: Repository) -> None:
    """No commit, no files: only a configuration that git does not know of yet."""
    repo = f"[{{repo: {source.folder}, rev: {source.head}, hooks: [{{id: nosyncio}}, {{id: nosyncio-gate, verbose: true}}]}}]"
    empty.write({CONFIG: f"repos: {repo}\n"})
    done = empty.pre_commit("run", "--all-files")
    assert (done.code, done.err) == (0, "")
    assert "(no files to check)Skipped" in done.out
    assert "no Python files to check" in done.out


def test_nothing_to_check(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "side")
    repository.git("commit", "--quiet", "--allow-empty", "--message", "nothing")
    repository.git("checkout", "--quiet", "main")
    merged = repository.run("git", "merge", "--no-ff", "--message", "merge", "side")
    assert merged.code == 0
    assert "(no files to check)Skipped" in merged.err
    assert CONFIG in repository.git("ls-files")


# ------------------------------------------------------------------------------------------------------------------ the document


def test_the_documented_configurations(empty: Repository, source: Repository) -> None:
    text = (ROOT / "docs" / "pre-commit.md").read_text(encoding="utf-8")
    whole, part = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    empty.write(
        {
            "backend/pyproject.toml": '[tool.nosyncio]\nasync-only = ["store.py"]\n',
            "backend/store.py": "open('x')\n",
            "frontend/a.py": SLEEPS,
        }
    )
    empty.git("add", ".")
    expected = {whole: ["frontend/a.py:4:5: NSI101"] * 2, part: ["backend/store.py:1:1: NSI202"] * 2}
    for documented, found in expected.items():
        config, replaced = re.subn(r"repo: \S+\n    rev: (\S+)", f"repo: {source.folder}\n    rev: {source.head}", documented)
        assert (replaced, f"rev: v{__version__}\n" in documented) == (1, True)
        empty.write({CONFIG: config})
        empty.git("add", CONFIG)
        assert re.findall(r"^ *(\S+: \w+) `", empty.pre_commit("run").out, re.MULTILINE) == found
