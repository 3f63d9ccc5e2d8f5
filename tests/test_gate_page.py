"""docs/gate.md: its commands, run in order on an example, do what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from baselines import entries
from test_baseline_merges import commit, git

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "podcast-cli"


def page_command(name: str) -> str:
    found = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None, name
    return found[1]


def shell(folder: Path, name: str) -> int:
    """Run a command of the page with this `nosyncio` on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", page_command(name)], cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, check=False
    ).returncode


def test_the_way_from_the_first_command_to_the_last(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "before", tmp_path, dirs_exist_ok=True)
    git(tmp_path, "init")
    assert shell(tmp_path, "gate") == 1
    assert shell(tmp_path, "create") == 0
    assert shell(tmp_path, "gate") == 0
    commit(tmp_path)
    shutil.copytree(EXAMPLE / "after", tmp_path, dirs_exist_ok=True)
    assert shell(tmp_path, "gate") == 3
    assert shell(tmp_path, "update") == 0
    assert entries(tmp_path) == []
    assert shell(tmp_path, "gate") == 0
    commit(tmp_path)
    assert shell(tmp_path, "finish") == 0
    assert not (tmp_path / "nosyncio-baseline.toml").exists()
