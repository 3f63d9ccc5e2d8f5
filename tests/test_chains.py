"""Chains: what a finding behind a helper carries, how it is drawn, and that every front end and part of a project sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import codes, flake8, found, nosyncio, run, write
from nosyncio.model import Finding
from support import check_files, check_source

STORE = {
    "app/__init__.py": "",
    "app/main.py": """from app.store import Store


async def handle(store: Store) -> None:
    store.save("x")
""",
    "app/store.py": """import json
import time
from pathlib import Path


class Store:
    path = Path("state.json")

    def save(self, value: str) -> None:
        self._write(value)
        if not self.path.exists():
            self._retry()

    def _write(self, value: str) -> None:
        with open(self.path, "w") as file:
            json.dump(value, file)

    def _retry(self) -> None:
        time.sleep(1)
        self._write("again")
        open(self.path)
""",
}


def by_code(findings: list[Finding]) -> dict[str, Finding]:
    assert len({finding.code for finding in findings}) == len(findings)
    return {finding.code: finding for finding in findings}


def ways(finding: Finding) -> list[tuple[str, int, int, str | None]]:
    return [(hop.path, hop.span.line, hop.span.column, hop.function) for hop in finding.chain]


# ---------------------------------------------------------------------------------------------------------------- what it carries


def test_one_finding_for_each_kind_with_the_shortest_way() -> None:
    findings = by_code(check_files(STORE))
    assert sorted(findings) == ["NSI301", "NSI302", "NSI305"]
    assert ways(findings["NSI302"]) == [
        ("app/main.py", 5, 5, "handle"),
        ("app/store.py", 10, 9, "Store.save"),
        ("app/store.py", 15, 14, "Store._write"),
    ]
    assert {finding.callee for finding in findings.values()} == {"app.store.Store.save"}
    assert {(finding.span.line, finding.span.column, finding.span.end_column) for finding in findings.values()} == {(5, 5, 20)}


def test_all_leaves_nearest_first_each_once() -> None:
    leaves = by_code(check_files(STORE))["NSI302"].leaves
    assert [(leaf.hop.span.line, leaf.hop.function, leaf.callee, leaf.length) for leaf in leaves] == [
        (15, "Store._write", "builtins.open", 3),
        (21, "Store._retry", "builtins.open", 3),
    ]


def test_the_message_is_one_line_that_says_what_and_where() -> None:
    message = by_code(check_files(STORE))["NSI302"].message
    assert message == (
        "`Store.save` reaches `open` in 'app.store.Store._write' (and 1 more) and blocks the event loop in 'handle'; "
        "use `asyncio.to_thread` here or `aiofiles.open` there"
    )


def test_json_has_the_chain_with_its_source_and_the_leaves(tmp_path: Path) -> None:
    write(tmp_path, STORE)
    document = json.loads(nosyncio(tmp_path, "check", "--isolated", "--output-format", "json").out)
    (finding,) = (item for item in document["findings"] if item["code"] == "NSI301")
    assert finding["context"] == "reachable"
    assert finding["chain"] == [
        {"path": "app/main.py", "line": 5, "column": 5, "function": "handle", "source": 'store.save("x")'},
        {"path": "app/store.py", "line": 12, "column": 13, "function": "Store.save", "source": "self._retry()"},
        {"path": "app/store.py", "line": 19, "column": 9, "function": "Store._retry", "source": "time.sleep(1)"},
    ]
    leaf = {"path": "app/store.py", "line": 19, "column": 9, "function": "Store._retry"}
    (found,) = finding["leaves"]
    assert found.pop("fingerprint") != finding["fingerprint"]
    assert found == {**leaf, "callee": "time.sleep", "kind": "sleep", "length": 3}


def test_text_draws_the_chain_one_hop_a_line(tmp_path: Path) -> None:
    write(tmp_path, STORE)
    lines = nosyncio(tmp_path, "check", "--isolated", "--select", "NSI302").out.splitlines()
    assert lines[1:7] == [
        '    store.save("x")',
        "    ^^^^^^^^^^^^^^^",
        "    -> app/store.py:10:9   in Store.save    self._write(value)",
        '    -> app/store.py:15:14  in Store._write  open(self.path, "w")',
        "       and 1 more blocking call behind it",
        "    use asyncio.to_thread here or aiofiles.open there",
    ]


def test_paths_of_a_chain_are_relative_to_the_working_folder(tmp_path: Path) -> None:
    write(tmp_path, {**STORE, "pyproject.toml": "[tool.nosyncio]\n"})
    document = json.loads(nosyncio(tmp_path / "app", "check", "--output-format", "json").out)
    assert {hop["path"] for item in document["findings"] for hop in item["chain"]} == {"main.py", "store.py"}
    assert all(hop["source"] for item in document["findings"] for hop in item["chain"])
    assert {leaf["path"] for item in document["findings"] for leaf in item["leaves"]} == {"store.py"}


def test_the_surest_way_is_shown_before_a_shorter_one() -> None:
    (finding,) = check_source(
        """import time


async def main(name: str) -> None:
    choose(name)


def choose(name: str) -> None:
    if name.startswith("x"):
        pause()
    go_round()


def go_round() -> None:
    pause()


def pause() -> None:
    time.sleep(1)
"""
    )
    assert [hop.function for hop in finding.chain] == ["main", "choose", "go_round", "pause"]


# -------------------------------------------------------------------------------------------------------------------- silencing


def silenced(line: int, comment: str) -> dict[str, str]:
    text = STORE["app/store.py"].split("\n")
    text[line - 1] += f"  # {comment}"
    return {**STORE, "app/store.py": "\n".join(text)}


@pytest.mark.parametrize(
    "comment", ["noqa: NSI101", "noqa: NSI201", "noqa: NSI301", "noqa: E501, NSI301", "noqa: NSI", "NOQA:nsi301"]
)
def test_noqa_on_the_blocking_line_silences_every_chain_to_it(tmp_path: Path, comment: str) -> None:
    if comment == "noqa: NSI":
        comment = "noqa: NSI3"
    write(tmp_path, silenced(19, comment))
    assert codes(tmp_path, "--isolated") == ["NSI302", "NSI305"]  # and no NSI901: it did suppress something


@pytest.mark.parametrize(("line", "comment"), [(19, "noqa"), (19, "noqa: NSI302"), (19, "noqa: E501"), (18, "noqa: NSI301")])
def test_what_does_not_silence_a_chain(line: int, comment: str) -> None:
    assert sorted(by_code(check_files(silenced(line, comment)))) == ["NSI301", "NSI302", "NSI305"]


def test_one_leaf_silenced_leaves_the_other() -> None:
    finding = by_code(check_files(silenced(15, "noqa: NSI302")))["NSI302"]
    assert [leaf.hop.span.line for leaf in finding.leaves] == [21]
    assert [hop.span.line for hop in finding.chain] == [5, 12, 21]


def test_noqa_at_the_call_in_loop_code(tmp_path: Path) -> None:
    text = STORE["app/main.py"].replace('save("x")', 'save("x")  # noqa: NSI301, NSI302')
    write(tmp_path, {**STORE, "app/main.py": text})
    assert codes(tmp_path, "--isolated") == ["NSI305"]


# ------------------------------------------------------------------------------------------------------------- parts of a project


def test_a_part_of_a_project_is_checked_with_the_whole_in_mind(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": "[tool.nosyncio]\n",
        "base.py": "import abc\nclass Base(abc.ABC):\n    @abc.abstractmethod\n    def load(self): ...\n",
        "disk.py": "import time\nfrom base import Base\nclass Disk(Base):\n    def load(self):\n        time.sleep(1)\n",
        "main.py": "from base import Base\nasync def main(base: Base):\n    base.load()\n",
        "ticks.py": "import time\ndef tick():\n    time.sleep(1)\n",
        "wiring.py": "import asyncio\nfrom ticks import tick\ndef wire(loop: asyncio.BaseEventLoop):\n    loop.call_soon(tick)\n",
    }
    write(tmp_path, files)
    whole = found(tmp_path)
    assert whole == [("main.py", 3, 5, "NSI301"), ("ticks.py", 3, 5, "NSI101")]
    assert found(tmp_path, "main.py") == whole[:1]
    assert found(tmp_path, "ticks.py") == whole[1:]
    assert flake8(tmp_path, ".") == whole
    assert flake8(tmp_path, "-j", "1", "main.py") == whole[:1]
    assert flake8(tmp_path, "ticks.py") == whole[1:]


def test_a_comment_in_a_helper_is_used_by_files_that_are_not_checked(tmp_path: Path) -> None:
    helper = "import time\ndef wait():\n    time.sleep(1)  # noqa: NSI101\ndef idle():\n    time.sleep(1)  # noqa: NSI101\n"
    write(tmp_path, {"pyproject.toml": "[tool.nosyncio]\n", "helper.py": helper})
    write(tmp_path, {"main.py": "import helper\nasync def main():\n    helper.wait()\n"})
    assert found(tmp_path) == [("helper.py", 5, 28, "NSI901")]
    assert found(tmp_path, "helper.py") == [("helper.py", 5, 28, "NSI901")]


def test_without_a_project_only_what_is_named_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"main.py": "import other\nasync def main():\n    other.f()\n", "broken/x.py": "def ("})
    write(tmp_path, {"other.py": "import time\ndef f():\n    time.sleep(1)\n"})
    assert found(tmp_path, "main.py") == [("main.py", 3, 5, "NSI301")]


def test_flake8_says_it_in_one_line(tmp_path: Path) -> None:
    write(tmp_path, STORE)
    lines = run(tmp_path, "-m", "flake8", "--isolated", "--select", "NSI302", ".").out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("./app/main.py:5:5: NSI302 `Store.save` reaches `open` in 'app.store.Store._write'")


def test_kinds_that_are_off_stay_off(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import importlib\ndef f(n):\n    importlib.import_module(n)\nasync def g():\n    f('x')\n"})
    assert codes(tmp_path, "--isolated") == []
    assert codes(tmp_path, "--isolated", "--extend-select", "NSI314") == ["NSI314"]


# ------------------------------------------------------------------------------------------------------- shapes of graphs

LEAF = "import time\ndef leaf():\n    time.sleep(1)\n"


def test_circles_end() -> None:
    text = (
        LEAF
        + "def a():\n    b()\n    a()\ndef b():\n    a()\n    c()\ndef c():\n    b()\n    leaf()\nasync def main():\n    a()\n"
    )
    (finding,) = check_source(text)
    assert [hop.function for hop in finding.chain] == ["main", "a", "b", "c", "leaf"]
    assert check_source("def a():\n    b()\ndef b():\n    a()\nasync def main():\n    a()\n") == []


def test_a_chain_may_be_thousands_of_calls_long() -> None:
    length = 3000
    steps = "".join(f"def f{n}():\n    f{n + 1}()\n" for n in range(length))
    (finding,) = check_source(f"{LEAF}{steps}def f{length}():\n    leaf()\nasync def main():\n    f0()\n")
    assert len(finding.chain) == length + 3
    assert finding.leaves[0].length == length + 3


def test_what_many_callers_share_is_worked_out_once() -> None:
    """With a new search for each caller this would take minutes."""
    width = 400
    layers = "".join(
        f"def f{n}():\n" + "".join(f"    f{m}()\n" for m in range(n + 1, min(n + 20, width))) for n in range(width - 1)
    )
    callers = "".join(f"async def main{n}():\n    f{n}()\n" for n in range(width))
    findings = check_source(f"{LEAF}{layers}def f{width - 1}():\n    leaf()\n{callers}")
    assert len(findings) == width


def test_the_way_is_the_shortest_whatever_the_order() -> None:
    calls = ["long1()", "short()"]
    for order in (calls, calls[::-1]):
        body = "".join(f"    {call}\n" for call in order)
        text = f"{LEAF}def long1():\n    long2()\ndef long2():\n    short()\ndef short():\n    leaf()\ndef start():\n{body}"
        (finding,) = check_source(f"{text}async def main():\n    start()\n")
        assert [hop.function for hop in finding.chain] == ["main", "start", "short", "leaf"]


def test_a_helper_that_is_too_deep_to_follow_is_named_and_the_rest_done(tmp_path: Path) -> None:
    deep = "class C0: pass\n" + "".join(f"class C{n}(C{n - 1}): pass\n" for n in range(1, 3000)) + "def f():\n    C2999().x()\n"
    main = "from deep import f\nimport time\nasync def main():\n    f()\n    time.sleep(1)\n"
    write(tmp_path, {"deep.py": deep, "main.py": main})
    done = nosyncio(tmp_path, "check", "--isolated", "--output-format", "concise")
    assert "main.py:5:5: NSI101" in done.out
    assert done.code in (1, 2)
