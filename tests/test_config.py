"""Configuration: every key in TOML and by flag, where it is found, and what is said about one that can't be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commands import SLEEPS, check, codes, found, nosyncio, write
from nosyncio.config import OPTIONS, Located, discover, from_table, key_of
from nosyncio.model import Report
from nosyncio.run import check as run_check

TWO = "import time\n\nasync def main():\n    time.sleep(1)\n    open('x')\n"


def checked(folder: Path, **options: Any) -> Report:
    """What a run in `folder` finds with these options of `[tool.nosyncio]`, written with underscores."""
    config = from_table({key_of(name): value for name, value in options.items()}, "options")
    return run_check(Located(config, folder), [folder], base=folder)


def selected(folder: Path, **options: Any) -> list[str]:
    return [finding.code for finding in checked(folder, **options).findings]


# ------------------------------------------------------------------------------------------------------ every key, every way

INSTALLED: dict[str, str] = {
    "a.py": "import box, far\nasync def f():\n    box.nap()\n    far.nap()\n",
    "env/pyvenv.cfg": "version = 3.11\n",
    "env/lib/python3.11/site-packages/box.py": "import time\ndef nap():\n    time.sleep(1)\n",
    "env/lib/python3.11/site-packages/far.py": "import time\ndef nap():\n    inner()\ndef inner():\n    time.sleep(1)\n",
}

CASES: dict[str, tuple[str, list[str], dict[str, str], list[str]]] = {
    # key: (TOML, flags, files, what is found then)
    "select": ('["NSI102"]', ["--select", "NSI102"], {"a.py": TWO}, ["NSI102"]),
    "extend-select": (
        '["NSI114"]',
        ["--extend-select", "NSI114"],
        {"a.py": TWO + "    __import__('x')\n"},
        ["NSI101", "NSI102", "NSI114"],
    ),
    "ignore": ('["NSI101"]', ["--ignore", "NSI101"], {"a.py": TWO}, ["NSI102"]),
    "per-file-ignores": ('{"b.py" = ["NSI1"]}', ["--per-file-ignores", "b.py:NSI1"], {"a.py": SLEEPS, "b.py": TWO}, ["NSI101"]),
    "exclude": ('["gen/"]', ["--exclude", "gen/"], {"a.py": SLEEPS, "gen/b.py": TWO}, ["NSI101"]),
    "respect-gitignore": ("false", ["--no-respect-gitignore"], {"a.py": SLEEPS, ".gitignore": "a.py"}, ["NSI101"]),
    "src": (
        '["lib"]',
        ["--src", "lib"],
        {"a.py": "from box import nap\nasync def f():\n    nap(1)\n", "lib/box.py": "from time import sleep as nap\n"},
        ["NSI101"],
    ),
    "async-only": ('["a.py"]', ["--async-only", "a.py"], {"a.py": "open('x')\n", "b.py": "open('x')\n"}, ["NSI202"]),
    "allow-init": (
        "true",
        ["--allow-init", "--async-only", "a.py"],
        {"a.py": "# nosyncio: async-only\nclass A:\n  def __init__(self):\n    open('x')\n  def b(self):\n    input()\n"},
        ["NSI212"],
    ),
    "async-library": ('"trio"', ["--async-library", "trio"], {"a.py": SLEEPS}, ["NSI101"]),
    "max-undecided": (
        "2",
        ["--max-undecided", "2"],
        {
            "a.py": "import time\nasync def main(n):\n    one(n)\n    two(n)\ndef one(n):\n    if n:\n        time.sleep(1)\n"
            "def two(n):\n    if n.a:\n        one(n.b)\n"
        },
        ["NSI301", "NSI301"],
    ),
    "follow": ('true\npython = "env"', ["--follow", "--python", "env"], INSTALLED, ["NSI301", "NSI301"]),
    "follow-only": (
        '["box"]\nfollow = true\npython = "env"',
        ["--follow-only", "box", "--follow", "--python", "env"],
        INSTALLED,
        ["NSI301"],
    ),
    "follow-depth": (
        '1\nfollow = true\npython = "env"',
        ["--follow-depth", "1", "--follow", "--python", "env"],
        INSTALLED,
        ["NSI301"],
    ),
    "python": ('"env"\nfollow = true', ["--python", "env", "--follow"], INSTALLED, ["NSI301", "NSI301"]),
    "require-reason": (
        "true",
        ["--require-reason"],
        {"a.py": SLEEPS.replace("(1)", "(1)  # noqa: NSI101")},
        ["NSI903"],
    ),
    "baseline": (
        '"known.toml"',
        ["--baseline", "known.toml"],
        {
            "a.py": TWO,
            "known.toml": """version = 1
known = [{ path = "a.py", function = "main", code = "NSI101", callee = "time.sleep" }]
""",
        },
        ["NSI102"],
    ),
}


def test_every_option_has_a_case() -> None:
    assert set(CASES) == {key_of(field) for field in OPTIONS}


@pytest.mark.parametrize("key", CASES)
def test_a_key_and_its_flag_mean_the_same(tmp_path: Path, key: str) -> None:
    value, flags, files, expected = CASES[key]
    write(tmp_path, files)
    by_flag = check(tmp_path, *flags)
    write(tmp_path, {"pyproject.toml": f"[tool.nosyncio]\n{key} = {value}\n"})
    assert check(tmp_path) == by_flag
    assert [item["code"] for item in by_flag[1]["findings"]] == expected


def test_every_option_makes_a_difference_in_its_case(tmp_path: Path) -> None:
    for key, (value, _, files, _) in CASES.items():
        folder = tmp_path / key
        write(folder, files)
        before = checked(folder)
        write(folder, {"pyproject.toml": f"[tool.nosyncio]\n{key} = {value}\n"})
        after = run_check(discover(folder), [folder], base=folder)
        assert before != after, key


def test_a_flag_takes_the_place_of_the_key(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": TWO, "pyproject.toml": '[tool.nosyncio]\nselect = ["NSI101"]\n'})
    assert codes(tmp_path) == ["NSI101"]
    assert codes(tmp_path, "--select", "NSI102") == ["NSI102"]
    assert codes(tmp_path, "--select", "NSI101,NSI102") == codes(tmp_path, "--select", "NSI101", "--select", "NSI102")


# ------------------------------------------------------------------------------------------------------------ where it is found


def test_the_nearest_table_upwards_counts(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": '[tool.nosyncio]\nignore = ["NSI101"]\nper-file-ignores = {"pkg/sub/*" = ["NSI102"]}\n',
            "pkg/pyproject.toml": "[project]\nname = 'x'\n",
            "pkg/sub/a.py": TWO + "    input()\n",
            "own/pyproject.toml": "[tool.nosyncio]\n",
            "own/a.py": TWO,
        },
    )
    assert found(tmp_path / "pkg/sub") == [("a.py", 6, 5, "NSI112")]
    assert codes(tmp_path / "own") == ["NSI101", "NSI102"]


def test_a_repository_is_not_left(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[tool.nosyncio]\nignore = ["NSI101"]\n', "repo/.git/HEAD": "", "repo/pkg/a.py": TWO})
    assert codes(tmp_path / "repo/pkg") == ["NSI101", "NSI102"]


def test_isolated_reads_no_configuration(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": TWO, "pyproject.toml": "[tool.nosyncio]\nnonsense = 1\n"})
    assert codes(tmp_path, "--isolated") == ["NSI101", "NSI102"]
    assert codes(tmp_path, "--isolated", "--ignore", "NSI101") == ["NSI102"]
    assert nosyncio(tmp_path, "check", "--isolated", "--config", "pyproject.toml").code == 2


def test_a_named_file_counts(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": TWO,
            "pyproject.toml": "[tool.nosyncio]\nnonsense = 1\n",
            "strict.toml": 'ignore = ["NSI101"]\n',
            "other/pyproject.toml": '[tool.nosyncio]\nignore = ["NSI102"]\n',
        },
    )
    assert codes(tmp_path, "--config", "strict.toml") == ["NSI102"]
    assert codes(tmp_path, "--config", "other/pyproject.toml") == ["NSI101"]


# ------------------------------------------------------------------------------------------------------------ which codes count


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["NSI101", "NSI102"]),
        ({"select": ["ALL"]}, ["NSI101", "NSI102"]),
        ({"select": []}, []),
        ({"select": ["NSI1"], "ignore": ["NSI102"]}, ["NSI101"]),
        ({"select": ["NSI102"], "ignore": ["NSI1"]}, ["NSI102"]),
        ({"select": ["NSI102"], "ignore": ["NSI102"]}, []),
        ({"select": ["NSI102"], "ignore": ["ALL"]}, ["NSI102"]),
        ({"select": [], "extend_select": ["sleep-in-async"]}, ["NSI101"]),
        ({"ignore": ["open-in-async"]}, ["NSI101"]),
        ({"ignore": ["nsi101"]}, ["NSI102"]),
        ({"per_file_ignores": {"a.py": ["NSI10"]}}, []),
        ({"per_file_ignores": {"*.py": ["NSI101"], "b.py": ["NSI102"]}}, ["NSI102"]),
    ],
)
def test_the_longest_selector_decides(tmp_path: Path, options: dict[str, Any], expected: list[str]) -> None:
    write(tmp_path, {"a.py": TWO})
    assert selected(tmp_path, **options) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, []),
        ({"select": ["NSI1"]}, []),
        ({"select": ["NSI11"]}, []),
        ({"select": ["ALL"]}, []),
        ({"select": ["NSI114"]}, ["NSI114"]),
        ({"extend_select": ["NSI114", "cpu-in-async"]}, ["NSI114", "NSI115"]),
        ({"extend_select": ["NSI114", "NSI115"], "ignore": ["NSI114"]}, ["NSI115"]),
    ],
)
def test_some_codes_want_to_be_named(tmp_path: Path, options: dict[str, Any], expected: list[str]) -> None:
    body = "    importlib.import_module(n)\n    hashlib.pbkdf2_hmac('sha256', n, n, 10**6)\n"
    write(tmp_path, {"a.py": f"import hashlib, importlib\nasync def f(n):\n{body}"})
    assert selected(tmp_path, **options) == expected


# ------------------------------------------------------------------------------------------------------------ which files count


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (["gen"], ["a.py", "pkg/a.py", "pkg/sub/b.py"]),
        (["/gen"], ["a.py", "pkg/a.py", "pkg/gen/c.py", "pkg/sub/b.py"]),
        (["a.py"], ["gen/d.py", "pkg/gen/c.py", "pkg/sub/b.py"]),
        (["pkg/**/*.py", "!pkg/a.py"], ["a.py", "gen/d.py", "pkg/a.py"]),
        (["p*/s?b/"], ["a.py", "gen/d.py", "pkg/a.py", "pkg/gen/c.py"]),
    ],
)
def test_exclude(tmp_path: Path, exclude: list[str], left: list[str]) -> None:
    write(tmp_path, dict.fromkeys(("a.py", "gen/d.py", "pkg/a.py", "pkg/gen/c.py", "pkg/sub/b.py"), SLEEPS))
    assert [finding.path for finding in checked(tmp_path, exclude=exclude).findings] == left


def test_gitignore_files_nest(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            ".gitignore": "build/\n*_gen.py\n!kept_gen.py\n/top.py\n[z-a]\n",
            "pkg/.gitignore": "!x_gen.py\nlocal.py\n",
            **dict.fromkeys(
                ("top.py", "a_gen.py", "kept_gen.py", "build/a.py", "pkg/top.py", "pkg/x_gen.py", "pkg/y_gen.py", "pkg/local.py"),
                SLEEPS,
            ),
        },
    )
    expected = ["kept_gen.py", "pkg/top.py", "pkg/x_gen.py"]
    assert [finding.path for finding in checked(tmp_path).findings] == expected
    assert [path for path, *_ in found(tmp_path / "pkg", "--isolated")] == ["top.py", "x_gen.py"]
    assert len(checked(tmp_path, respect_gitignore=False).findings) == 8


def test_what_is_named_counts_whatever_gitignore_says(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", ".gitignore": "build/\n", "build/a.py": SLEEPS, "build/sub/b.py": SLEEPS, "script": SLEEPS})
    assert [path for path, *_ in found(tmp_path, "build", "script")] == ["build/a.py", "build/sub/b.py", "script"]
    assert [path for path, *_ in found(tmp_path, "build/sub")] == ["build/sub/b.py"]
    assert found(tmp_path, "build", "--exclude", "build/") == []


def test_virtual_environments_and_tool_folders_are_no_code_of_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"env/pyvenv.cfg": "", **dict.fromkeys(("env/lib/a.py", "node_modules/b.py", ".git/c.py", "d.py"), SLEEPS)})
    assert [finding.path for finding in checked(tmp_path).findings] == ["d.py"]


# ---------------------------------------------------------------------------------------------------------- the async library


def advice(folder: Path, **options: Any) -> str:
    located = discover(folder)
    config = from_table({key_of(name): value for name, value in options.items()}, "options")
    report = run_check(Located(config, folder, None, located.library), [folder], base=folder)
    return str(report.findings[0].instead)


def test_advice_names_the_library_of_the_file_then_of_the_project_then_asyncio(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    assert advice(tmp_path) == "asyncio.sleep"
    write(tmp_path, {"pyproject.toml": "[project]\ndependencies = ['Trio>=0.22; python_version > \"3\"', 'httpx']\n"})
    assert advice(tmp_path) == "trio.sleep"
    assert advice(tmp_path, async_library="asyncio") == "asyncio.sleep"
    write(tmp_path, {"a.py": "import anyio\n" + SLEEPS})
    assert advice(tmp_path) == "anyio.sleep"
    assert advice(tmp_path, async_library="trio") == "trio.sleep"


@pytest.mark.parametrize("dependencies", ["5", "'trio'", "[5]", "['trio-websocket']", "[]"])
def test_odd_dependencies_are_no_fault(tmp_path: Path, dependencies: str) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": f"[project]\ndependencies = {dependencies}\n"})
    assert advice(tmp_path) == "asyncio.sleep"


# ------------------------------------------------------------------------------------------------------ a catalogue of one's own


def test_own_entries(tmp_path: Path) -> None:
    table = """
[[tool.nosyncio.blocking]]
functions = ["mylib.fetch"]
instead = {asyncio = "mylib.afetch"}

[[tool.nosyncio.blocking]]
class = "mylib.Client"
methods = ["get"]
kind = "http"

[[tool.nosyncio.offloads]]
functions = ["mylib.in_thread"]
callable = {position = 0}

[[tool.nosyncio.runs-on-loop]]
decorators = ["mylib.callback"]

[[tool.nosyncio.safe]]
functions = ["time.sleep"]
reason = "patched in this project"
"""
    source = """import time
import mylib
from mylib import Client, callback, fetch as get

async def main(client: Client):
    get()
    client.get()
    client.post()
    await mylib.in_thread(get)
    await mylib.in_thread(lambda: open("x"))
    time.sleep(1)

@callback
def on_event():
    open("x")
"""
    write(tmp_path, {"a.py": source, "pyproject.toml": table})
    code, document = check(tmp_path)
    assert code == 1
    assert [(item["line"], item["code"], item["callee"]) for item in document["findings"]] == [
        (6, "NSI120", "mylib.fetch"),
        (7, "NSI106", "mylib.Client.get"),
        (15, "NSI102", "builtins.open"),
    ]
    assert document["findings"][0]["instead"] == "mylib.afetch"
