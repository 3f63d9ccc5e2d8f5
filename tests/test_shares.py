"""Several processes judge what one would, also if they die of it. In a process of its own: one with threads is not copied."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECTS = Path(__file__).parent / "fixtures" / "projects"

SCRIPT = """
import os, sys
from pathlib import Path
from nosyncio import shares
from nosyncio.config import Config, Located
from nosyncio.run import check

def report(jobs):
    root = Path(sys.argv[1])
    return check(Located(Config(), root), [root], base=root, jobs=jobs)

alone = report(1)
assert len(alone.findings) > 100
send, sent = shares._send, []
shares.FEWEST, shares._DEALT = 20, 2
{before}
assert report(2) == report(5) == alone
print(shares.multiprocessing.active_children())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process judges")
@pytest.mark.parametrize(
    "before",
    [
        "",
        "shares._send = lambda *arguments: os._exit(9)",
        "shares._send = lambda connection, judging, modules, share: send(connection, None, modules, share)",
    ],
    ids=["well", "killed", "raising"],
)
def test_many_judge_as_one(before: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT.format(before=before), str(PROJECTS)], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
