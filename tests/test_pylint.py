"""The pylint plugin, in real pylint: which messages, from where, under which options."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import SLEEPS, found, pylint, run, write
from linted import lint

OURS = ("--disable=all", "--enable=nosyncio", "--disable=unexplained-suppression")
SOURCE = "import time, importlib\n\nasync def main(n):\n    time.sleep(1)\n    open(n)\n    importlib.import_module(n)\n"

LIBRARY = {
    "site/shop/__init__.py": """import threading

class Client(threading.Thread):
    pass

def client():
    return Client()
""",
    "app.py": """import asyncio
import shop

async def main():
    worker = shop.client()
    worker.start()
    worker.join()
""",
}


def test_messages_have_the_whole_place_and_the_engines_words(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import time\nclass A:\n    async def f(self):\n        é = '漢'; time.sleep(\n            1)\n"})
    (message,) = lint(tmp_path, "a.py")
    assert (message.id, message.symbol, message.confidence) == ("W9101", "sleep-in-async", "UNDEFINED")
    assert (message.span.line, message.span.column, message.span.end_line, message.span.end_column) == (4, 18, 5, 15)
    assert message.text == "`time.sleep` blocks the event loop in 'A.f'; use `asyncio.sleep`"


def test_two_processes_say_what_one_does_and_the_command_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "x"\n[tool.nosyncio]\nasync-only = ["app/store.py"]\n',
            "app/__init__.py": "",
            "app/deep.py": "import time\n\ndef wait():\n    time.sleep(1)\n\ndef quiet():\n    time.sleep(1)  # noqa: NSI101\n",
            "app/store.py": "DATA = open('x').read()\n",
            **{
                f"app/m{number}.py": "from app import deep\n\nasync def f():\n    deep.wait()\n    deep.quiet()\n    open('x')\n"
                for number in range(4)
            },
        },
    )
    expected = [(path, line, column, code.replace("NSI", "W9")) for path, line, column, code in found(tmp_path)]
    assert len(expected) == 9
    assert pylint(tmp_path, *OURS, "-j1", "app") == pylint(tmp_path, *OURS, "-j2", "app") == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--disable=C,R,W0,unspecified-encoding,consider-using-with,multiple-imports"], ["W9101", "W9102"]),
        (["--disable=all", "--enable=open-in-async"], ["W9102"]),
        (["--disable=all", "--enable=W9101,W9114"], ["W9101", "W9114"]),
        ([*OURS, "--disable=sleep-in-async"], ["W9102", "W9114"]),
    ],
)
def test_pylint_enables_and_disables(tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    write(tmp_path, {"a.py": SOURCE})
    said = pylint(tmp_path, "--rcfile=", *arguments, "a.py")
    assert [code for *_, code in said if code.startswith("W9")] == expected


def test_comments_of_both_kinds(tmp_path: Path) -> None:
    text = """import time

async def main():
    time.sleep(1)  # pylint: disable=sleep-in-async
    time.sleep(2)  # noqa: NSI101
    open("x")  # noqa: NSI105
    time.sleep(3)

async def block():
    # pylint: disable=W9101
    time.sleep(4)
    open("x")
"""
    write(tmp_path, {"a.py": text})
    assert [(item.span.line, item.code) for item in lint(tmp_path, "a.py")] == [
        (6, "NSI102"),
        (6, "NSI901"),
        (7, "NSI101"),
        (12, "NSI102"),
    ]


def test_a_comment_in_a_helper_is_used_by_whoever_calls_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "[tool.nosyncio]\n",
            "helper.py": "import time\n\ndef wait():\n    time.sleep(1)  # noqa: NSI101\n",
            "main.py": "import helper\n\nasync def main():\n    helper.wait()\n",
        },
    )
    assert lint(tmp_path, "helper.py") == []
    assert lint(tmp_path, "helper.py", "main.py") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "pylintrc",
            "[MAIN]\ndisable=all\nenable=nosyncio\n[NOSYNCIO]\nnosyncio-async-only=marked/**\nnosyncio-async-library=trio\n",
        ),
        (
            "pyproject.toml",
            '[tool.pylint.main]\ndisable = "all"\nenable = "nosyncio"\n'
            '[tool.pylint.nosyncio]\nnosyncio-async-only = ["marked/**"]\nnosyncio-async-library = "trio"\n',
        ),
    ],
)
def test_options_from_pylints_files(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {name: text, "marked/a.py": "open('x')\n", "b.py": SLEEPS})
    done = run(tmp_path, "-m", "pylint", "--load-plugins=nosyncio.pylint", "--score=n", "b.py", "marked/a.py")
    assert "W9101: `time.sleep` blocks the event loop in 'main'; use `trio.sleep`" in done.out
    assert "marked/a.py:1:0: W9202:" in done.out


def test_options_from_the_table(tmp_path: Path) -> None:
    table = """[tool.nosyncio]
ignore = ["NSI112"]
extend-select = ["NSI114"]
exclude = ["gen/"]
per-file-ignores = {"quiet.py" = ["NSI101"]}
blocking = [{functions = ["mylib.fetch"]}]
"""
    text = "import mylib\n" + SLEEPS + "    input()\n    mylib.fetch()\n    __import__('x')\n"
    write(tmp_path, {"pyproject.toml": table, "quiet.py": SLEEPS, "gen/a.py": SLEEPS, "b.py": text})
    said = pylint(tmp_path, "b.py", "quiet.py", "gen/a.py")
    assert [item for item in said if item[3].startswith("W9")] == [
        ("b.py", 5, 5, "W9101"),
        ("b.py", 7, 5, "W9120"),
        ("b.py", 8, 5, "W9114"),
    ]


@pytest.mark.parametrize(
    ("table", "arguments", "problem"),
    [
        ("selct = 1", [], "unknown key 'selct'; did you mean 'select'?"),
        ('select = ["XX"]', [], "select: 'XX' is no code, no beginning of one, and no name"),
        ("", ["--nosyncio-async-only=[z-a]"], "nosyncio-async-only: bad glob '[z-a]': bad character range z-a at position 10"),
    ],
)
def test_bad_configuration_is_an_error_and_no_traceback(tmp_path: Path, table: str, arguments: list[str], problem: str) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": f"[tool.nosyncio]\n{table}\n"})
    done = run(tmp_path, "-m", "pylint", "--load-plugins=nosyncio.pylint", *arguments, "a.py")
    assert (done.code, done.out) == (32, "")
    assert done.err.startswith("nosyncio: ")
    assert done.err.endswith(f"{problem}\n")


def test_a_file_that_astroid_cannot_parse_is_pylints_to_report(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.nosyncio]\n", "bad.py": "def f(:\n", "a.py": "import bad\n" + SLEEPS})
    said = pylint(tmp_path, *OURS, "--enable=syntax-error", "bad.py", "a.py")
    assert [(path, code) for path, _, _, code in said] == [("a.py", "W9101"), ("bad.py", "E0001")]


@pytest.mark.parametrize("name", ["a.py", "no/such.py"])
def test_standard_input_counts_and_not_the_file(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"a.py": "import time\n"})
    text = "# coding: latin-1\nimport time\nasync def main():\n    x = 'é'; time.sleep(1)\n"
    assert pylint(tmp_path, *OURS, "--from-stdin", name, text=text) == [(name, 4, 14, "W9101")]


def test_symbols_and_pages(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "pylint", "--load-plugins=nosyncio.pylint", "--help-msg=open-in-async,W9405")
    assert done.out.startswith(":open-in-async (W9102):\n  NSI102: opening a file in code that runs on the event loop.")
    assert "never-awaited (W9405)" in done.out


# -------------------------------------------------------------------------------------------------------- what astroid adds


def test_what_an_installed_library_gives(tmp_path: Path) -> None:
    write(tmp_path, LIBRARY)
    assert found(tmp_path, "app.py") == []
    assert pylint(tmp_path, *OURS, "app.py", PYTHONPATH=str(tmp_path / "site")) == [("app.py", 7, 5, "W9111")]


def test_inference_can_be_turned_off_by_confidence(tmp_path: Path) -> None:
    write(tmp_path, LIBRARY)
    assert pylint(tmp_path, *OURS, "--confidence=UNDEFINED", "app.py", PYTHONPATH=str(tmp_path / "site")) == []


def test_comments_and_conditions_count_for_what_is_inferred(tmp_path: Path) -> None:
    text = LIBRARY["app.py"].replace("join()", "join()  # noqa: NSI111")
    write(tmp_path, LIBRARY | {"app.py": text + "    worker.join(timeout=0)\n    await asyncio.to_thread(worker.join)\n"})
    assert pylint(tmp_path, *OURS, "app.py", PYTHONPATH=str(tmp_path / "site")) == []


def test_what_another_file_assigns_makes_inference_doubtful(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": "[tool.nosyncio]\n",
        "a.py": "import time\n\nclass S:\n    pass\n\ns = S()\ns.wait = time.sleep\n\nasync def f():\n    s.wait(1)\n",
    }
    write(tmp_path, files)
    assert [item.code for item in lint(tmp_path, "a.py")] == ["NSI101"]
    write(tmp_path, {"b.py": "from a import s\n\ns.wait = print\n"})
    assert lint(tmp_path, "a.py") == []
