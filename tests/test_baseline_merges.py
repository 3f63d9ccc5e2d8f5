"""Two branches that each shrink the baseline, merged by git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from baselines import create, entries, gate, project, text, update
from nosyncio.baseline import BaselineError
from nosyncio.config import DEFAULT_BASELINE
from nosyncio.gate import Outcome

SLEEP = "import time\n\nasync def {name}():\n    time.sleep(1)\n    open('x')\n"
MODULES = ("a", "b", "c", "d")


def git(folder: Path, *arguments: str) -> int:
    """Run git as itself, without anybody's configuration."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *who, *arguments], cwd=folder, env=env, capture_output=True, check=False).returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with four modules that block twice each, and a baseline."""
    project(tmp_path, {f"app/{name}.py": SLEEP.format(name=name) for name in MODULES})
    create(tmp_path)
    assert git(tmp_path, "init") == 0
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    assert git(folder, "add", "-A") == 0
    assert git(folder, "commit", "-m", "step") == 0


def branch(folder: Path, name: str) -> None:
    assert git(folder, "checkout", "-b", name, "main") == 0


def merge(folder: Path, one: str, other: str) -> int:
    """Merge `other` into `one`: 0 if git says that it is clean."""
    assert git(folder, "checkout", one) == 0
    return git(folder, "merge", "--no-edit", other)


def mend(folder: Path, name: str, call: str = "") -> None:
    """Make one call of a module async, or all of them."""
    path = folder / f"app/{name}.py"
    lines = [line for line in path.read_text().splitlines() if call not in line or "import" in line or "def" in line]
    path.write_text("\n".join([*lines, "    pass", ""]))
    update(folder)
    commit(folder)


def assert_mended(folder: Path, left: int) -> None:
    """One command makes it right: what both took out is out, what both kept is in, and it is what `create` would write."""
    update(folder)
    assert len(entries(folder)) == left
    assert gate(folder).outcome is Outcome.HOLDS
    mended = text(folder)
    create(folder, force=True)
    assert text(folder) == mended


def test_entries_apart_merge_by_themselves(folder: Path) -> None:
    branch(folder, "one")
    mend(folder, "a")
    branch(folder, "other")
    mend(folder, "c")
    assert merge(folder, "one", "other") == 0
    assert gate(folder).outcome is Outcome.HOLDS
    assert_mended(folder, 4)


def test_neighbours_conflict_and_one_command_mends_it(folder: Path) -> None:
    branch(folder, "one")
    mend(folder, "b")
    branch(folder, "other")
    mend(folder, "c")
    assert merge(folder, "one", "other") == 1
    assert "<<<<<<< " in text(folder)
    with pytest.raises(BaselineError, match=r"conflict markers of a merge; `nosyncio baseline update` mends that"):
        gate(folder)
    assert_mended(folder, 4)


def test_with_all_three_versions_in_the_conflict(folder: Path) -> None:
    branch(folder, "one")
    mend(folder, "b", "sleep")
    branch(folder, "other")
    mend(folder, "b", "open")
    assert git(folder, "config", "merge.conflictStyle", "diff3") == 0
    assert merge(folder, "one", "other") == 1
    assert "||||||| " in text(folder)
    (folder / "app/b.py").write_text("async def b():\n    pass\n")  # both sides' work
    assert_mended(folder, 6)


def test_union_never_stops_a_merge(folder: Path) -> None:
    """git takes back what the other branch took out: stale, till the command is run."""
    (folder / ".gitattributes").write_text(f"{DEFAULT_BASELINE} merge=union\n")
    commit(folder)
    assert git(folder, "branch", "-M", "main") == 0
    branch(folder, "one")
    mend(folder, "b")
    branch(folder, "other")
    mend(folder, "c")
    assert merge(folder, "one", "other") == 0
    assert gate(folder).outcome is Outcome.STALE
    assert_mended(folder, 4)


def test_a_move_and_a_removal(folder: Path) -> None:
    branch(folder, "one")
    (folder / "app/b.py").rename(folder / "app/bb.py")
    assert update(folder).moved == 2
    commit(folder)
    branch(folder, "other")
    mend(folder, "c")
    assert merge(folder, "one", "other") == 1
    assert_mended(folder, 6)


def test_a_folder_is_moved_while_another_branch_takes_out(folder: Path) -> None:
    """git follows the files; what the other branch mended in them is gone from under the new names, too."""
    branch(folder, "one")
    (folder / "app").rename(folder / "service")
    assert update(folder).moved == 8
    commit(folder)
    branch(folder, "other")
    mend(folder, "c", "sleep")
    mend(folder, "d")
    assert merge(folder, "one", "other") == 1
    assert_mended(folder, 5)


def test_what_one_branch_adds_is_not_let_in_by_a_conflict(folder: Path) -> None:
    branch(folder, "one")
    mend(folder, "b")
    branch(folder, "other")
    mend(folder, "c")
    path = folder / "app/d.py"
    path.write_text(path.read_text() + "    open('y')\n")
    commit(folder)
    assert merge(folder, "one", "other") == 1
    assert update(folder).unknown == 1
    assert gate(folder).outcome is Outcome.FAILS
