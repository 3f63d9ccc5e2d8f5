"""`nosyncio history`: what it counts, and how it says so."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from commands import nosyncio, run
from histories import WAITS, commit, document, history, in_checkout, left, repository, sleeps
from nosyncio import timeline
from nosyncio.config import discover
from nosyncio.git import Git
from repositories import Repository

HELPER = "def load(path):\n    return open(path).read()\n"
CALLER = "from app.helper import load\n\nasync def main():\n    return load('x')\n"
CONFIG = '[tool.nosyncio]\nexclude = ["vendored/"]\n'


def past(folder: Path) -> Repository:
    """All that decides which files there are, and what they do to each other, changes somewhere in it."""
    made = repository(
        folder,
        {"pyproject.toml": CONFIG, "app/__init__.py": "", "app/helper.py": HELPER},
        {"app/main.py": CALLER, "app/waits.py": WAITS},
        {"app/helper.py": HELPER + "\n\ndef other():\n    open('y').close()\n"},
        {"vendored/a.py": sleeps(3), "README": "words\n"},
        {"built/a.py": sleeps(5), "env/lib/a.py": sleeps(7)},
        {".gitignore": "/built/\n", "env/pyvenv.cfg": ""},
        {"sub/.gitignore": "*.py\n!kept.py\n", "sub/dropped.py": sleeps(2), "sub/kept.py": sleeps(1)},
        {"app/helper.py": "def load(path):\n    return 1\n"},
        {"broken.py": "def f(:\n"},
        {"broken.py": sleeps(1).encode("utf-16")},
        {"broken.py": "import time  # -*- coding: latin-1 -*-\n\nasync def f():\n    time.sleep(1)  # \xe9\n".encode("latin-1")},
        {os.fsdecode(b"caf\xe9.py"): sleeps(2)},
    )
    (folder / "link.py").symlink_to("app/waits.py")
    (folder / "nowhere.py").symlink_to("gone.py")
    (folder / "circle.py").symlink_to("circle.py")
    (folder / "folder.py").symlink_to("app")
    (folder / "linked").symlink_to("app")
    commit(made, {"through.py": "from linked.helper import load\n\nasync def f():\n    load('x')\n", "app/helper.py": HELPER})
    made.git("add", "--all", "--force")
    made.git("commit", "--quiet", "--message", "what is ignored, too")
    made.git("rm", "--quiet", "-r", "app")
    commit(made, {})
    return made


def test_each_commit_counts_as_a_checkout_of_it_would(tmp_path: Path) -> None:
    made = past(tmp_path / "past")
    seen = timeline.history(discover(made.folder), Git(made.folder))
    assert len(seen.points) == 15
    for number, point in enumerate(seen.points):
        expected = in_checkout(made, point.commit.revision, tmp_path / str(number))
        assert point.counts is not None
        blind = [(item.path, item.line) for item in point.counts.not_analysed]
        assert blind == [(item.path, item.line) for item in expected.not_analysed], number
        assert (point.counts.operations, point.counts.files) == (expected.operations, expected.files), number
    assert len({point.counts.operations for point in seen.points if point.counts is not None}) > 8


def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    made = repository(
        tmp_path / "past",
        {"README": ""},
        {"back/pyproject.toml": CONFIG, "back/a.py": sleeps(1), "b.py": sleeps(5), ".gitignore": "generated.py\n"},
        {"back/generated.py": sleeps(3), "shared.py": sleeps(2)},
    )
    made.git("add", "--force", "back/generated.py")
    (made.folder / "back" / "shared.py").symlink_to("../shared.py")
    commit(made, {})
    commit(made, {"shared.py": sleeps(4)})
    found = document(made.folder / "back")
    assert found["folder"] == "back"
    assert [item["gap"] for item in found["commits"]] == ["there is no folder back in it", None, None, None, None]
    assert left(made.folder / "back") == [None, 1, 1, 3, 5]
    for number, item in enumerate(found["commits"][1:]):
        assert in_checkout(made, item["revision"], tmp_path / str(number), "back").left == item["counts"]["left"]


def test_all_commits_are_counted_by_the_configuration_of_today(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", {"a.py": sleeps(1), "b.py": sleeps(2)}, {"pyproject.toml": CONFIG})
    assert left(made.folder) == [3, 3]
    made.write({"pyproject.toml": '[tool.nosyncio]\nexclude = ["b.py"]\n'})
    assert left(made.folder) == [1, 1]
    assert left(made.folder, "--exclude", "a.py") == [2, 2]
    assert left(made.folder, "--isolated") == [3, 3]


def test_what_commits_change(tmp_path: Path) -> None:
    made = repository(
        tmp_path / "past",
        {"a.py": sleeps(2), "b.py": WAITS},
        {"a.py": sleeps(5)},
        {"README": "words\n"},
        {"a.py": sleeps(1)},
    )
    made.git("mv", "a.py", "c.py")
    commit(made, {})
    commits = history(made.folder)
    assert [item["change"] for item in commits] == [None, 3, 0, -4, 0]
    assert [item["counts"]["coverage"] for item in commits] == [0.3333, 0.1667, 0.1667, 0.5, 0.5]
    assert commits[0]["counts"]["by_standing"]["async"] == 1
    assert commits[0]["counts"]["left_by_kind"] == {"sleep": 2}
    assert commits[0]["date"] == "2001-02-03T04:05:06Z"


def test_a_file_that_is_not_analysed_is_no_change(tmp_path: Path) -> None:
    """Neither when it breaks nor when it is mended; one that always was broken hides nothing."""
    made = repository(
        tmp_path / "past",
        {"a.py": sleeps(3), "b.py": sleeps(2), "always.py": "def f(:\n"},
        {"a.py": "def f(:\n"},
        {"b.py": sleeps(1)},
        {"a.py": sleeps(3)},
    )
    commits = history(made.folder)
    assert [item["counts"]["left"] for item in commits] == [5, 2, 1, 4]
    assert [item["change"] for item in commits] == [None, None, -1, None]
    blind = [[broken["path"] for broken in item["counts"]["not_analysed"]] for item in commits]
    assert blind == [["always.py"], ["a.py", "always.py"], ["a.py", "always.py"], ["always.py"]]
    seen = timeline.history(discover(made.folder), Git(made.folder))
    assert [[point.left for point in stretch] for stretch in seen.stretches] == [[5], [2, 1], [4]]
    done = nosyncio(made.folder, "history")
    assert "without a.py and 1 more file: syntax error: invalid syntax" in done.out
    assert left(made.folder, "--ignore", "NSI902") == [5, 2, 1, 4]
    assert [item["change"] for item in history(made.folder, "--ignore", "NSI902")] == [None, -3, -1, 3]


def test_each_distinct_blob_is_parsed_once(tmp_path: Path) -> None:
    """Python itself says what it parses."""
    texts = [f"def f{number}():\n    return {number}\n" for number in range(6)]
    made = repository(
        tmp_path / "past",
        {"a.py": texts[0], "b.py": texts[1], "same.py": texts[1]},
        {"a.py": texts[2]},
        {"c.py": texts[3], "README": "x\n"},
        {"a.py": texts[0]},
        {"b.py": texts[4], "excluded.py": texts[5]},
    )
    program = """
import json, sys
parsed = []
sys.addaudithook(lambda event, given: parsed.append(given[0]) if event == "compile" else None)
from nosyncio.frontends.cli import cli
cli.main(["history", "--jobs", "1", "--exclude", "excluded.py"], standalone_mode=False)
texts = [item.decode() if isinstance(item, bytes) else item for item in parsed if isinstance(item, (str, bytes))]
print(json.dumps([text for text in texts if text.startswith("def f")]), file=sys.stderr)
"""
    done = run(made.folder, "-c", program)
    assert done.code == 0, done
    assert sorted(json.loads(done.err)) == texts[:5]


def test_nothing_is_written(tmp_path: Path) -> None:
    """Neither to the work tree, as dirty as it is, nor to the repository."""
    made = repository(tmp_path / "past", {"a.py": sleeps(1), "b.py": ""}, {"a.py": sleeps(2)})
    made.write({"a.py": sleeps(7), "new.py": sleeps(7)})
    made.git("rm", "--quiet", "--cached", "b.py")
    os.utime(made.folder / "a.py", (1, 1))

    def state() -> dict[str, tuple[int, int, int]]:
        found = [path.lstat() for path in sorted(made.folder.rglob("*"))]
        return dict(zip(map(str, sorted(made.folder.rglob("*"))), ((it.st_mtime_ns, it.st_size, it.st_ino) for it in found)))

    status = made.git("status", "--porcelain")
    before = state()
    assert left(made.folder) == [1, 2]
    assert state() == before
    assert made.git("status", "--porcelain") == status


def test_any_number_of_processes_says_the_same(tmp_path: Path) -> None:
    many = {f"p/m{number}.py": sleeps(number % 3) for number in range(160)}  # as many as are worth a worker
    made = repository(tmp_path / "past", many, *({"p/m1.py": sleeps(number)} for number in range(20)))
    said = [nosyncio(made.folder, "history", "--output-format", "json", "--jobs", jobs) for jobs in ("1", "2", "3")]
    assert said[0].code == 0
    assert said[0].out == said[1].out == said[2].out
    assert [item["change"] for item in json.loads(said[0].out)["commits"]] == [None, -1, *[1] * 19]


def test_formats(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", {"a.py": sleeps(2), "b.py": WAITS}, {"a.py": "def f(:\n"}, {"a.py": sleeps(1)})
    done = nosyncio(made.folder, "history", "--output-format", "csv:h.csv", "--output-format", "svg:h.svg")
    assert (done.code, done.out) == (0, "")
    rows = [*csv.DictReader(io.StringIO((made.folder / "h.csv").read_text()))]
    assert [(row["left"], row["change"], row["coverage"], row["not_analysed"]) for row in rows] == [
        ("2", "", "0.3333", "0"),
        ("0", "", "1.0", "1"),
        ("1", "", "0.5", "0"),
    ]
    assert ElementTree.parse(made.folder / "h.svg").getroot().tag.endswith("svg")
    short = [row["revision"][:10] for row in rows]
    assert nosyncio(made.folder, "history").out == (
        "date        commit        left  change  coverage\n"
        f"2001-02-03  {short[0]}       2       -      33 %  change\n"
        f"2001-02-03  {short[1]}       0       -     100 %  change (without a.py: syntax error: invalid syntax)\n"
        f"2001-02-03  {short[2]}       1       -      50 %  change\n"
        "\n"
        "3 commits\n"
        "blocking operations left: 2 -> 1\n"
        "async coverage: 33 % -> 50 %\n"
    )


def test_a_table_leaves_out_what_changes_nothing(tmp_path: Path) -> None:
    states = [{"README": str(number)} for number in range(5)]
    made = repository(tmp_path / "past", {"a.py": sleeps(2)}, *states, {"a.py": sleeps(1)}, *states)
    out = nosyncio(made.folder, "history").out
    assert out.count("  change\n") == 3
    assert "12 commits, of which 9 change no number and are not shown\n" in out


@pytest.mark.parametrize("subject", ["=cmd()", "\x1b[31mred", "<script>alert(1)</script>", "x" * 500, "\u202egnp"])
def test_what_a_commit_says_is_only_words(tmp_path: Path, subject: str) -> None:
    made = repository(tmp_path / "past", {"a.py": sleeps(1)})
    made.git("commit", "--quiet", "--allow-empty", "--message", subject)
    done = nosyncio(made.folder, "history")
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert max(map(len, done.out.splitlines())) < 130
    assert "cmd" not in nosyncio(made.folder, "history", "--output-format", "csv").out
    assert history(made.folder)[1]["subject"] == subject
    ElementTree.fromstring(nosyncio(made.folder, "history", "--output-format", "svg").out)
