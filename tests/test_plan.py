"""What a plan says of functions in all positions: what becomes of them, what changes with them, what stays and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import commands
from nosyncio.config.files import discover
from nosyncio.report import plan_json
from nosyncio.schedule import plan

LOADS = "import time\n\n\ndef load():\n    time.sleep(1)\n\n\n"


class Planned(NamedTuple):
    """The steps of a plan, and its functions and places by line."""

    steps: list[dict[str, Any]]

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        return {item["name"].partition(".")[2]: item for step in self.steps for item in step["make_async"]}

    @property
    def changes(self) -> dict[int, str]:
        return {item["line"]: item["change"] for step in self.steps for item in step["change"]}

    @property
    def kept(self) -> dict[str, str]:
        return {item["name"].partition(".")[2]: item["obstacle"] for step in self.steps for item in step["leave_sync"]}


def _plan(folder: Path, source: str, *arguments: str, **files: str) -> Planned:
    commands.write(folder, {"app.py": source, **{f"{name}.py": text for name, text in files.items()}})
    if arguments:
        done = commands.nosyncio(folder, "report", "--plan", "--output-format", "json", *arguments)
        assert done.code == 0, done.err
        document = json.loads(done.out)
    else:
        document = plan_json.document(plan(discover(folder), [folder], base=folder))
    steps: list[dict[str, Any]] = document["steps"]
    left = [document["findings"], *(step["left"] for step in steps)]
    assert left[-1] == 0
    assert all(step["frees"] for step in steps)
    assert sum(len(step["frees"]) for step in steps) == left[0]
    return Planned(steps)


def test_a_coroutine_function_is_mended_where_it_is(tmp_path: Path) -> None:
    (step,) = _plan(tmp_path, "import time\n\nasync def main():\n    time.sleep(1)\n    open('x').read()\n").steps
    assert [(item["line"], item["callee"], item["instead"]) for item in step["replace"]] == [
        (4, "time.sleep", "asyncio.sleep"),
        (5, "builtins.open", "aiofiles.open or asyncio.to_thread"),
    ]
    assert not step["make_async"]
    assert not step["change"]


def test_leaves_come_first_and_what_nobody_else_needs_goes_along(tmp_path: Path) -> None:
    source = LOADS + "def a():\n    load()\n\n\ndef b():\n    a()\n\n\nasync def main():\n    b()\n"
    (step,) = _plan(tmp_path, source).steps
    assert [item["name"] for item in step["make_async"]] == ["app.load", "app.a", "app.b"]
    assert [[site["line"] for site in item["await"]] for item in step["make_async"]] == [[], [9], [13]]
    assert all(item["twin"] is None for item in step["make_async"])
    assert [site["line"] for site in step["change"]] == [17]


def test_the_sync_version_stays_until_its_last_caller_has_moved(tmp_path: Path) -> None:
    source = LOADS + "def a():\n    load()\n\n\nasync def main():\n    load()\n    load()\n    a()\n"
    first, second = _plan(tmp_path, source).steps
    (load,) = first["make_async"]
    assert load["twin"]["name"] == "load_async"
    assert load["twin"]["until_step"] == 2
    assert [keeper["line"] for keeper in load["twin"]["kept_by"]] == [9]
    assert [item["name"] for item in second["make_async"]] == ["app.a"]
    assert [item["name"] for item in second["drop"]] == ["app.load"]


def test_callers_that_no_loop_gets_to_keep_the_sync_version(tmp_path: Path) -> None:
    source = LOADS + "def command():\n    load()\n\n\nREGISTRY = dict(load=load)\n\n\nasync def main():\n    load()\n"
    (step,) = _plan(tmp_path, source).steps
    (load,) = step["make_async"]
    assert load["twin"]["until_step"] is None
    assert [(keeper["line"], keeper["hands_over"]) for keeper in load["twin"]["kept_by"]] == [(9, False), (12, True)]
    assert not step["drop"]


def test_what_calls_itself_in_a_circle_is_done_at_once(tmp_path: Path) -> None:
    source = (
        "import time\n\n\ndef even(n):\n    time.sleep(1)\n    return n == 0 or odd(n - 1)\n\n\n"
        "def odd(n):\n    return n != 0 and even(n - 1)\n\n\nasync def main():\n    even(2)\n    odd(3)\n"
    )
    (step,) = _plan(tmp_path, source).steps
    assert [(item["name"], item["group"]) for item in step["make_async"]] == [("app.even", 0), ("app.odd", 0)]
    assert len(step["frees"]) == 2


def test_methods_that_take_each_others_place_go_together(tmp_path: Path) -> None:
    source = (
        "import time\n\n\nclass Base:\n    def load(self):\n        pass\n\n\n"
        "class Slow(Base):\n    def load(self):\n        time.sleep(1)\n\n\n"
        "class Fixed(Base):\n    def load(self):\n        return 1\n\n\n"
        "class Done(Base):\n    async def load(self):\n        return 1\n\n\nasync def main(base: Base):\n    base.load()\n"
    )
    (step,) = _plan(tmp_path, source).steps
    assert [item["name"] for item in step["make_async"]] == ["app.Base.load", "app.Slow.load", "app.Fixed.load"]


def test_an_async_version_that_is_there_already_is_used(tmp_path: Path) -> None:
    source = LOADS + "async def aload():\n    pass\n\n\nasync def main():\n    load()\n"
    (step,) = _plan(tmp_path, source).steps
    assert step["make_async"][0]["twin"] is None, "nothing needs the sync one: it may be either"
    source += "\n\ndef command():\n    load()\n"
    (load,) = _plan(tmp_path, source).steps[0]["make_async"]
    assert (load["twin"]["name"], load["twin"]["exists"], load["replace"]) == ("aload", True, [])


def test_a_function_that_is_handed_to_another_goes_with_it(tmp_path: Path) -> None:
    source = LOADS + "def retry(operation):\n    return operation()\n\n\nasync def main():\n    retry(load)\n"
    (step,) = _plan(tmp_path, source).steps
    assert {item["name"]: [site["line"] for site in item["await"]] for item in step["make_async"]} == {
        "app.retry": [9],
        "app.load": [],
    }
    assert [(site["line"], site["change"]) for site in step["change"]] == [(13, "await")]


FORMS = """\
import time
from contextlib import contextmanager


class Settings:
    @property
    def size(self):
        time.sleep(1)

    def __enter__(self):
        time.sleep(1)
        return self

    def __exit__(self, *raised):
        pass

    def __getitem__(self, key):
        time.sleep(1)

    def __call__(self):
        time.sleep(1)


class Pages:
    def __iter__(self):
        return self

    def __next__(self):
        time.sleep(1)


@contextmanager
def locked():
    time.sleep(1)
    yield


def lines():
    time.sleep(1)
    yield 1


def wait(n):
    time.sleep(n)
    return n


async def main(settings: Settings):
    settings.size
    with settings:
        settings[0]
    settings()
    for page in Pages():
        print(page)
    with locked():
        pass
    for line in lines():
        print(line)
    sum(wait(n) for n in range(3))
"""


def test_functions_that_cannot_simply_be_async_def(tmp_path: Path) -> None:
    planned = _plan(tmp_path, FORMS)
    assert {name: item["form"] for name, item in planned.functions.items()} == {
        "Settings.size": "property",
        "Settings.__enter__": "with",
        "Settings.__getitem__": "special",
        "Settings.__call__": "coroutine",
        "Pages.__next__": "iteration",
        "locked": "context-manager",
        "lines": "generator",
        "wait": "coroutine",
    }
    assert planned.changes == {
        49: "method",
        50: "async-with",
        51: "method",
        52: "await",
        53: "async-for",
        55: "async-with",
        57: "async-for",
        59: "in-list",
    }


OBSTACLES = """\
import asyncio
import functools
import logging
import time


class Settings:
    def __init__(self):
        time.sleep(1)


class Handler(logging.Handler):
    def emit(self, record):
        time.sleep(1)


@functools.lru_cache
def schema():
    time.sleep(1)


def by_size(path):
    time.sleep(1)


def elsewhere():
    time.sleep(1)


def on_done(task):
    time.sleep(1)
    schema()


async def main(handler: Handler, record, paths):
    Settings()
    handler.emit(record)
    schema()
    sorted(paths, key=by_size)
    await asyncio.to_thread(elsewhere)
    elsewhere()
    asyncio.create_task(asyncio.sleep(1)).add_done_callback(on_done)
"""


def test_functions_that_stay_sync_are_called_in_a_thread(tmp_path: Path) -> None:
    planned = _plan(tmp_path, OBSTACLES)
    assert planned.kept == {
        "Settings.__init__": "constructor",
        "Handler.emit": "override",
        "schema": "cached",
        "by_size": "library",
        "elsewhere": "in-thread",
    }
    assert planned.changes == dict.fromkeys((32, 36, 37, 38, 39, 41), "thread")
    assert not planned.functions
    (callback,) = [item for step in planned.steps for item in step["replace"]]
    assert (callback["line"], callback["obstacle"]) == (31, "callback")


def test_what_the_loop_calls_starts_a_task(tmp_path: Path) -> None:
    source = (
        LOADS + "def on_done(task):\n    load()\n\n\n"
        "async def main(task):\n    load()\n    import asyncio\n    asyncio.ensure_future(task).add_done_callback(on_done)\n"
    )
    assert _plan(tmp_path, source).changes == {9: "task", 13: "await"}


CORE = """\
# nosyncio: async-only
import time

time.sleep(1)


class Store:
    def __init__(self):
        self._load()

    def _load(self):
        time.sleep(1)

    def save(self):
        time.sleep(1)

    def sync(self):
        self.save()
        time.sleep(1)
"""


def test_in_an_async_only_module_the_sync_version_may_not_stay(tmp_path: Path) -> None:
    command = "from core import Store\n\n\ndef command(store: Store):\n    store.sync()\n\n\n"
    command += "async def main(store: Store):\n    store.save()\n"
    planned = _plan(tmp_path, command, core=CORE)
    save = planned.functions["Store.save"]
    assert save["twin"]["until_step"] is not None
    assert [item["name"] for step in planned.steps for item in step["drop"]] == ["core.Store.save"]
    edges = {(item["path"], item["line"], item["change"]) for step in planned.steps for item in step["change"]}
    assert edges == {("app.py", 5, "run"), ("app.py", 9, "await"), ("core.py", 9, "factory")}
    (module,) = [item for step in planned.steps for item in step["replace"]]
    assert (module["line"], module["obstacle"]) == (4, "module")


def test_unknown_decorators_are_to_be_checked(tmp_path: Path) -> None:
    source = (
        "import tenacity\nimport time\n\n\n@tenacity.retry\ndef load():\n    time.sleep(1)\n\n\nasync def main():\n    load()\n"
    )
    (step,) = _plan(tmp_path, source).steps
    assert step["make_async"][0]["decorators"] == ["tenacity.retry"]


def test_what_is_not_wanted_is_not_planned(tmp_path: Path) -> None:
    source = LOADS + "def peek():\n    open('x').read()\n\n\nasync def main():\n    load()\n    peek()  # noqa: NSI302\n"
    planned = _plan(tmp_path, source)
    assert [*planned.functions] == ["load"]
    assert not _plan(tmp_path, source, "--ignore", "NSI3").steps


def test_a_baseline_hides_nothing(tmp_path: Path) -> None:
    source = LOADS + "async def main():\n    load()\n"
    commands.write(tmp_path, {"app.py": source})
    assert commands.nosyncio(tmp_path, "baseline", "create").code == 0
    assert len(_plan(tmp_path, source).steps) == 1


def test_paths_are_those_of_the_working_folder(tmp_path: Path) -> None:
    commands.write(tmp_path, {"pyproject.toml": "[tool.nosyncio]\n", "pkg/app.py": LOADS + "async def main():\n    load()\n"})
    done = commands.nosyncio(tmp_path / "pkg", "report", "--plan", "--output-format", "json")
    (step,) = json.loads(done.out)["steps"]
    assert {item["path"] for item in (*step["make_async"], *step["change"])} == {"app.py"}


def test_a_part_of_a_project_is_planned_with_the_whole_in_mind(tmp_path: Path) -> None:
    app = "from lib import load\n\n\nasync def main():\n    load()\n"
    other = "from lib import load\n\n\nasync def other():\n    load()\n"
    commands.write(tmp_path, {"pyproject.toml": "[tool.nosyncio]\n"})
    planned = _plan(tmp_path, app, "app.py", lib=LOADS, other=other)
    assert {item["path"] for step in planned.steps for item in step["change"]} == {"app.py", "other.py"}


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_each_format_has_all_of_it_and_is_the_same_each_time(form: str, tmp_path: Path) -> None:
    commands.write(tmp_path, {"b.py": FORMS, "a.py": OBSTACLES, "c.py": CORE, "bad.py": "def"})
    done = commands.nosyncio(tmp_path, "report", "--plan", "--output-format", form, "--jobs", "2")
    assert done.code == 2
    assert {word for word in ("a.py", "bad.py", "Settings.__init__", "locked") if word in done.out.replace("\\_", "_")} == {
        *("a.py", "bad.py", "Settings.__init__", "locked")
    }
    if form == "json":
        assert commands.nosyncio(tmp_path, "report", "--plan", "--output-format", form, "--jobs", "1").out == done.out


def test_nothing_to_do(tmp_path: Path) -> None:
    commands.write(tmp_path, {"a.py": "x = 1\n"})
    assert commands.nosyncio(tmp_path, "report", "--plan").out == "nothing to do: 0 findings in 1 file\n"


def test_names_and_text_mean_nothing_to_markdown(tmp_path: Path) -> None:
    source = LOADS + "def _a(*_, **__):\n    load()\n\n\nasync def main():\n    _a(*[1, 2], `3`=1)\n".replace("`3`", "x")
    commands.write(tmp_path, {"a.py": source})
    out = commands.nosyncio(tmp_path, "report", "--plan", "--output-format", "markdown").out
    assert "await: \\_a(\\*\\[1, 2\\], x=1)" in out


def test_options_that_make_no_sense_together(tmp_path: Path) -> None:
    commands.write(tmp_path, {"a.py": "x = 1\n"})
    done = commands.nosyncio(tmp_path, "report", "--plan", "--by", "pattern")
    assert (done.code, done.out) == (2, "")
    assert "--by" in done.err
    assert commands.nosyncio(tmp_path, "report", "--plan", "--output-format", "sarif").code == 2
