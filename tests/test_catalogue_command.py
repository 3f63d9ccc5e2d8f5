"""`nosyncio catalogue`: what is listed and found, why a call is reported or not, and a user's own entries, right and wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands import SLEEPS, codes, nosyncio, write
from nosyncio.catalogue.files import by_file
from nosyncio.config import Config, ConfigError, Located
from nosyncio.entries import Checked, check_file
from nosyncio.lookup import lookup
from nosyncio.report.catalogue import document, render
from nosyncio.report.style import plain


def asked(query: str | None, folder: Path = Path(), config: Config | None = None) -> dict[str, Any]:
    """The answer to a query as data."""
    return document(lookup(Located(config or Config(), folder), query))


def said(query: str) -> str:
    return render(lookup(Located(Config(), Path()), query), plain)


# --------------------------------------------------------------------------------------------------------------- what is known


def test_without_a_query_every_library_is_listed() -> None:
    assert [item["file"] for item in asked(None)["libraries"]] == list(by_file())
    assert len(render(lookup(Located(Config(), Path()), None), plain).splitlines()) == len(by_file())


@pytest.mark.parametrize(
    "query", ["google_cloud_storage", "google.cloud.storage", "google-cloud-storage", "Google-Cloud-Storage"]
)
def test_a_library_is_found_by_its_file_its_module_and_its_distribution(query: str) -> None:
    assert "google_cloud_storage.toml" in [item["file"] for item in asked(query)["libraries"]]


def test_a_library_is_told_whole() -> None:
    requests = by_file()["requests.toml"]
    told = {item["name"]: item for item in asked("requests")["names"]}
    assert {name for table in requests.blocking for name in table.names} <= told.keys()
    assert told["requests.get"]["codes"] == ["NSI106", "NSI206", "NSI306"]
    assert told["requests.get"]["instead"]["trio"] == ["httpx.AsyncClient.get"]
    assert told["requests.get"]["evidence"].startswith("https://")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("pathlib.Path.read_text", "pathlib.Path.read_text"),
        ("open", "builtins.open"),
        ("_io.open", "io.open"),  # defined there, and public here
        ("io.StringIO.read", "io.StringIO.*"),
    ],
)
def test_a_name_is_found_as_the_engine_finds_it(query: str, name: str) -> None:
    assert name in [item["name"] for item in asked(query)["names"]]


def test_a_part_of_a_name_finds_all_that_have_it() -> None:
    assert {item["name"] for item in asked("pathlib.Path")["names"]} >= {"pathlib.Path.open", "pathlib.Path.stat"}
    assert {"time.sleep"} <= {item["name"] for item in asked("SLEEP")["names"]}


def test_what_does_not_block_is_told_with_its_reason() -> None:
    assert "does not block: in memory" in said("io.StringIO.read")


def test_what_is_off_by_default_is_told_so() -> None:
    assert "off by default" in said("importlib.import_module")
    assert "off by default" not in said("time.sleep")


def test_own_entries_come_first(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[[tool.nosyncio.blocking]]\nfunctions = ["time.sleep", "acme.wait"]\n'})
    done = nosyncio(tmp_path, "catalogue", "--output-format", "json", "time.sleep")
    files = [item["file"] for item in json.loads(done.out)["names"]]
    assert files == ["pyproject.toml", "time.toml"]
    assert nosyncio(tmp_path, "catalogue", "acme").code == 0
    assert nosyncio(tmp_path, "catalogue", "--isolated", "acme").code == 2


def test_what_is_not_known_is_an_error_with_what_is_near(tmp_path: Path) -> None:
    done = nosyncio(tmp_path, "catalogue", "time.sleeep")
    assert (done.code, done.out) == (2, "")
    assert "nothing is known of 'time.sleeep'" in done.err
    assert "did you mean 'time.sleep'?" in done.err


@pytest.mark.parametrize("query", ["a b", "open(", "\0", "", "é("])
def test_what_is_no_python_is_an_error(query: str) -> None:
    with pytest.raises(ConfigError, match="no Python"):
        lookup(Located(Config(), Path()), query)


# ------------------------------------------------------------------------------------------------------------------- of source


@pytest.mark.parametrize(
    ("source", "code", "why"),
    [
        ("open('x')", "NSI102", "NSI102, `builtins.open`"),
        ("open(os.devnull)", None, "but not with `file`"),
        ("queue.Queue().get(block=False)", None, "but not with `block`"),
        ("from pathlib import Path; Path('x').glob('*')", None, "blocks where its result is iterated"),
        ("await asyncio.to_thread(open, 'x')", None, "runs what it is given in a thread"),
        ("asyncio.get_running_loop().call_soon(print)", None, "makes the event loop call what it is given"),
        ("io.StringIO('x').read()", None, "does not block: in memory"),
        ("file = open('x'); file.read()", "NSI102", "part of what is reported"),
        ("acme.made_up()", None, "nothing is known of `acme.made_up`"),
        ("(lambda f: f)(1)()", None, "what it calls is not known"),
        ("await time.sleep(1)", "NSI101", "NSI101"),  # only the wait for its None never comes
        ("requests.Session().get('u')", "NSI106", "NSI106, `requests.Session.get`"),
    ],
)
def test_source_is_judged_by_the_engine(source: str, code: str | None, why: str) -> None:
    judgement = asked(source)["judgement"]
    assert [item["code"] for item in judgement["reported"]] == ([code] if code else [])
    assert any(why in item["why"] for item in judgement["calls"]), judgement


def test_source_is_judged_as_check_judges_it(tmp_path: Path) -> None:
    for source in ("subprocess.Popen(['x'])", "sqlite3.connect(':memory:')", "socket.socket().recv(1)", "print(1)"):
        (tmp_path / "a.py").write_text(f"import socket, sqlite3, subprocess\n\nasync def f():\n    {source}\n")
        assert [item["code"] for item in asked(source, tmp_path)["judgement"]["reported"]] == codes(tmp_path)


def test_what_is_not_selected_is_told_apart() -> None:
    judgement = asked("importlib.import_module('x')")["judgement"]
    assert (judgement["reported"], [item["code"] for item in judgement["not_selected"]]) == ([], ["NSI114"])
    judgement = asked("importlib.import_module('x')", config=Config(extend_select=("NSI114",)))["judgement"]
    assert [item["code"] for item in judgement["reported"]] == ["NSI114"]


def test_the_projects_own_modules_are_at_hand(tmp_path: Path) -> None:
    write(tmp_path, {"acme/__init__.py": "", "acme/waits.py": "import time\n\ndef wait():\n    time.sleep(1)\n"})
    assert [item["code"] for item in asked("acme.waits.wait()", tmp_path)["judgement"]["reported"]] == ["NSI301"]


# ---------------------------------------------------------------------------------------------------------------- own entries


OWN = {
    "acme/__init__.py": "",
    "acme/client.py": "def fetch(url, blocking=True): ...\n\nclass Store:\n    def load(self): ...\n",
}


def checked(folder: Path, text: str) -> Checked:
    write(folder, OWN | {"own.toml": text})
    return check_file(folder / "own.toml")


@pytest.mark.parametrize(
    ("entry", "key", "message"),
    [
        ('functions = ["acme.client.fecth"]', "blocking[0].functions[0]", "no 'fecth'; did you mean 'fetch'?"),
        ('functions = ["os.raed"]', "blocking[0].functions[0]", "no 'raed'; did you mean 'read'?"),
        ('class = "acme.client.Store"\nmethods = ["laod"]', "blocking[0].methods[0]", "no 'laod'; did you mean 'load'?"),
        ('functions = ["_io.open"]', "blocking[0].functions[0]", "looked up as 'io.open'"),
        (
            'functions = ["acme.client.fetch"]\nunless = [{ argument = "blocing", equals = false }]',
            "blocking[0].unless[0].argument",
            "no parameter 'blocing'; did you mean 'blocking'?",
        ),
        ('functions = ["acme.client.fetch"]\nunless = [{ argument = "url" }]', "blocking[0].unless[0]", "asks nothing"),
        (
            'functions = ["acme.client.fetch"]\ninstead = { asyncio = "acme.client.get" }',
            "blocking[0].instead.asyncio",
            "'acme.client' has no 'get'",
        ),
    ],
)
def test_an_entry_that_can_have_no_effect_is_named(tmp_path: Path, entry: str, key: str, message: str) -> None:
    (problem,) = checked(tmp_path, f"[[blocking]]\n{entry}\n").problems
    assert problem.key == key
    assert message in problem.message


def test_good_entries_are_looked_up_or_said_not_to_be(tmp_path: Path) -> None:
    text = '[[blocking]]\nfunctions = ["acme.client.fetch", "os.read", "elsewhere.get"]\n'
    text += '[[safe]]\nclass = "acme.client.Store"\nmethods = ["*"]\nreason = "in memory"\n'
    done = checked(tmp_path, text)
    assert done.problems == ()
    assert done.found == ("acme.client.fetch", "os.read", "acme.client.Store")
    assert done.unknown == ("elsewhere.get",)


def test_exit_codes(tmp_path: Path) -> None:
    write(tmp_path, OWN | {"good.toml": '[[blocking]]\nfunctions = ["acme.client.fetch"]\n'})
    write(tmp_path, {"dead.toml": '[[blocking]]\nfunctions = ["os.raed"]\n', "bad.toml": "blockin = 1\n"})
    assert nosyncio(tmp_path, "catalogue", "check", "good.toml").code == 0
    assert nosyncio(tmp_path, "catalogue", "check", "good.toml", "dead.toml").code == 1
    done = nosyncio(tmp_path, "catalogue", "check", "bad.toml", "dead.toml", "gone.toml")
    assert done.code == 2
    assert "unknown key 'blockin'; did you mean 'blocking'?" in done.err
    assert "gone.toml: cannot be read" in done.err
    assert "dead.toml: 1 entry, 1 problem" in done.out  # the rest is still done


def test_a_file_without_entries_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"own.toml": 'select = ["NSI1"]\n', "a.py": SLEEPS})
    done = nosyncio(tmp_path, "catalogue", "check", "own.toml")
    assert done.code == 2
    assert "own.toml: has no entries" in done.err
