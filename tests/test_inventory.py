"""`nosyncio report`: the migrations' own numbers, standings, coverage, what is allowed to stay, bad input, formats."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from commands import Done, nosyncio, write
from nosyncio.catalogue.patterns import patterns

EXAMPLES = Path(__file__).parent.parent / "examples"


def report(folder: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    """The JSON document of `nosyncio report`."""
    done = nosyncio(folder, "report", "--output-format", "json", *arguments)
    assert done.code == code, done.err
    document: dict[str, Any] = json.loads(done.out)
    return document


def text(folder: Path, *arguments: str) -> Done:
    return nosyncio(folder, "report", *arguments)


def standings(document: dict[str, Any]) -> dict[str, str]:
    """How each function's operation stands, of files with one in each function."""
    found = {item["function"]: item["standing"] for item in document["operations"]}
    assert len(found) == len(document["operations"])
    return found


# ----------------------------------------------------------------------------------------------------------------- the migrations


def test_mcp_server_has_the_table_that_was_made_by_hand() -> None:
    """22 `open()` in 13 modules, by pattern: data files in 8 modules, a history in one, text reads in 3, a cache in one."""
    document = report(EXAMPLES / "mcp-json-state" / "before")
    opened = [item for item in document["operations"] if item["kind"] == "open"]
    assert Counter(Path(item["path"]).stem for item in opened) == {
        "refactoring_executor": 2,
        "pattern_analyzer": 2,
        "rollback_manager": 2,
        "approval_manager": 2,
        "learning_data_manager": 2,
        "structure_manager": 2,
        "validation_config": 2,
        "optimization_config": 2,
        "schema_validator": 1,
        "split_recommender": 1,
        "summarization_engine": 2,
        "dependency_graph": 1,
        "consolidation_detector": 1,
    }
    assert sum(Counter(item["kind"] for item in opened).values()) == 22
    modules: dict[str, set[str]] = {}
    for item in opened:
        modules.setdefault(patterns().named(item["pattern"]).group, set()).add(Path(item["path"]).stem)
    assert {group: len(found) for group, found in modules.items()} == {
        "data files": 8,
        "history files": 1,
        "text files": 3,
        "cache files": 1,
    }
    assert modules["history files"] == {"refactoring_executor"}
    assert modules["cache files"] == {"summarization_engine"}
    assert {item["standing"] for item in opened} == {"on-loop", "reached"}
    assert all(item["callers"] and item["instead"] == "aiofiles.open or asyncio.to_thread" for item in opened)
    assert document["summary"]["coverage"] == 0


def test_mcp_server_is_done_but_for_intended_loads() -> None:
    document = report(EXAMPLES / "mcp-json-state" / "after")
    assert document["summary"]["coverage"] == 1
    allowed = [item for item in document["operations"] if item["allowed"]]
    assert Counter(item["pattern"] for item in allowed) == {"config-load": 4, "file-change": 1}
    assert document["summary"]["allowed"] == len(allowed)
    assert document["by_pattern"] == []


def test_knowledge_graph_goes_from_80_to_100_percent() -> None:
    before = report(EXAMPLES / "knowledge-graph" / "before", "src/core", "src/services")
    assert before["summary"]["coverage"] == 0.8
    assert before["summary"]["left"] == 12
    assert sum(item["callee"] == "time.sleep" for item in before["operations"]) == 10
    sleeps = [item["pattern"] for item in before["operations"] if item["callee"] == "time.sleep"]
    assert Counter(sleeps) == {"pause": 3, "retry-sleep": 3, "polling-sleep": 3, "loop-sleep": 1}
    after = report(EXAMPLES / "knowledge-graph" / "after", "src/core", "src/services")
    assert after["summary"]["coverage"] == 1
    assert after["summary"]["operations"] == before["summary"]["operations"]
    assert not any(item["callee"] == "time.sleep" for item in after["operations"])


def test_podcast_cache_is_a_pair_that_the_loop_reaches() -> None:
    document = report(EXAMPLES / "podcast-cli" / "before")
    pair = [item for item in document["operations"] if item["pattern"] == "cache-pair"]
    assert [(item["function"], item["standing"], item["hops"]) for item in pair] == [
        ("JsonCache.get", "reached", 1),
        ("JsonCache.set", "reached", 1),
    ]
    (first, last) = pair[0]["chain"]
    assert first["source"].startswith("self.cache.get(")
    assert (last["path"], last["line"]) == (pair[0]["path"], pair[0]["line"])


# -------------------------------------------------------------------------------------------------------------- how it all stands

STANDINGS = """import asyncio
import time

async def on_loop():
    time.sleep(1)
    first()
    await asyncio.to_thread(in_thread)

def first():
    second()

def second():
    time.sleep(2)

def alone():
    time.sleep(3)

def in_thread():
    time.sleep(4)

async def awaited():
    await asyncio.sleep(5)
"""


def test_standings(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": STANDINGS})
    document = report(tmp_path)
    assert standings(document) == {
        "on_loop": "on-loop",
        "second": "reached",
        "alone": "unreached",
        "in_thread": "offloaded",
        "awaited": "async",
    }
    hops = {item["function"]: item["hops"] for item in document["operations"]}
    assert hops == {"on_loop": 0, "second": 2, "alone": None, "in_thread": None, "awaited": None}
    callers = {item["function"]: item["callers"] for item in document["operations"]}
    assert callers["second"] == ["app.first"]
    assert document["summary"]["done"] == 2
    assert document["summary"]["left"] == 3
    assert document["summary"]["coverage"] == 0.4


def test_the_shortest_chain_of_several(tmp_path: Path) -> None:
    files = {
        "a.py": "from b import far\n\nasync def main():\n    far()\n",
        "b.py": "from c import near\n\ndef far():\n    near()\n",
        "c.py": "import time\n\ndef near():\n    time.sleep(1)\n",
        "d.py": "from c import near\n\nasync def other():\n    near()\n",
        "pyproject.toml": "[tool.nosyncio]\n",
    }
    write(tmp_path, files)
    (item,) = report(tmp_path)["operations"]
    assert [(hop["path"], hop["function"]) for hop in item["chain"]] == [("d.py", "other"), ("c.py", "near")]
    assert item["callers"] == ["b.far", "d.other"]
    (alone,) = report(tmp_path, "c.py")["operations"]
    assert alone == item, "what the rest of the project does counts, whichever files are asked about"


def test_callers_of_constructors_and_properties(tmp_path: Path) -> None:
    source = """from pathlib import Path

class Thing:
    def __init__(self):
        self.path = Path("x")
        self.path.mkdir()

    @property
    def text(self):
        return self.path.read_text()

def made():
    return Thing()

def read(thing: Thing):
    return thing.text

THING = Thing()
"""
    write(tmp_path, {"pkg/__init__.py": "", "pkg/things.py": source})
    callers = {item["function"]: item["callers"] for item in report(tmp_path)["operations"]}
    assert callers == {"Thing.__init__": ["pkg.things", "pkg.things.made"], "Thing.text": ["pkg.things.read"]}


def test_one_operation_is_one_item(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import json\n\ndef load(path):\n    with open(path) as file:\n        return json.load(file)\n"})
    (item,) = report(tmp_path)["operations"]
    assert item["callee"] == "builtins.open"
    assert item["related"] == [{"line": 5, "column": 16, "callee": "json.load"}]


def test_replacements_are_those_of_the_project_s_library(tmp_path: Path) -> None:
    for library, word in {"asyncio": "aiofiles", "anyio": "anyio", "trio": "trio"}.items():
        write(tmp_path, {f"{library}_.py": f"import {library}\n\ndef load(path):\n    return open(path).read()\n"})
        (item,) = report(tmp_path, f"{library}_.py")["operations"]
        assert word in item["instead"]
        assert word in item["rewrite"]


def test_event_loops_are_no_io(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import asyncio\n\nasync def main():\n    pass\n\ndef run():\n    asyncio.run(main())\n"})
    assert report(tmp_path)["operations"] == []


# --------------------------------------------------------------------------------------------------------- what may stay as it is

NOQA = """import time

async def in_loop_code():
    time.sleep(1)  # noqa: NSI101
    helper()

def helper():
    time.sleep(2)  # noqa: NSI101

def bare():
    time.sleep(3)  # noqa

def left():
    time.sleep(4)
"""


def test_what_a_comment_allows_counts_neither_way(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": NOQA})
    document = report(tmp_path)
    assert {item["function"]: item["allowed"] for item in document["operations"]} == {
        "in_loop_code": True,
        "helper": True,
        "bare": False,
        "left": False,
    }
    assert standings(document)["helper"] == "reached", "a comment does not change how it stands"
    assert document["summary"] == {
        "files": 1,
        "operations": 4,
        "done": 0,
        "left": 2,
        "allowed": 2,
        "coverage": 0,
        "standings": {"async": 0, "offloaded": 0, "on-loop": 0, "reached": 0, "unreached": 2},
    }


def test_constructors_may_load_where_that_is_allowed(tmp_path: Path) -> None:
    source = "class A:\n    def __init__(self, path):\n        self.text = open(path).read()\n"
    write(tmp_path, {"a.py": source, "b.py": f"{source}\nasync def main(path):\n    A(path)\n"})
    allowed = ["--async-only", "*", "--allow-init"]
    assert [item["allowed"] for item in report(tmp_path, *allowed)["operations"]] == [True, False]
    assert [item["allowed"] for item in report(tmp_path, "--async-only", "*")["operations"]] == [False, False]
    assert [item["allowed"] for item in report(tmp_path, "--allow-init")["operations"]] == [False, False]


def test_kinds_count_as_their_codes_are_selected(tmp_path: Path) -> None:
    source = "import time, hashlib\n\ndef work(path):\n    time.sleep(1)\n    open(path)\n    hashlib.scrypt(b'')\n"
    write(tmp_path, {"a.py": source, "tests/b.py": source})

    def kinds(*arguments: str) -> Counter[str]:
        return Counter(item["kind"] for item in report(tmp_path, *arguments)["operations"])

    assert kinds() == {"sleep": 2, "open": 2}
    assert kinds("--extend-select", "NSI115") == {"sleep": 2, "open": 2, "cpu": 2}
    assert kinds("--select", "NSI102") == {"open": 2}
    assert kinds("--ignore", "NSI101,NSI201") == {"sleep": 2, "open": 2}, "behind a call, it is still selected"
    assert kinds("--ignore", "NSI101,NSI201,NSI301") == {"open": 2}
    assert kinds("--per-file-ignores", "tests/**:NSI") == {"sleep": 1, "open": 1}


def test_a_baseline_hides_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": STANDINGS, "pyproject.toml": "[tool.nosyncio]\n"})
    before = report(tmp_path)
    assert nosyncio(tmp_path, "baseline", "create").code == 0
    assert nosyncio(tmp_path, "check").code == 0
    assert report(tmp_path) == before


# ---------------------------------------------------------------------------------------------------------------------- bad input


def test_what_cannot_be_analysed_is_said_and_the_rest_is_done(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": STANDINGS, "broken.py": "def f(:\n", "latin.py": b"x = '\xe9'\n"})
    document = report(tmp_path, code=2)
    assert [item["path"] for item in document["not_analysed"]] == ["broken.py", "latin.py"]
    assert len(document["operations"]) == 5
    for form in ("text", "markdown"):
        done = text(tmp_path, "--output-format", form)
        assert done.code == 2
        assert "broken.py" in done.out


def test_a_project_without_files_and_one_without_io(tmp_path: Path) -> None:
    assert text(tmp_path).out == "no I/O in 0 files\n"
    write(tmp_path, {"a.py": "def f():\n    return 1\n"})
    assert text(tmp_path).out == "no I/O in 1 file\n"
    document = report(tmp_path)
    assert document["summary"]["coverage"] is None
    assert document["summary"]["operations"] == 0
    assert text(tmp_path, "--output-format", "markdown").code == 0


def test_types_that_are_nested_too_deeply(tmp_path: Path) -> None:
    deep = "def f0():\n    return 1\n" + "".join(f"def f{n}():\n    return f{n - 1}()\n" for n in range(1, 1500))
    write(tmp_path, {"deep.py": f"{deep}\nasync def main():\n    f1499().read()\n", "a.py": STANDINGS})
    done = nosyncio(tmp_path, "report", "--output-format", "json")
    assert done.code in (0, 2)
    document = json.loads(done.out)
    assert sum(item["path"] == "a.py" for item in document["operations"]) == 5
    assert done.code == 0 or [item["path"] for item in document["not_analysed"]] == ["deep.py"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.py"], "nowhere.py: no such file or folder"),
        (["--output-format", "jsn"], "did you mean 'json'?"),
        (["--output-format", "json", "--output-format", "text"], "only one of json and text may go to standard output"),
        (["--output-file", "no/such/folder"], "no such folder"),
    ],
)
def test_commands_that_make_no_sense(tmp_path: Path, arguments: list[str], words: str) -> None:
    write(tmp_path, {"a.py": STANDINGS})
    done = text(tmp_path, *arguments)
    assert done.code == 2
    assert words in done.err
    assert done.out == ""


def test_hostile_names(tmp_path: Path) -> None:
    """Names of files are text, in a terminal and in Markdown."""
    name = "a|b`c\x1b[31m_d.py"
    write(tmp_path, {name: STANDINGS})
    assert "\x1b" not in text(tmp_path).out
    markdown = text(tmp_path, "--output-format", "markdown").out
    assert "### a\\|b\\`c\\\\x1b\\[31m\\_d.py" in markdown
    assert report(tmp_path)["operations"][0]["path"] == name


# ------------------------------------------------------------------------------------------------------------------------ formats


def test_text_fits_a_terminal() -> None:
    for variant in ("mcp-json-state/before", "knowledge-graph/before", "podcast-cli/before", "fastapi-gateway/before"):
        done = text(EXAMPLES / variant)
        assert done.code == 0
        assert [line for line in done.out.splitlines() if len(line) > 80] == []
        assert not any(line != line.rstrip() for line in done.out.splitlines())


def test_text_says_what_it_counts() -> None:
    out = text(EXAMPLES / "knowledge-graph" / "before", "src/core", "src/services").out
    assert out.startswith(
        "async coverage 80.0%: 48 of 60 I/O operations in 17 files\n    1 on the loop, 11 reached from it, 48 async\n"
    )
    assert "\n    sleep              10       3      23.1%\n" in out
    assert "        24  time.sleep              retry sleep              reached, 1 call\n" in out
    assert "    Neo4jManager.connect  called by SearchService.start\n" in out
    totals = text(EXAMPLES / "knowledge-graph" / "before", "src/core", "src/services", "--by", "none").out
    assert out.startswith(totals)
    by_pattern = text(EXAMPLES / "knowledge-graph" / "before", "src/core", "src/services", "--by", "pattern").out
    assert by_pattern.startswith(totals)
    assert "\nretry sleep  3 left\n    src/core/error_handler.py\n" in by_pattern


def test_coverage_is_rounded_so_that_all_and_nothing_are_true(tmp_path: Path) -> None:
    many = "import asyncio, time\n\nasync def main():\n" + "    await asyncio.sleep(1)\n" * 4000
    write(tmp_path, {"a.py": f"{many}    time.sleep(1)\n"})
    assert "async coverage 99.9%: 4000 of 4001" in text(tmp_path).out


def test_markdown_has_a_row_for_each_operation() -> None:
    folder = EXAMPLES / "mcp-json-state" / "before"
    out = text(folder, "--output-format", "markdown").out
    rows = [line for line in out.partition("## By module")[2].splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == report(folder)["summary"]["left"]
    assert all(row.count(" | ") == 7 for row in rows)


def test_several_formats_in_one_run(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": STANDINGS})
    done = text(tmp_path, "--output-format", "text", "--output-format", "json:out.json", "--output-format", "markdown:out.md")
    assert done.out.startswith("async coverage 40.0%")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == report(tmp_path)
    assert (tmp_path / "out.md").read_text(encoding="utf-8").startswith("# I/O operations\n")


# -------------------------------------------------------------------------------------------------------------------- determinism


def test_same_bytes_whatever_the_order_and_the_number_of_processes() -> None:
    folder = EXAMPLES / "mcp-json-state" / "before"
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    for form in ("json", "text", "markdown"):
        expected = nosyncio(folder, "report", "--output-format", form, "-j", "1", PYTHONHASHSEED="0")
        for arguments, seed in ((["-j", "3"], "1"), (["-j", "1", *reversed(files)], "2")):
            assert nosyncio(folder, "report", "--output-format", form, *arguments, PYTHONHASHSEED=seed) == expected


def test_paths_are_relative_to_the_working_folder() -> None:
    folder = EXAMPLES / "mcp-json-state" / "before"
    above = report(folder, "notes_server")
    inside = report(folder / "notes_server")
    assert [item["path"].removeprefix("notes_server/") for item in above["operations"]] == [
        item["path"] for item in inside["operations"]
    ]
    assert inside["operations"][0]["chain"][0]["path"] == "tools/analysis.py"
