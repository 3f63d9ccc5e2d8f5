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
        "shares._send = lambda connection, judging, *others: send(connection, None, *others)",
    ],
    ids=["well", "killed", "raising"],
)
def test_many_judge_as_one(before: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT.format(before=before), str(PROJECTS)], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


STORED = """
import os, sys
from pathlib import Path
from nosyncio import shares
from nosyncio.config import Config, Located
from nosyncio.run import check
from nosyncio.store import Store

root = Path(sys.argv[1])
shares.FEWEST, shares._DEALT = 20, 2
send = shares._send
shares._send = lambda *arguments: (send(*arguments), (root / "others").touch())

def report(store=None, jobs=1):
    return check(Located(Config(), root), [root], base=root, store=store, jobs=jobs)

store = Store(root / "cache", b"secret")
assert report(store, 2) == report()
assert (root / "others").exists()
for number in range(60):
    (root / f"late{number}.py").write_text("import time\\ndef work():\\n    time.sleep(1)\\n")
now = report(store, 2)
assert now == report() and len(now.findings) == 60
(root / "late7.py").write_text("def work(): pass\\n")
now = report(store, 2)
assert now == report() and len(now.findings) == 59
store.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process judges")
def test_what_others_asked_is_known_to_the_next_run(tmp_path: Path) -> None:
    for number in range(60):
        text = f"import late{number}\nimport time\n\n\nasync def work():\n    late{number}.work()\n"
        (tmp_path / f"user{number}.py").write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", "-c", STORED, str(tmp_path)], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")
