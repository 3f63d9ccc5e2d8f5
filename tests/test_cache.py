"""What is kept from run to run never shows, but in how long a run takes: whatever became of it in between."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from commands import Done, nosyncio, write
from nosyncio.config import discover
from nosyncio.model import Report
from nosyncio.run import check as run_check
from nosyncio.store import FOLDER, Store, store_in, user_secret
from nosyncio.survey import Survey

MODULES = {
    "a.py": "from b import load\n\n\nasync def main():\n    load()\n",
    "b.py": "import time\n\n\ndef load():\n    time.sleep(1)\n    open('x')  # noqa: NSI102\n",
    "c.py": "def (:\n",
    "pyproject.toml": "[tool.nosyncio]\n",
}


def check(folder: Path, *, cached: bool = True) -> Report:
    """A run over a project, in this process."""
    store = store_in(folder / FOLDER) if cached else None
    report = run_check(discover(folder), [folder], base=folder, store=store)
    if store is not None:
        store.close()
    return report


def on_command_line(folder: Path, *arguments: str) -> Done:
    return nosyncio(folder, "check", "--output-format", "json", *arguments)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, MODULES)
    return tmp_path


@pytest.fixture
def expected(project: Path) -> Report:
    report = check(project, cached=False)
    assert [finding.code for finding in report.findings] == ["NSI301"]
    assert [failure.path for failure in report.not_analysed] == ["c.py"]
    return report


def store_of(project: Path) -> Path:
    return project / FOLDER / "store.sqlite"


def test_no_cache_leaves_nothing(project: Path) -> None:
    assert '"NSI301"' in on_command_line(project, "--no-cache").out
    assert not (project / FOLDER).exists()


def test_cold_warm_and_one_changed(project: Path, expected: Report) -> None:
    assert check(project) == expected
    assert check(project) == expected
    assert {path.name for path in (project / FOLDER).iterdir()} == {".gitignore", "CACHEDIR.TAG", "store.sqlite"}
    for text in (MODULES["b.py"].replace("time.sleep(1)", "input()"), MODULES["b.py"], "def load(): pass\n", "("):
        (project / "b.py").write_text(text)
        assert check(project) == check(project, cached=False)
    (project / "b.py").unlink()
    assert check(project) == check(project, cached=False)


def test_what_imports_find_outside_of_the_project_counts(project: Path) -> None:
    """A file that is excluded is not checked, but imports find it."""
    write(project, {"pyproject.toml": '[tool.nosyncio]\nexclude = ["b.py"]\n'})
    for text in (MODULES["b.py"], "def load(): pass\n", None):
        for _ in range(2):
            assert check(project) == check(project, cached=False)
        (project / "b.py").unlink() if text is None else (project / "b.py").write_text(text)
    assert check(project) == check(project, cached=False)


def test_a_broken_file_outside_of_the_project_is_broken_in_every_run(project: Path) -> None:
    write(
        project, {"pyproject.toml": "[tool.nosyncio]\nexclude = ['c.py']\n", "d.py": "import c\n\n\nasync def f():\n    c.x()\n"}
    )
    found: list[tuple[list[str], bool]] = []
    for text in ("", "x = 1\n"):
        write(project, {"e.py": text})
        store = store_in(project / FOLDER)
        for kept in (store, None):
            survey = Survey(discover(project), [project], store=kept)
            found.append(([failure.path for failure in survey._unseen], survey.is_blind))
        store.close()
    assert found == [(["c.py"], True)] * 4


def test_options_are_not_mixed_up(project: Path) -> None:
    for options in (["--select", "NSI3"], ["--ignore", "NSI301"], ["a.py"], ["--select", "NSI3"]):
        assert on_command_line(project, *options) == on_command_line(project, *options, "--no-cache")


def test_a_folder_of_its_own(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere") / "cache"
    first = on_command_line(project, "--cache-dir", str(folder))
    assert on_command_line(project, "--cache-dir", str(folder)) == first
    assert (folder / "store.sqlite").is_file()
    assert not (project / FOLDER).exists()


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("no database")


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _scrambled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096::7] = bytes(len(data[4096::7]))
    path.write_bytes(data)


def _changed(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(statement)
    connection.close()


def _forged(path: Path) -> None:
    """Every run says that nothing was found: well-formed, under the right name, but sealed with somebody else's secret."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT name FROM kept WHERE kind = 'run'").fetchall()
    connection.close()
    nothing_found = msgspec.msgpack.encode([[[], [], [], []], [{}, {}, {}]])
    forger = Store(path.parent, bytes(32))
    forger.put("run", {name: nothing_found for (name,) in names})
    assert names
    forger.close()


def _huge(path: Path) -> None:
    _changed(path, "UPDATE kept SET value = zeroblob(300000000) WHERE kind = 'run'")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    shutil.move(path, path.parent.parent / "moved.sqlite")
    path.symlink_to(path.parent.parent / "moved.sqlite")


DAMAGE: dict[str, Callable[[Path], None]] = {
    "emptied": _emptied,
    "no database": _text,
    "cut": _cut,
    "scrambled": _scrambled,
    "forged": _forged,
    "huge": _huge,
    "a folder": _folder,
    "a link": _link,
    "other values": lambda path: _changed(path, "UPDATE kept SET value = 'text'"),
    "other types": lambda path: _changed(path, "UPDATE kept SET name = 7, value = 1.5 WHERE rowid = 1"),
    "values of others": lambda path: _changed(path, "UPDATE kept SET value = (SELECT value FROM kept LIMIT 1)"),
    "another table": lambda path: _changed(path, "DROP TABLE kept; CREATE TABLE kept (a, b, c)"),
    "a view": lambda path: _changed(path, "DROP TABLE kept; CREATE VIEW kept AS SELECT 1 AS kind, 2 AS name, 3 AS value"),
    "a trigger": lambda path: _changed(path, "CREATE TRIGGER t AFTER INSERT ON kept BEGIN DELETE FROM kept; END"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_bad_store(project: Path, expected: Report, damage: str) -> None:
    check(project)
    DAMAGE[damage](store_of(project))
    for _ in range(2):
        assert check(project) == expected
    (project / "b.py").write_text("def load(): pass\n")
    assert check(project) == check(project, cached=False)


@pytest.mark.parametrize("damage", ["emptied", "no database", "a view", "a trigger", "another table"])
def test_a_bad_store_is_made_anew(project: Path, damage: str) -> None:
    check(project)
    DAMAGE[damage](store_of(project))
    check(project)
    assert store_in(project / FOLDER).names("run")


def test_a_cache_of_somebody_else_is_not_believed(project: Path, expected: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository can bring a cache of its own, made by running nosyncio over files of which nothing is found."""
    (project / "b.py").write_text("def load(): pass\n")
    with monkeypatch.context() as elsewhere:
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            elsewhere.setenv(name, str(project / "other"))
        check(project)
    assert store_in(project / FOLDER).names("run")
    times = (project / "b.py").stat()
    (project / "b.py").write_text(MODULES["b.py"])
    os.utime(project / "b.py", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert check(project) == expected


def test_without_a_place_for_the_secret_nothing_is_kept(project: Path, expected: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(project / "a.py"))
    assert check(project) == expected
    assert not (project / FOLDER).exists()


def test_a_place_that_cannot_be_written_to(project: Path) -> None:
    (project / "taken").write_text("a file")
    for place in ("taken", "taken/below"):
        store = store_in(project / place)
        store.put("kind", {b"name": b"value"})
        assert store.get("kind", b"name") is None
    assert (project / "taken").read_text() == "a file"


def test_a_run_that_holds_the_file(project: Path, expected: Report) -> None:
    check(project)
    holder = sqlite3.connect(store_of(project))
    holder.execute("BEGIN EXCLUSIVE")
    assert check(project) == expected
    holder.close()
    assert check(project) == expected


def test_many_runs_at_once(project: Path, expected: Report) -> None:
    out = on_command_line(project, "--no-cache").out
    command = [sys.executable, "-m", "nosyncio", "check", "--output-format", "json"]
    runs = [subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [run.communicate(timeout=120)[0] for run in runs] == [out] * len(runs)
    assert check(project) == expected


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    store = store_in(tmp_path / "kept")
    store.put("kind", {b"name": b"value", b"": b""})
    store.close()
    assert (store.get("kind", b"name"), store.get("kind", b""), store.get("other", b"name")) == (b"value", b"", None)
    store.drop("kind", [b"name"])
    assert store.get("kind", b"name") is None
    assert Store(tmp_path / "kept", bytes(32)).get("kind", b"") is None
    assert Store(tmp_path / "kept", None).get("kind", b"") is None


def test_the_secret_stays_and_is_nobodys_else() -> None:
    assert user_secret() == user_secret()
    assert len(user_secret() or b"") == 32
