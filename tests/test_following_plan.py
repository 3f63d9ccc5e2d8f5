"""Plans and inventories where calls are followed: packages stay as they are, and what is awaited in them is I/O still."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands import nosyncio, write
from environments import environment

PACKAGE = """import time

class Client:
    def __init__(self):
        time.sleep(1)

async def fetch():
    time.sleep(1)
"""
PROJECT = """import acme_sdk

def make():
    return acme_sdk.Client()

async def main():
    make()
    acme_sdk.Client()
    await acme_sdk.fetch()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {"app.py": PROJECT, "pyproject.toml": "[tool.nosyncio]\nfollow = true\n"})
    environment(tmp_path, {"acme_sdk/__init__.py": PACKAGE}, ("acme_sdk", "1", "acme_sdk"))
    return tmp_path


def reported(project: Path, *arguments: str) -> dict[str, Any]:
    done = nosyncio(project, "report", "--output-format", "json", *arguments, VIRTUAL_ENV="")
    assert "acme_sdk/" not in done.out, "a place in a package, as if it were one of the project"
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_what_blocks_in_a_package_is_mended_in_the_project(project: Path) -> None:
    steps = reported(project, "--plan")["steps"]
    (made,) = (function for step in steps for function in step["make_async"])
    (call,) = made["await"]
    assert (made["name"], call["line"], call["change"], call["obstacle"]) == ("app.make", 4, "thread", "installed")
    replaced = sorted((item["line"], item["instead"]) for step in steps for item in step["replace"])
    assert [line for line, _ in replaced] == [8, 9]
    assert "to_thread" in replaced[0][1]
    assert not any(step["leave_sync"] for step in steps)
    assert steps[-1]["left"] == 0
    assert "it blocks in an installed package" in nosyncio(project, "report", "--plan", VIRTUAL_ENV="").out


def test_io_of_packages_is_none_of_the_projects(project: Path) -> None:
    assert reported(project)["operations"] == []


def test_what_is_awaited_is_known_by_the_name_that_people_use(tmp_path: Path) -> None:
    """The catalogue speaks of `httpx.AsyncClient`; the class is somewhere inside."""
    app = "import httpx\n\nasync def main(client: httpx.AsyncClient):\n    await client.get('')\n"
    write(tmp_path, {"app.py": app, "pyproject.toml": "[tool.nosyncio]\nfollow = true\n"})
    files = {
        "httpx/__init__.py": "from ._client import AsyncClient\n",
        "httpx/_client.py": "class AsyncClient:\n    async def get(self, url): ...\n",
    }
    environment(tmp_path, files, ("httpx", "1", "httpx"))
    (operation,) = reported(tmp_path)["operations"]
    assert (operation["line"], operation["callee"]) == (4, "httpx.AsyncClient.get")
