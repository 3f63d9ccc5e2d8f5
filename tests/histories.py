"""What tests of `nosyncio history` share: repositories with a past, and what the command says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commands import Done, nosyncio
from nosyncio.config import Located, discover
from nosyncio.history import Counts, counted
from nosyncio.stocktaking import inventory
from repositories import Repository

WAITS = "import asyncio\n\nasync def wait():\n    await asyncio.sleep(1)\n"
"""One I/O operation, which is done."""


def sleeps(times: int) -> str:
    """A module with that many blocking operations."""
    return "import time\n\nasync def main():\n    pass\n" + "".join(
        f"    time.sleep({number})\n" for number in range(1, times + 1)
    )


def repository(folder: Path, *states: Mapping[str, str | bytes]) -> Repository:
    """A repository with a commit for each of `states`, which say what changes."""
    made = Repository(folder, folder)
    for state in states:
        commit(made, state)
    return made


def commit(made: Repository, state: Mapping[str, str | bytes], date: str = "2001-02-03T04:05:06Z") -> str:
    """Commit what changes, with all that is in the work tree; the revision."""
    made.write(state)
    made.git("add", "--all")
    done = made.run("env", f"GIT_COMMITTER_DATE={date}", "git", "commit", "--quiet", "--allow-empty", "--message", "change")
    assert done.code == 0, done
    return made.head


def history(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """The commits in the JSON document."""
    commits: list[dict[str, Any]] = document(folder, *arguments)["commits"]
    return commits


def document(folder: Path, *arguments: str) -> dict[str, Any]:
    """The JSON document; nothing is said beside it."""
    done = nosyncio(folder, "history", "--output-format", "json", *arguments)
    assert (done.code, done.err) == (0, ""), done
    found: dict[str, Any] = json.loads(done.out)
    return found


def left(folder: Path, *arguments: str) -> list[int | None]:
    """How many blocking operations are left in each commit; None for a gap."""
    return [None if item["counts"] is None else item["counts"]["left"] for item in history(folder, *arguments)]


def refused(folder: Path, *arguments: str, **environment: str) -> str:
    """What the command says when it cannot do its job."""
    done: Done = nosyncio(folder, "history", *arguments, **environment)
    assert (done.code, done.out) == (2, ""), done
    return done.err


def in_checkout(made: Repository, revision: str, folder: Path, inside: str = "") -> Counts:
    """What the inventory counts in a checkout of a commit, by its own configuration."""
    made.git("clone", "--quiet", "--no-checkout", ".", str(folder))
    made.git("-C", str(folder), "checkout", "--quiet", revision)
    root = folder / inside
    located: Located = discover(root)
    return counted(inventory(located, [root], base=root))
