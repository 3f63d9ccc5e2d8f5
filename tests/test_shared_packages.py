"""What packages say is kept in the user's own folder, for all projects. It never shows, but in how long a run takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from commands import write
from environments import environment
from nosyncio import store as store_module
from nosyncio.config import Config, Located
from nosyncio.environment import files
from nosyncio.model import Report
from nosyncio.run import check
from nosyncio.store import FOLDER, Cache, Store
from test_cache import DAMAGE

BODY = '''import time

def load(path):
    """A body that is long enough to be read only if somebody asks, and some words that say nothing of any use to anybody."""
    time.sleep(1)

def store(path):
    """The same once more, of which the first project asks nothing; the second one does, and so must have it from there."""
    time.sleep(1)
'''
PACKAGES = {"acme_sdk/__init__.py": "from .work import load, store\n", "acme_sdk/work.py": BODY}
APP = "import acme_sdk\n\nasync def main():\n    acme_sdk.{name}('x')\n"
ACME = ("acme_sdk", "1.2.0", "acme_sdk")


@pytest.fixture(autouse=True)
def users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user for whom nothing is kept yet; where it will be."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "user"))
    return tmp_path / "user/nosyncio/packages/store.sqlite"


def project(root: Path, name: str = "load") -> Path:
    """A project that calls a function of a package, with an environment of its own."""
    environment(root, PACKAGES, ACME)
    write(root, {"app.py": APP.format(name=name)})
    return root


def report(root: Path, cache: Cache | None = None) -> Report:
    """A run over a project in this process, with what it keeps."""
    store = (Cache(is_off=True) if cache is None else cache).store(root)
    found = check(Located(Config(follow=True), root, is_project=True), [root], base=root, store=store, statistics=True)
    if store is not None:
        store.close()
    return found


def blocks(found: Report) -> list[str]:
    return [finding.chain[-1].package or "" for finding in found.findings]


def refused(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a package is read")


def test_what_one_project_read_another_one_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = report(project(tmp_path / "one"), Cache())
    assert blocks(expected) == ["acme_sdk 1.2.0"]
    monkeypatch.setattr(files, "content_of", refused)
    assert report(project(tmp_path / "two"), Cache()) == expected


def test_what_is_not_kept_of_a_file_comes_from_the_text_that_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report(project(tmp_path / "one"), Cache())
    monkeypatch.setattr(files, "content_of", refused)
    other = project(tmp_path / "two", "store")
    assert blocks(report(other, Cache())) == ["acme_sdk 1.2.0"]
    shutil.rmtree(other / FOLDER)
    monkeypatch.setattr("nosyncio.analysis.pieces.Rest._build", refused)
    assert blocks(report(other, Cache())) == ["acme_sdk 1.2.0"]  # it was put to the rest


def test_a_file_is_edited_for_one_project(tmp_path: Path) -> None:
    one, two = project(tmp_path / "one"), project(tmp_path / "two")
    assert blocks(report(one, Cache())) == blocks(report(two, Cache())) == ["acme_sdk 1.2.0"]
    environment(two, {"acme_sdk/work.py": BODY.replace("time.sleep(1)", "pass")})
    for _ in range(2):
        assert blocks(report(one, Cache())) == ["acme_sdk 1.2.0"]
        assert blocks(report(two, Cache())) == []


def test_a_file_that_is_broken_says_so_again(tmp_path: Path) -> None:
    root = project(tmp_path / "one")
    environment(root, {"acme_sdk/work.py": "def (:\n"})
    expected = report(root)
    for _ in range(2):
        shutil.rmtree(root / FOLDER, ignore_errors=True)
        assert report(root, Cache()) == expected
    assert expected.statistics is not None


@pytest.mark.parametrize("damage", sorted(DAMAGE.keys() - {"forged", "huge"}))
def test_a_bad_store(tmp_path: Path, users_own: Path, damage: str) -> None:
    expected = report(project(tmp_path / "one"), Cache())
    DAMAGE[damage](users_own)
    for name in ("two", "three"):
        assert report(project(tmp_path / name), Cache()) == expected


def test_what_another_user_wrote_is_not_believed(tmp_path: Path, users_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = report(project(tmp_path / "one"), Cache())
    (users_own.parent.parent / "secret").write_bytes(bytes(32))
    with monkeypatch.context() as patch:
        patch.setattr("nosyncio.analysis.pieces.unpacked", refused)
        assert report(project(tmp_path / "two"), Cache()) == expected


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, users_own: Path) -> None:
    expected = report(project(tmp_path / "one"))
    users_own.parent.parent.mkdir(parents=True)
    users_own.parent.write_text("a file")
    for name in ("two", "three"):
        assert report(project(tmp_path / name), Cache()) == expected
    assert users_own.parent.read_text() == "a file"
    assert (tmp_path / "two" / FOLDER / "store.sqlite").exists()


def test_a_folder_that_is_named_holds_all_of_it(tmp_path: Path, users_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "named")
    expected = report(project(tmp_path / "one"), cache)
    assert not users_own.exists()
    monkeypatch.setattr(files, "content_of", refused)
    assert report(project(tmp_path / "two"), cache) == expected


def test_without_a_cache_nothing_is_kept(tmp_path: Path, users_own: Path) -> None:
    assert blocks(report(project(tmp_path / "one"), Cache(is_off=True))) == ["acme_sdk 1.2.0"]
    assert not users_own.exists()


def test_many_runs_at_once(tmp_path: Path) -> None:
    roots = [project(tmp_path / name) for name in ("one", "two")]
    command = [sys.executable, "-m", "nosyncio", "check", "--isolated", "--follow", "--output-format", "json"]
    runs = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for root in roots * 2]
    outs = {run.communicate(timeout=120)[0] for run in runs}
    assert len(outs) == 1
    assert "acme_sdk 1.2.0" in outs.pop()


def test_what_has_become_too_much_is_begun_anew(tmp_path: Path) -> None:
    store = Store(tmp_path, bytes(32), most=1 << 16)
    for number in range(20):
        store.put("kind", {bytes([number]): os.urandom(1 << 13)})
        assert store.get("kind", bytes([number])) is not None
    assert (tmp_path / "store.sqlite").stat().st_size < 1 << 17
    assert 0 < len(store.names("kind")) < 20
    store.close()


def test_what_is_shared_is_bounded(users_own: Path) -> None:
    shared = store_module.shared_store()
    assert shared is not None
    shared.put("kind", {b"": b""})
    with users_own.open("ab") as file:
        file.truncate((1 << 28) + 1)
    shared.put("kind", {b"": b""})
    assert users_own.stat().st_size < 1 << 20
    shared.close()
