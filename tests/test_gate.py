"""`nosyncio gate`: what holds, what does not, and the exit code that says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from baselines import create, entries, gate, project, update
from commands import SLEEPS, nosyncio, write
from nosyncio.gate import Outcome

EXAMPLES = Path(__file__).parent.parent / "examples"


def verdicts(folder: Path, *paths: str) -> dict[str, int]:
    """How much stands against each criterion."""
    return {criterion.name: len(criterion.offences) for criterion in gate(folder, *paths).criteria}


def test_exit_codes(tmp_path: Path) -> None:
    write(tmp_path, {"clean.py": "import time\ntime.sleep(1)\n", "blocks.py": SLEEPS, "broken.py": "def f(:\n"})
    assert nosyncio(tmp_path, "gate", "clean.py").code == 0
    assert nosyncio(tmp_path, "gate", "blocks.py").code == 1
    assert nosyncio(tmp_path, "gate", "broken.py").code == 2
    assert nosyncio(tmp_path, "gate").code == 2
    assert nosyncio(tmp_path, "gate", "gone.py").code == 2


def test_stale_entries_have_a_code_of_their_own(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": SLEEPS, "b.py": SLEEPS})
    create(tmp_path)
    write(tmp_path, {"a.py": ""})
    done = nosyncio(tmp_path, "gate")
    assert done.code == 3
    assert "nosyncio baseline update" in done.out
    assert nosyncio(tmp_path, "gate", "b.py").code == 0
    write(tmp_path, {"b.py": SLEEPS + "    time.sleep(2)\n"})
    assert nosyncio(tmp_path, "gate").code == 1  # what is new weighs more
    write(tmp_path, {"c.py": "def f(:\n"})
    assert nosyncio(tmp_path, "gate").code == 2


def test_modules_that_are_declared_done_stay_done(tmp_path: Path) -> None:
    """Whatever the baseline said of them before."""
    project(tmp_path, {"app/a.py": "import time\n\ndef nap():\n    time.sleep(1)\n\nasync def f():\n    nap()\n", "b.py": SLEEPS})
    create(tmp_path)
    assert verdicts(tmp_path) == {"analysed": 0, "done": 0, "new": 0, "stale": 0, "unused": 0}
    write(tmp_path, {"pyproject.toml": '[tool.nosyncio]\nasync-only = ["app/"]\n'})
    assert verdicts(tmp_path) == {"analysed": 0, "done": 2, "new": 0, "stale": 1, "unused": 0}
    assert gate(tmp_path).criteria[1].statement == "no sync I/O in 1 async-only module"
    assert update(tmp_path).entries == 1
    assert gate(tmp_path).outcome is Outcome.FAILS
    write(tmp_path, {"app/a.py": "import asyncio\n\nasync def f():\n    await asyncio.sleep(1)\n"})
    assert gate(tmp_path).outcome is Outcome.HOLDS


def test_a_suppression_must_suppress(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": "x = 1  # noqa: NSI102\n"})
    assert verdicts(tmp_path)["unused"] == 1
    assert gate(tmp_path).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("comment", "says_why"),
    [
        ("# noqa: NSI101", False),
        ("# noqa: NSI101 -- zero seconds", True),
        ("# noqa: NSI101  zero seconds", True),
        ("# noqa: NSI101, E501 - zero seconds", True),
        ("# noqa: E501 NSI101 (zero)", True),
        ("# noqa:NSI101 # zero seconds", True),
        ("# noqa: NSI101 --", False),
        ("# noqa: NSI101 -- 1", False),
        ("# noqa: NSI101, E501", False),
        ("# noqa: NSI101  # type: ignore", False),
        ("# noqa: NSI101  # pragma: no cover", False),
        ("# noqa: NSI101  # type: ignore  # zero seconds", True),
        ("# zero seconds # noqa: NSI101", False),
        ("# noqa: NSI101 -- 漢字", True),
        ("# noqa", False),
        ("# noqa because", True),
    ],
)
def test_a_suppression_may_have_to_say_why(tmp_path: Path, comment: str, says_why: bool) -> None:
    project(tmp_path, {"a.py": SLEEPS.replace("(1)", f"(1)  {comment}")})
    assert gate(tmp_path).outcome is Outcome.HOLDS
    assert "unexplained" not in verdicts(tmp_path)
    write(tmp_path, {"pyproject.toml": "[tool.nosyncio]\nrequire-reason = true\n"})
    assert verdicts(tmp_path)["unexplained"] == (0 if says_why else 1)


def test_what_else_may_have_to_say_why(tmp_path: Path) -> None:
    body = SLEEPS.replace("async def", "async  def")
    wide = {
        "bare.py": f"# flake8: noqa\n{body}",
        "codes.py": f"# flake8: noqa: NSI1\n{body}",
        "why.py": f"# flake8: noqa: NSI1 -- sleeps of a test\n{body}",
        "not_ours.py": "# flake8: noqa\nx = 1  # noqa\ny = 2  # noqa: E501\nz = '# noqa: NSI101'\n",
        "leaf.py": "import time\n\ndef nap():\n    time.sleep(1)  # noqa: NSI301\n\nasync def f():\n    nap()\n",
    }
    project(tmp_path, wide)
    write(tmp_path, {"pyproject.toml": '[tool.nosyncio]\nextend-select = ["NSI903"]\n'})
    done = nosyncio(tmp_path, "check", "--output-format", "concise")
    assert done.code == 1
    said = "does not say why; write it behind the codes: `# noqa: NSI301 -- ...`"
    assert done.out.splitlines() == [
        "bare.py:1:1: NSI903 `flake8: noqa` does not say why; write it behind the codes: `# flake8: noqa -- ...`",
        "codes.py:1:1: NSI903 `flake8: noqa: NSI1` does not say why; write it behind the codes: `# flake8: noqa: NSI1 -- ...`",
        f"leaf.py:4:20: NSI903 `noqa: NSI301` {said}",
    ]
    assert nosyncio(tmp_path, "gate", "--require-reason", "why.py").code == 0


def test_what_was_not_looked_for_is_no_criterion(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": "x = 1  # noqa: NSI102\n"})
    write(tmp_path, {"pyproject.toml": '[tool.nosyncio]\nignore = ["NSI901"]\n'})
    assert verdicts(tmp_path) == {"analysed": 0, "done": 0, "new": 0}


def test_one_screen(tmp_path: Path) -> None:
    """What holds, what does not, what to do; however much there is."""
    project(tmp_path, {"a.py": "import time\n\nasync def f():\n" + "    time.sleep(1)\n" * 40, "gone.py": SLEEPS})
    write(tmp_path, {"b.py": "# nosyncio: async-only\nopen('x')\ny = 2  # noqa: NSI101\n"})
    write(tmp_path, {"nosyncio-baseline.toml": ""})
    create(tmp_path, force=True)
    write(tmp_path, {"a.py": "import time\n\nasync def g():\n" + "    time.sleep(1)\n" * 40})
    (tmp_path / "gone.py").unlink()
    done = nosyncio(tmp_path, "gate", "--require-reason")
    assert done.code == 1
    assert done.out == (
        "the gate does not hold\n"
        "\n"
        "    holds  2 files analysed\n"
        "    fails  no sync I/O in 1 async-only module: 1 against it\n"
        "           b.py:2:1: NSI202 `open` blocks in an async-only module\n"
        "    fails  nothing new beside the 0 known in nosyncio-baseline.toml: 40 against it\n"
        + "".join(f"           a.py:{line}:5: NSI101 `time.sleep` blocks the event loop\n" for line in range(4, 9))
        + "           and 35 more\n"
        "    fails  no stale entry in nosyncio-baseline.toml: 41 against it\n"
        + "           a.py: NSI101 `time.sleep` in f\n"
        * 5
        + "           and 36 more\n"
        "    fails  each noqa of ours suppresses something: 1 against it\n"
        "           b.py:3:16: NSI901 `noqa: NSI101` suppresses nothing here\n"
        "    fails  each noqa of ours says why: 1 against it\n"
        "           b.py:3:8: NSI903 `noqa: NSI101` does not say why\n"
        "\n"
        "what to do\n"
        "    done: each has its replacement in: nosyncio check\n"
        "    new: each has its chain and its replacement in: nosyncio check"
        "; if that only moved or has a new name: nosyncio baseline update\n"
        "    stale: nosyncio baseline update\n"
        "    unused: take those codes out of the comments\n"
        "    unexplained: say why: `# noqa: NSI102 -- why`\n"
    )


def test_json_has_each_verdict_and_the_report(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": SLEEPS})
    done = nosyncio(tmp_path, "gate", "--output-format", "json")
    assert done.code == 1
    document = json.loads(done.out)
    assert (document["version"], document["outcome"]) == (1, "fails")
    assert [criterion["name"] for criterion in document["criteria"]] == ["analysed", "done", "new", "unused"]
    assert document["criteria"][2] == {
        "name": "new",
        "holds": False,
        "statement": "no sync I/O",
        "offences": 1,
        "remedy": "each has its chain and its replacement in: nosyncio check"
        "; to live with them for now: nosyncio baseline create",
    }
    assert document["report"] == json.loads(nosyncio(tmp_path, "check", "--output-format", "json").out)


def test_a_migration_from_before_to_after(tmp_path: Path) -> None:
    """A baseline on `before`; the team's first attempt adds blocking calls; with `after`, one command ends it."""
    for variant in ("before", "proposed", "after"):
        shutil.copytree(EXAMPLES / "podcast-cli" / variant, tmp_path, dirs_exist_ok=True)
        if variant == "before":
            assert gate(tmp_path).outcome is Outcome.FAILS
            assert create(tmp_path).entries == 14
            assert gate(tmp_path).outcome is Outcome.HOLDS
        elif variant == "proposed":
            assert verdicts(tmp_path)["new"] == 6
            assert verdicts(tmp_path)["stale"] == 14
            assert gate(tmp_path).outcome is Outcome.FAILS
    assert gate(tmp_path).outcome is Outcome.STALE
    change = update(tmp_path)
    assert (change.entries, change.gone) == (0, 14)
    assert entries(tmp_path) == []
    assert gate(tmp_path).outcome is Outcome.HOLDS
