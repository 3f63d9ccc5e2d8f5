"""`nosyncio why`: each way in which the loop gets to a function, where other trails end, and wrong questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands import nosyncio, write
from nosyncio.analysis.build import build
from nosyncio.analysis.source import parse
from nosyncio.config import Config
from nosyncio.engine import Engine

CACHE = """import json
from pathlib import Path


class JsonCache:
    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> dict[str, str]:
        return self.parsed(self.path.read_text())

    def parsed(self, text: str) -> dict[str, str]:
        return dict(json.loads(text))

    @property
    def size(self) -> int:
        return self.path.stat().st_size
"""

MANAGER = """from pathlib import Path

from shop.cache import JsonCache


class Manager:
    def __init__(self) -> None:
        self.cache = JsonCache(Path("prices.json"))

    def price(self, item: str) -> str:
        return self.cache.load()[item]

    def total(self) -> float:
        return sum(float(self.price(item)) for item in ("tea", "milk"))
"""

API = """import asyncio

from shop.manager import Manager

manager = Manager()


async def price(item: str) -> str:
    return manager.price(item)


async def total() -> float:
    return manager.total() + manager.cache.size


async def quiet() -> str:
    return await asyncio.to_thread(manager.price, "tea")
"""

SHOP = {"pyproject.toml": "[project]\nname = 'shop'\n", "shop/__init__.py": "", "shop/cache.py": CACHE}
SHOP |= {"shop/manager.py": MANAGER, "shop/api.py": API}


def why(folder: Path, *arguments: str) -> dict[str, Any]:
    """The JSON answer to a question that has one."""
    done = nosyncio(folder, "why", "--output-format", "json", *arguments)
    assert (done.code, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out)
    return document


def tops(folder: Path, *arguments: str) -> list[tuple[str, list[str]]]:
    """What stands at the top of each trail, and the source text of its hops."""
    return [(item["top"], [hop["source"] for hop in item["chain"]]) for item in why(folder, *arguments)["trails"]]


def test_every_call_in_loop_code_that_leads_there(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    done = nosyncio(tmp_path, "why", "shop/cache.py:10")
    assert done.code == 0
    assert done.out == (
        "shop/cache.py:9:5: the loop gets to `shop.cache.JsonCache.load`: 2 calls in loop code lead to it\n"
        "\n"
        "       shop/api.py:9:12       in price          manager.price(item)\n"
        "    -> shop/manager.py:11:16  in Manager.price  self.cache.load()\n"
        "\n"
        "       shop/api.py:13:12      in total          manager.total()\n"
        "    -> shop/manager.py:14:26  in Manager.total  self.price(item)\n"
        "    -> shop/manager.py:11:16  in Manager.price  self.cache.load()\n"
        "\n"
        "line 10: `pathlib.Path.read_text` blocks (file-content)\n"
        "    reported as NSI303 at shop/api.py:9:12, NSI303 at shop/api.py:13:12\n"
    )


def test_the_json_answer_is_the_documented_document(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    (trail,) = why(tmp_path, "JsonCache.size")["trails"]
    source = "manager.cache.size"
    assert trail.pop("chain") == [{"path": "shop/api.py", "line": 13, "column": 30, "function": "total", "source": source}]
    assert trail == {"top": "loop", "function": None, "detail": ""}
    answer = why(tmp_path, "shop/cache.py:17", "--limit", "1")
    (blocking,) = answer.pop("blocking")
    assert blocking == {
        "callee": "pathlib.Path.stat",
        "kind": "file-metadata",
        "line": 17,
        "column": 16,
        "part_of": None,
        "reported": [{"code": "NSI305", "path": "shop/api.py", "line": 13, "column": 30}],
        "hidden": [],
        "silenced": False,
        "direct": False,
    }
    assert answer.pop("trails") == [trail | {"chain": read_of(source)}]
    assert answer == {
        "version": 1,
        "function": "shop.cache.JsonCache.size",
        "path": "shop/cache.py",
        "line": 16,
        "column": 5,
        "loop_code": False,
        "reached": True,
        "async": False,
        "registered": [],
        "more_trails": 0,
    }


def read_of(source: str) -> list[dict[str, Any]]:
    return [{"path": "shop/api.py", "line": 13, "column": 30, "function": "total", "source": source}]


@pytest.mark.parametrize(
    "place",
    [
        "shop/cache.py:9",
        "shop/cache.py:10:16",
        "./shop/../shop/cache.py:10:",
        "shop.cache.JsonCache.load",
        "cache.JsonCache.load",
        "JsonCache.load",
        "load",
    ],
)
def test_ways_to_name_a_function(tmp_path: Path, place: str) -> None:
    write(tmp_path, SHOP)
    assert why(tmp_path, place)["function"] == "shop.cache.JsonCache.load"


def test_classes_and_nested_functions_have_names(tmp_path: Path) -> None:
    source = (
        "class Box:\n    def __init__(self): pass\n\ndef outer():\n    def inner(): pass\n    return [inner() for _ in 'ab']\n"
    )
    write(tmp_path, {"boxes.py": source + "\nasync def main():\n    Box()\n    outer()\n"})
    assert why(tmp_path, "boxes.Box")["function"] == "boxes.Box.__init__"
    assert why(tmp_path, "outer.inner")["function"] == "boxes.outer.<locals>.inner"
    assert why(tmp_path, "outer.<locals>.inner")["reached"]
    assert tops(tmp_path, "Box") == [("loop", ["Box()"])]


def test_overloads_are_no_functions_of_their_own(tmp_path: Path) -> None:
    head = "from typing import overload\n\n"
    overloads = "@overload\ndef get(key: int) -> int: ...\n@overload\ndef get(key: str) -> str: ...\n"
    write(tmp_path, {"keys.py": f"{head}{overloads}def get(key):\n    return key\n"})
    assert why(tmp_path, "keys.get")["line"] == 7


def test_the_limit_says_how_many_more(tmp_path: Path) -> None:
    calls = "".join(f"async def f{n}():\n    save()\n" for n in range(30))
    write(tmp_path, {"many.py": f"def save():\n    open('x')\n\n{calls}"})
    done = nosyncio(tmp_path, "why", "save")
    assert done.out.count(" save()\n") == 20
    assert done.out.endswith("\n\n10 more; `--limit` shows more than 20\n")
    assert nosyncio(tmp_path, "why", "save", "--limit", "30").out.count(" save()\n") == 30
    assert nosyncio(tmp_path, "why", "save", "--limit", "0").code == 2
    assert why(tmp_path, "save", "--limit", "7")["more_trails"] == 23


def test_a_shortest_way_for_each_call(tmp_path: Path) -> None:
    source = (
        "def leaf(): open('x')\n\ndef one(): leaf()\n\ndef two():\n    one()\n    leaf()\n\n"
        "def three():\n    two()\n    three()\n\n"
        "async def main():\n    three()\n    one()\n    leaf()\n"
    )
    write(tmp_path, {"steps.py": source})
    ways = [["leaf()"], ["one()", "leaf()"], ["three()", "two()", "leaf()"]]
    assert tops(tmp_path, "leaf") == [("loop", way) for way in ways]


# ---------------------------------------------------------------------------------------------------------------- loop code


def test_loop_code_says_why_it_is(tmp_path: Path) -> None:
    source = """import asyncio
import time


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_soon(tick)
    time.sleep(1)


def tick() -> None:
    time.sleep(1)  # noqa: NSI101


class Echo(asyncio.Protocol):
    def data_received(self, data: bytes) -> None:
        print(data)
"""
    write(tmp_path, {"server.py": source})
    body = nosyncio(tmp_path, "why", "server.py:8").out
    assert body == (
        "server.py:5:1: `server.main` is loop code: an `async def`\n\n"
        "line 8: `time.sleep` blocks (sleep)\n    reported as NSI101 at server.py:8:5\n"
    )
    assert nosyncio(tmp_path, "why", "server.py:12").out == (
        "server.py:11:1: `server.tick` is loop code: the loop calls it\n\n"
        "    registered here\n       server.py:7:5  in main  loop.call_soon(tick)\n\n"
        "line 12: `time.sleep` blocks (sleep)\n    suppressed or not selected: NSI101 at server.py:12:5\n"
    )
    assert "\n    by `asyncio.Protocol.data_received`\n" in nosyncio(tmp_path, "why", "data_received").out


# ------------------------------------------------------------------------------------------------------- where a trail ends

ENDS = """import asyncio
import logging
import threading


def in_thread() -> None:
    below()


def below() -> None:
    open("x").close()


def wrapped(job) -> None:
    threading.Thread(target=job).start()


def by_wrapper() -> None: ...


def unused() -> None:
    deep()


def deep() -> None:
    deeper()


def deeper() -> None:
    deep()


def alone() -> None:
    alone()


def script() -> None: ...


def imported() -> None: ...


def lines():
    yield open("x")


def handler(record) -> None: ...


class Log(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None: ...


class Store:
    def save(self, text: str) -> None: ...

    @property
    def state(self) -> str:
        return ""

    def __init__(self) -> None: ...


class Base:
    def run(self) -> None:
        self.step()

    def step(self) -> None: ...


class Other(Base):
    def step(self) -> None: ...


async def main(store, registry) -> None:
    await asyncio.to_thread(in_thread)
    wrapped(lambda: by_wrapper())
    lines()
    registry.add(handler)
    store.save("x")
    store.save("x", "y")
    print(store.state)
    Base().run()


imported()
if __name__ == "__main__":
    script()
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("in_thread", [("thread", ["asyncio.to_thread(in_thread)"])]),
        ("below", [("thread", ["asyncio.to_thread(in_thread)", "below()"])]),
        ("by_wrapper", [("thread", ["wrapped(lambda: by_wrapper())", "by_wrapper()"])]),
        ("unused", [("not-called", [])]),
        ("deep", [("not-called", ["deep()"])]),
        ("deeper", [("not-called", ["deep()", "deeper()"])]),
        ("alone", [("not-called", [])]),
        ("script", [("main", ["script()"])]),
        ("imported", [("module", ["imported()"])]),
        ("lines", [("not-run", ["lines()"])]),
        ("handler", [("passed", ["registry.add(handler)"])]),
        ("Log.emit", [("not-called", [])]),
        ("Store.save", [("not-called", []), ("maybe", ['store.save("x")'])]),
        ("Store.state", [("not-called", []), ("maybe", ["store.state"])]),
        ("Store.__init__", [("not-called", [])]),
        ("Base.step", [("loop", ["Base().run()", "self.step()"])]),
        ("Other.step", [("other-class", ["self.step()"])]),
    ],
)
def test_where_the_trail_ends(tmp_path: Path, name: str, expected: list[tuple[str, list[str]]]) -> None:
    write(tmp_path, {"app.py": ENDS})
    assert tops(tmp_path, name) == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("in_thread", "    it is handed to a thread\n       app.py:76:11  in main  asyncio.to_thread(in_thread)\n"),
        ("below", "    `in_thread` is handed to a thread\n"),
        ("deeper", "    no call of `app.unused` is found\n"),
        ("alone", "    no call of it is found: only by itself\n"),
        ("imported", "    it is called as the module is imported\n       app.py:86:1  in the module  imported()\n"),
        ("script", "    it is called as the file is run as a script\n"),
        ("lines", ": it is a generator function, and nothing is seen to iterate what it gives\n"),
        ("Log.emit", "    no call of it is found: overrides `logging.Handler.emit`\n"),
        ("Store.save", "    it may be what is called here, which is not known: a parameter without an annotation\n"),
        ("Other.step", "    the loop gets to `app.Base.run`, but not for an object of the class that leads on\n"),
    ],
)
def test_ends_in_words(tmp_path: Path, name: str, said: str) -> None:
    write(tmp_path, {"app.py": ENDS})
    out = nosyncio(tmp_path, "why", name).out
    assert "the loop does not get to `app." in out
    assert said in out


def test_decorators_that_offload_or_that_nobody_knows(tmp_path: Path) -> None:
    source = (
        "import click\nfrom asgiref.sync import sync_to_async\n\n@sync_to_async\ndef load(): open('x')\n\n"
        "@click.command()\ndef serve(): ...\n\nasync def main():\n    await load()\n"
    )
    write(tmp_path, {"cli.py": source})
    assert "    it runs in a thread: decorated with `asgiref.sync.sync_to_async`\n" in nosyncio(tmp_path, "why", "load").out
    assert "    no call of it is found: decorated with `click.command`\n" in nosyncio(tmp_path, "why", "serve").out


# ----------------------------------------------------------------------------------------------------------- blocking calls


def test_what_becomes_of_the_blocking_call(tmp_path: Path) -> None:
    source = (
        "import json\n\ndef quiet():\n    open('x')  # noqa: NSI102\n\ndef unused():\n    open('x')\n\n"
        "def read():\n    with open('x') as file:\n        return json.load(file)\n\n"
        "async def main():\n    quiet()\n    read()\n"
    )
    write(tmp_path, {"a.py": source})
    assert "\nline 4: `builtins.open` blocks (open)\n    not reported: a comment" in nosyncio(tmp_path, "why", "a.py:4").out
    assert nosyncio(tmp_path, "why", "a.py:7").out.endswith("    not reported: the loop does not get here\n")
    part = nosyncio(tmp_path, "why", "a.py:11").out
    assert "\nline 11: `json.load` blocks (file-content, part of `builtins.open` on line 10)\n" in part
    assert part.endswith("    reported as NSI302 at a.py:15:5\n")
    ignored = nosyncio(tmp_path, "why", "a.py:10", "--ignore", "NSI302").out
    assert ignored.endswith("    suppressed or not selected: NSI302 at a.py:15:5\n")


def test_outside_all_functions(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "# nosyncio: async-only\nX = open('x')\n\nclass C:\n    y = 1\n", "b.py": "\n\nx = 1"})
    done = nosyncio(tmp_path, "why", "a.py:2")
    assert done.code == 0
    assert done.out.startswith("a.py:2:1: outside all functions: ")
    assert done.out.endswith("line 2: `builtins.open` blocks (open)\n    reported as NSI202 at a.py:2:5\n")
    for place in ("a.py:1", "a.py:5", "b.py:1", "b.py:3"):
        answer = why(tmp_path, place)
        assert (answer["function"], answer["reached"], answer["trails"]) == (None, False, [])


def test_lambdas_have_columns(tmp_path: Path) -> None:
    source = "import asyncio\n\nasync def main():\n    x = 1; await asyncio.to_thread(lambda: open('x'))\n"
    write(tmp_path, {"a.py": source})
    assert why(tmp_path, "a.py:4")["function"] == "a.main"
    answer = why(tmp_path, "a.py:4:44")
    assert answer["function"] == "a.main.<locals>.<lambda>"
    assert [trail["top"] for trail in answer["trails"]] == ["thread"]


# ------------------------------------------------------------------------------------------------------------ wrong questions


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nowhere.py:3", "nowhere.py: no such file"),
        ("shop:3", "shop: not a file"),
        ("shop/cache.py:0", "shop/cache.py has no line 0: it has 18"),
        ("shop/cache.py:19", "shop/cache.py has no line 19: it has 18"),
        ("broken.py:1", "broken.py: could not be analysed: syntax error: "),
        ("../outside.py:1", "../outside.py: outside the project, whose root is "),
        ("vendored.py:1", "vendored.py: excluded by configuration"),
        ("JsonCache.laod", "no function 'JsonCache.laod' in 5 files, and no such PATH:LINE; did you mean 'JsonCache.load'?"),
        ("shop.cache.JsonCache.sizes", "did you mean 'shop.cache.JsonCache.size'?"),
        ("shop.cache", "no function 'shop.cache' in 5 files"),
        ("cache.py", "no function 'cache.py' in 5 files"),
        ("", "no function '' in 5 files"),
        (":", "no function ':' in 5 files"),
        ("..", "no function '..' in 5 files"),
        ("Cache.load", "no function 'Cache.load' in 5 files"),
    ],
)
def test_there_is_no_such_place(tmp_path: Path, place: str, said: str) -> None:
    write(tmp_path, {f"project/{name}": text for name, text in SHOP.items()})
    write(tmp_path, {"outside.py": "x = 1\n", "project/broken.py": "def f(:\n", "project/vendored.py": "x = 1\n"})
    done = nosyncio(tmp_path / "project", "why", place, "--exclude", "vendored.py")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("nosyncio: ")
    assert said in done.err


def test_a_name_that_may_be_several(tmp_path: Path) -> None:
    write(tmp_path, {f"m{n}.py": "class Box:\n    def open(self): pass\n" for n in range(30)})
    done = nosyncio(tmp_path, "why", "Box.open")
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert lines[0] == "nosyncio: 'Box.open' may be any of 30 functions; say which by its place:"
    assert lines[1] == "    m0.py:2  m0.Box.open"
    assert (len(lines), lines[-1]) == (22, "    and 10 more")
    assert why(tmp_path, "m7.Box.open")["path"] == "m7.py"


def test_a_property_and_its_setter_share_a_name(tmp_path: Path) -> None:
    source = "class A:\n    @property\n    def x(self): return 1\n    @x.setter\n    def x(self, value): open('x')\n\n"
    write(tmp_path, {"a.py": f"{source}async def main(a: A):\n    a.x = 1\n"})
    done = nosyncio(tmp_path, "why", "A.x")
    assert (done.code, done.err.splitlines()[1:]) == (2, ["    a.py:3  a.A.x", "    a.py:5  a.A.x"])
    assert tops(tmp_path, "a.py:5") == [("loop", ["a.x"])]
    assert tops(tmp_path, "a.py:3") == [("not-called", [])]


def test_types_that_are_nested_too_deeply(tmp_path: Path) -> None:
    source = (
        f"from pathlib import Path\nasync def f():\n    x = Path('a'){' / str()' * 900}\n    x.read_text()\n\ndef g(): pass\n"
    )
    write(tmp_path, {"deep.py": source})
    for place in ("f", "g", "deep.py:4"):
        assert nosyncio(tmp_path, "why", place).code in (0, 2)


# ------------------------------------------------------------------------------------------------------------- whole projects


def test_the_whole_project_is_read_from_anywhere_in_it(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    done = nosyncio(tmp_path / "shop", "why", "cache.py:10")
    assert done.out.startswith("cache.py:9:5: the loop gets to `shop.cache.JsonCache.load`: 2 calls ")
    assert "       api.py:9:12       in price " in done.out
    assert done.out.endswith("    reported as NSI303 at api.py:9:12, NSI303 at api.py:13:12\n")


def test_a_file_that_git_ignores_can_be_asked_about(tmp_path: Path) -> None:
    write(tmp_path, SHOP | {".gitignore": "local.py\n", "local.py": "def f(): pass\n"})
    assert why(tmp_path, "local.py:1")["function"] == "local.f"
    assert nosyncio(tmp_path, "why", "local.f").code == 2


def test_the_order_of_files_does_not_show() -> None:
    files = {"a.py": ENDS, "b.py": ENDS.replace("Base().run()", "Other().run(); below()"), **SHOP}
    sources = {name: build(parse(text)) for name, text in files.items() if name.endswith(".py")}

    class Files:
        package = ""

        def exists(self, path: str) -> bool:
            return path in sources

        def is_folder(self, path: str) -> bool:
            return False

        def has_facts(self, path: str) -> bool:
            return path in sources

        def facts(self, path: str) -> Any:
            return sources.get(path)

    answers = []
    for paths in (sorted(sources), sorted(sources, reverse=True)):
        engine = Engine(Files(), Config())
        places = [(path, line) for path in paths for line in range(1, sources[path].lines + 1)]
        answers.append({place: engine.why(paths, *place) for place in places})
    assert answers[0] == answers[1]


def test_each_finding_of_a_blocking_call_is_listed_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.py": "import time\ndef wait():\n    time.sleep(1)\nasync def one():\n    wait()\nasync def two():\n    wait()\n"},
    )
    (call,) = why(tmp_path, "a.py:3")["blocking"]
    assert [item["line"] for item in call["reported"]] == [5, 7]
