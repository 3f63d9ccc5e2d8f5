"""Calls that are followed into installed packages: what is found there, and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import flake8, nosyncio, pylint, write
from environments import ends, environment, found, report

CLIENT = """import ssl

class AsyncClient:
    def __init__(self, verify=True, transport=None):
        self._transport = transport or self._make(verify=verify)

    def _make(self, verify):
        if verify is True:
            return ssl.create_default_context()
        return None

    async def get(self, url): ...
"""
APP = "import acme_sdk\n\nasync def main(path: str):\n    {call}\n"


def app(call: str) -> str:
    return APP.format(call=call)


# --------------------------------------------------------------------------------------------------------------- the three shapes


def test_an_async_client_whose_constructor_loads_certificates(tmp_path: Path) -> None:
    findings = found(tmp_path, app("acme_sdk.AsyncClient()"), {"acme_sdk/__init__.py": CLIENT})
    assert ends(findings) == [(4, "NSI303", "ssl.create_default_context", "acme_sdk/__init__.py:9")]
    (finding,) = findings
    assert finding.path == "app.py"
    assert [(hop.path, hop.span.line, hop.package) for hop in finding.chain] == [
        ("app.py", 4, None),
        ("acme_sdk/__init__.py", 5, "acme_sdk 1.2.0"),
        ("acme_sdk/__init__.py", 9, "acme_sdk 1.2.0"),
    ]
    assert finding.instead == "asyncio.to_thread here, or make it once before the event loop starts"


@pytest.mark.parametrize("call", ["acme_sdk.AsyncClient(verify=False)", "acme_sdk.AsyncClient(transport=object())"])
def test_a_constructor_whose_arguments_say_otherwise(tmp_path: Path, call: str) -> None:
    assert found(tmp_path, app(call), {"acme_sdk/__init__.py": CLIENT}) == []


def test_a_factory_that_reads_files(tmp_path: Path) -> None:
    package = (
        "from pathlib import Path\n\ndef load(path):\n    return Path(path).read_text()\n\ndef parse(text):\n    return text\n"
    )
    findings = found(tmp_path, app("acme_sdk.load(path); acme_sdk.parse(path)"), {"acme_sdk/__init__.py": package})
    assert ends(findings) == [(4, "NSI303", "pathlib.Path.read_text", "acme_sdk/__init__.py:4")]


def test_an_awaited_coroutine_that_blocks_inside(tmp_path: Path) -> None:
    package = "import time\n\nasync def fetch():\n    await again()\n\nasync def again():\n    time.sleep(1)\n"
    findings = found(tmp_path, app("await acme_sdk.fetch()"), {"acme_sdk/__init__.py": package})
    assert ends(findings) == [(4, "NSI301", "time.sleep", "acme_sdk/__init__.py:7")]
    assert "awaiting it does not help" in (findings[0].instead or "")


@pytest.mark.parametrize("call", ["acme_sdk.fetch()", "coroutine = acme_sdk.fetch()", "async with acme_sdk.Quiet(): ..."])
def test_a_coroutine_that_is_not_awaited_there(tmp_path: Path, call: str) -> None:
    package = "import time\n\nasync def fetch():\n    time.sleep(1)\n\nclass Quiet:\n    async def __aenter__(self): ...\n"
    assert [finding for finding in found(tmp_path, app(call), {"acme_sdk/__init__.py": package}) if finding.kind] == []


def test_async_with_and_async_for(tmp_path: Path) -> None:
    package = """import time

class Session:
    async def __aenter__(self):
        time.sleep(1)
    async def __aexit__(self, *args): ...

class Pages:
    def __aiter__(self):
        return self
    async def __anext__(self):
        open("page")

async def lines():
    open("lines")
    yield 1
"""
    call = """async with acme_sdk.Session(): ...
    async for page in acme_sdk.Pages(): ...
    async for line in acme_sdk.lines(): ..."""
    assert ends(found(tmp_path, app(call), {"acme_sdk/__init__.py": package})) == [
        (4, "NSI301", "time.sleep", "acme_sdk/__init__.py:5"),
        (5, "NSI302", "builtins.open", "acme_sdk/__init__.py:12"),
        (6, "NSI302", "builtins.open", "acme_sdk/__init__.py:15"),
    ]


# ----------------------------------------------------------------------------------------------------------- what is not reported


def test_what_a_package_offloads_itself(tmp_path: Path) -> None:
    package = """import asyncio
import time
from functools import partial

async def _run(function, *args):
    return await asyncio.get_running_loop().run_in_executor(None, partial(function, *args))

def _read(path):
    time.sleep(1)
    return open(path).read()

async def read(path):
    return await _run(_read, path)

async def wait():
    await asyncio.to_thread(time.sleep, 1)
"""
    assert found(tmp_path, app("await acme_sdk.read(path); await acme_sdk.wait()"), {"acme_sdk/__init__.py": package}) == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a lazy import", "    import importlib\n    importlib.import_module('acme_sdk.more')"),
        ("metadata", "    import importlib.metadata\n    importlib.metadata.version('acme')"),
        ("one look at a file", "    import os\n    os.path.exists('x')"),
        ("entropy", "    import uuid\n    uuid.getnode()"),
        ("source lines", "    import linecache\n    linecache.getline('x', 1)"),
        ("a lock of its own", "    import threading\n    threading.Lock().acquire()"),
        ("somebody else's handle", "    import typing\n    stream: typing.IO[str] = path\n    stream.read()"),
        ("a first time", "    global _text\n    if _text is None:\n        _text = open('x').read()"),
        ("an unknown test", "    if path.strange():\n        open('x')"),
        ("a cache", "    return cached(path)"),
    ],
)
def test_what_is_not_worth_a_report_from_afar(tmp_path: Path, name: str, body: str) -> None:
    start = "from functools import lru_cache\n\n_text = None\n\n@lru_cache\ndef cached(path):\n    return open(path).read()\n\n"
    package = f"{start}def load(path=''):\n{body}\n\ndef twin(path=''):\n    open(path)\n"
    findings = found(tmp_path, app("acme_sdk.load(path); acme_sdk.twin(path)"), {"acme_sdk/__init__.py": package})
    assert [item.span.column for item in findings] == [26], name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Checked('key')", True),  # what the new object's attribute holds is of this call
        ("Checked()", False),  # raises
        ("Heir('key')", True),
        ("Told(True)", True),
        ("client.again()", False),
        ("client.once()", False),
        ("client.with_key()", True),  # raises until somebody sets the key, and goes on every time from then on
    ],
)
def test_what_a_new_object_is_asked_is_no_first_time(tmp_path: Path, name: str, expected: bool) -> None:
    package = """class Checked:
    def __init__(self, key=None):
        self.key = key
        if not self.key:
            raise ValueError
        self.load()

    def load(self):
        self.text = open('x').read()

class Heir(Checked):
    def __init__(self, key):
        super().__init__(key)

class Told:
    def __init__(self, eager=False):
        self.text = None
        if eager:
            self.text = self._read(eager)

    def _read(self, eager):
        return open('x').read()

class Client:
    def again(self):
        if self.text is None:
            self.text = open('x').read()

    def once(self):
        if self.file:
            raise ValueError
        self.file = open('x')

    def with_key(self):
        if not self.key:
            raise ValueError
        self.key = open('x').read()
"""
    text = f"import acme_sdk\nfrom acme_sdk import *\n\nasync def main(client: acme_sdk.Client):\n    {name}\n"
    findings = found(tmp_path, text, {"acme_sdk/__init__.py": package})
    assert bool(findings) is expected, name


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("acme_sdk.always('x')", True),
        ("acme_sdk.at_times('x')", False),
        ("acme_sdk.or_else('x')", False),
        ("acme_sdk.dispatched('x')", False),
        ("acme_sdk.of_dispatched('x')", False),
    ],
)
def test_what_a_package_enters_surely(tmp_path: Path, call: str, expected: bool) -> None:
    package = """import contextlib
import functools

@contextlib.contextmanager
def opened(path):
    yield open(path)

def always(path):
    return opened(path)

def at_times(path):
    return contextlib.nullcontext() if path.is_memory() else opened(path)

def or_else(path):
    if path.is_memory():
        return path
    return opened(path)

@functools.singledispatch
def dispatched(path):
    return opened(path)

@dispatched.register(str)
def _(path):
    return contextlib.nullcontext()

def of_dispatched(path):
    return dispatched(path)
"""
    text = f"import acme_sdk\n\nasync def main():\n    with {call}:\n        pass\n"
    assert bool(found(tmp_path, text, {"acme_sdk/__init__.py": package})) is expected


@pytest.mark.parametrize("annotation", ["Reference[Worker]", "Union[Remote, Worker]", "Remote | Worker"])
def test_a_part_of_a_type_that_cannot_be_read_is_as_much_of_it(tmp_path: Path, annotation: str) -> None:
    package = """from typing import TypeVar, Union
from acme_sdk.compiled import Remote

T = TypeVar("T")
Reference = Union[Remote, T]
"""
    packages = {"acme_sdk/__init__.py": package, "acme_sdk/compiled.cpython-312-x86_64-linux-gnu.so": ""}
    worker = "class Worker:\n    def work(self):\n        open('x')\n"
    start = f"from typing import Union\nfrom acme_sdk import Reference, Remote\n\n{worker}\n"
    assert found(tmp_path, f"{start}async def main(it: {annotation}):\n    it.work()\n", packages) == []
    assert found(tmp_path, f"{start}async def main(it: Worker):\n    it.work()\n", packages) != []


def test_a_method_that_a_class_takes_from_elsewhere_keeps_its_entry(tmp_path: Path) -> None:
    packages = {
        "acme_sdk/__init__.py": "from acme_sdk.fun import parse\n\nclass Repo:\n    parse = parse\n",
        "acme_sdk/fun.py": "def parse(repo, text):\n    return repo.database.look_up(text)\n",
    }
    blocking = [{"class": "acme_sdk.Repo", "methods": ["parse"], "kind": "subprocess"}]
    text = "import acme_sdk\n\nasync def main(repo: acme_sdk.Repo):\n    repo.parse('HEAD')\n"
    assert [item.code for item in found(tmp_path, text, packages, blocking=blocking)] == ["NSI109"]


def test_what_a_decorator_made_of_a_method_has_no_entry(tmp_path: Path) -> None:
    package = """def synced(function):
    def wrapped(*args):
        return function(*args)
    return wrapped

class Kernel:
    async def _stop(self): ...
    stop = synced(_stop)
"""
    blocking = [{"class": "acme_sdk.Kernel", "methods": ["stop"], "kind": "subprocess"}]
    text = "import acme_sdk\n\nasync def main(kernel: acme_sdk.Kernel, either):\n    await either(kernel.stop())\n"
    assert found(tmp_path, text, {"acme_sdk/__init__.py": package}, blocking=blocking) == []


def test_properties_of_packages_are_not_followed_whatever_the_project_calls_its_own(tmp_path: Path) -> None:
    package = "class Head:\n    @property\n    def commit(self):\n        return open('x').read()\n"
    text = "import acme_sdk\n\nasync def main(head: acme_sdk.Head):\n    head.commit\n"
    own = "\nclass Own:\n    @property\n    def commit(self):\n        return 1\n"
    for source in (text, text + own):
        assert found(tmp_path, source, {"acme_sdk/__init__.py": package}) == []


def test_a_way_of_which_the_class_is_chosen_under_a_test(tmp_path: Path) -> None:
    package = """import time
from acme_sdk.stubs import Remote

class Rest:
    def query(self):
        time.sleep(1)

class Slow:
    def query(self):
        time.sleep(2)

class Grpc:
    def __init__(self):
        self.query = Remote.unary()

class Client:
    def __init__(self, url):
        if url.startswith("grpc"):
            self.one = Grpc()
            self.other = Slow()
        else:
            self.one = Rest()
            self.other = Rest()

    def height(self):
        return self.one.query()

    def depth(self):
        return self.other.query()
"""
    packages = {"acme_sdk/__init__.py": package, "acme_sdk/stubs.cpython-312-x86_64-linux-gnu.so": ""}
    text = "import acme_sdk\n\nasync def main(client: acme_sdk.Client):\n    client.height()\n    client.depth()\n"
    assert [item.span.line for item in found(tmp_path, text, packages)] == [5]


def test_code_that_runs_at_import(tmp_path: Path) -> None:
    package = "import time\ntime.sleep(1)\nopen('x')\n\ndef load(): ...\n"
    assert found(tmp_path, app("acme_sdk.load()"), {"acme_sdk/__init__.py": package}) == []


def test_the_catalogue_has_the_last_word(tmp_path: Path) -> None:
    package = "import time\n\ndef load():\n    time.sleep(1)\n\nasync def fetch():\n    time.sleep(1)\n"
    call = app("acme_sdk.load(); await acme_sdk.fetch()")
    assert len(found(tmp_path, call, {"acme_sdk/__init__.py": package})) == 2
    safe = [{"functions": ["acme_sdk.load", "acme_sdk.fetch"], "reason": "seen to be quick"}]
    assert found(tmp_path, call, {"acme_sdk/__init__.py": package}, safe=safe) == []
    blocking = [{"functions": ["acme_sdk.load"], "kind": "http"}]
    assert [(item.code, item.callee) for item in found(tmp_path, call, {"acme_sdk/__init__.py": package}, blocking=blocking)] == [
        ("NSI106", "acme_sdk.load"),
        ("NSI301", "acme_sdk.fetch"),
    ]


def test_a_call_that_the_catalogue_decides_by_its_arguments_is_reported_once(tmp_path: Path) -> None:
    package = "def load(verify=True):\n    open('x')\n"
    blocking = [{"functions": ["acme_sdk.load"], "kind": "http", "unless": [{"argument": "verify", "equals": False}]}]
    calls = app("acme_sdk.load(); acme_sdk.load(verify=True); acme_sdk.load(verify=None is None)")
    findings = found(tmp_path, calls, {"acme_sdk/__init__.py": package}, blocking=blocking)
    assert [(item.code, item.span.column) for item in findings] == [("NSI106", 5), ("NSI106", 22), ("NSI302", 50)]


def test_an_override_behind_a_stub_takes_nothing_away(tmp_path: Path) -> None:
    packages = {
        "psycopg2/__init__.py": "",
        "psycopg2/extensions.py": "from psycopg2._psycopg import cursor\n",
        "psycopg2/extras.py": """from psycopg2.extensions import cursor

class DictCursor(cursor):
    def execute(self, query, vars=None):
        self.index = {}
        return super().execute(query, vars)
""",
    }
    calls = "async def main(one: DictCursor, other: psycopg2.extras.DictCursor):\n    one.execute('x')\n    other.execute('x')\n"
    text = f"import psycopg2\nfrom psycopg2.extras import DictCursor\n\n{calls}"
    assert [item.code for item in found(tmp_path, text, packages)] == ["NSI108", "NSI108"]


def test_a_name_that_the_catalogue_knows_by_another_place(tmp_path: Path) -> None:
    packages = {
        "acme_sdk/__init__.py": "from acme_sdk._impl import Client\n",
        "acme_sdk/_impl.py": "class Client:\n    def get(self): ...\n",
    }
    blocking = [{"class": "acme_sdk.Client", "methods": ["get"], "kind": "http"}]
    text = "from acme_sdk._impl import Client\n\nasync def main(client: Client):\n    client.get()\n"
    assert ends(found(tmp_path, text, packages, blocking=blocking)) == [(4, "NSI106", "acme_sdk.Client.get", "app.py:4")]


def test_comments_in_a_package_mean_nothing(tmp_path: Path) -> None:
    package = "import time\n\ndef load():\n    time.sleep(1)  # noqa: NSI301\n"
    assert [item.code for item in found(tmp_path, app("acme_sdk.load()"), {"acme_sdk/__init__.py": package})] == ["NSI301"]
    assert found(tmp_path, app("acme_sdk.load()  # noqa: NSI301"), {}) == []


# ------------------------------------------------------------------------------------------------------------------------ options


def test_nothing_is_followed_unless_asked_for(tmp_path: Path) -> None:
    package = {"acme_sdk/__init__.py": "import time\n\ndef load():\n    time.sleep(1)\n"}
    call = app("acme_sdk.load()")
    assert found(tmp_path, call, package, follow=False) == []
    assert len(found(tmp_path, call, package, follow_only=["acme_sdk"])) == 1
    assert found(tmp_path, call, package, follow_only=["other"]) == []


def test_how_deep(tmp_path: Path) -> None:
    package = {"acme_sdk/__init__.py": "import time\n\ndef load():\n    inner()\n\ndef inner():\n    time.sleep(1)\n"}
    assert len(found(tmp_path, app("acme_sdk.load()"), package, follow_depth=2)) == 1
    assert found(tmp_path, app("acme_sdk.load()"), package, follow_depth=1) == []


# -------------------------------------------------------------------------------------------------------------- same everywhere


def test_fingerprints_do_not_hang_on_the_environment(tmp_path: Path) -> None:
    package = {"acme_sdk/__init__.py": "import time\n\ndef load():\n    time.sleep(1)\n"}
    prints = []
    for name, home in (("here", ".venv"), ("there", "elsewhere/env")):
        write(tmp_path / name, {"app.py": app("acme_sdk.load()")})
        environment(tmp_path / name, package, ("acme_sdk", "1.2.0", "acme_sdk"), home=home)
        (finding,) = report(tmp_path / name, python=home).findings
        prints.append(finding.fingerprints)
        assert finding.leaves[0].hop.path == "acme_sdk/__init__.py"
    assert prints[0] == prints[1]


def test_every_front_end_says_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": app("acme_sdk.load()"), "pyproject.toml": "[tool.nosyncio]\nfollow = true\n"})
    environment(tmp_path, {"acme_sdk/__init__.py": "import time\n\ndef load():\n    time.sleep(1)\n"})
    cli = nosyncio(tmp_path, "check", "--output-format", "concise", VIRTUAL_ENV="")
    assert cli.out.startswith("app.py:4:5: NSI301 `load` reaches `time.sleep` in 'acme_sdk.load' and blocks"), cli.err
    assert flake8(tmp_path, "app.py") == [("app.py", 4, 5, "NSI301")]
    assert pylint(tmp_path, "--disable=all", "--enable=nosyncio", "app.py") == [("app.py", 4, 5, "W9301")]


def test_a_host_s_own_options(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": app("acme_sdk.load()"), ".flake8": "[flake8]\nnosyncio-follow = true\nnosyncio-python = env\n"})
    environment(tmp_path, {"acme_sdk/__init__.py": "import time\n\ndef load():\n    time.sleep(1)\n"}, home="env")
    assert flake8(tmp_path, "app.py") == [("app.py", 4, 5, "NSI301")]


def test_what_reports_say_of_places_outside_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"src/app.py": app("acme_sdk.load()"), "pyproject.toml": "[tool.nosyncio]\nfollow = true\n"})
    package = {"acme_sdk/__init__.py": "import time\n\ndef load():\n    time.sleep(1)\n"}
    environment(tmp_path, package, ("acme_sdk", "3", "acme_sdk"))
    text = nosyncio(tmp_path / "src", "check", VIRTUAL_ENV="").out
    assert "-> acme_sdk/__init__.py:4:5  in load  (acme_sdk 3)\n" in text
    log = json.loads(nosyncio(tmp_path / "src", "check", "--output-format", "sarif", VIRTUAL_ENV="").out)
    (related,) = log["runs"][0]["results"][0]["relatedLocations"]
    assert "physicalLocation" not in related
    assert related["logicalLocations"][0]["fullyQualifiedName"] == "acme_sdk/__init__.py:4"
