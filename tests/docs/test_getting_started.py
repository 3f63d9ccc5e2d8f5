"""The getting-started page, run as a newcomer would: in an environment of its own, where nothing is installed yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import literate

PAGE = literate.ROOT / "docs" / "getting-started.md"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The programs of a new environment, in which `nosyncio` is what this repository has."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    constraint = tmp_path / "constraint.txt"
    constraint.write_text(f"nosyncio @ {literate.ROOT.as_uri()}\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONSTRAINT", str(constraint))
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    return environment / ("Scripts" if os.name == "nt" else "bin")


def test_it_goes_as_the_page_says(programs: Path, tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert literate.commands(text)[0] == "pip install --quiet nosyncio"
    assert literate.performed(text, tmp_path / "page", programs) == text
