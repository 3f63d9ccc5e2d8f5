"""The flake8 plugin, in real flake8: the same findings as the command line, whatever way the file comes in."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from commands import SLEEPS, flake8, found, run, write
from nosyncio.frontends.flake8 import Plugin

START = """
import multiprocessing, sys
multiprocessing.set_start_method({!r})
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""

ODD_FILES: dict[str, str | bytes] = {
    "bom.py": b"\xef\xbb\xbf" + SLEEPS.encode(),
    "crlf.py": SLEEPS.replace("\n", "\r\n"),
    "cr.py": SLEEPS.replace("\n", "\r"),
    "mixed.py": "import time\r\n\r\rasync def main():\n    time.sleep(1)\r",
    "form_feed.py": "import time\n\x0c\nasync def main():\n    x = '\x0c'; time.sleep(1)\n\x0casync def g():\n    open('x')\n",
    "separators.py": "import time\nasync def main():\n    x = '\u2028\x0b\x1c\x85'; time.sleep(1)\n    open('x')\n",
    "latin.py": b"# -*- coding: latin-1 -*-\nimport time\nasync def main():\n    x = '\xe9\xe8'; time.sleep(1)\n",
    "wide.py": "import time\nasync def main():\n\tx = '漢字🎉é'; time.sleep(1); open('é')\n",
    "no_newline.py": SLEEPS.rstrip(),
    "empty.py": "",
    "comment.py": "# nothing",
    "with space.py": SLEEPS,
    "ñ.py": SLEEPS,
}


def test_the_same_findings_and_columns_as_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, ODD_FILES)
    ours = found(tmp_path, "--isolated")
    assert flake8(tmp_path, "--isolated", ".") == ours
    assert {path for path, *_ in ours} == set(ODD_FILES) - {"empty.py", "comment.py"}


@pytest.mark.parametrize("name", ["bom.py", "crlf.py", "cr.py", "wide.py", "form_feed.py", "latin.py"])
def test_standard_input_gives_the_same(tmp_path: Path, name: str) -> None:
    content = ODD_FILES[name]
    write(tmp_path, {name: content})
    assert flake8(tmp_path, "--isolated", "--stdin-display-name", name, "-", text=content) == found(tmp_path, "--isolated")


def test_standard_input_needs_no_file(tmp_path: Path) -> None:
    assert flake8(tmp_path, "-", text=SLEEPS) == [("stdin", 4, 5, "NSI101")]
    assert flake8(tmp_path, "--stdin-display-name", "no/such.py", "-", text=SLEEPS) == [("no/such.py", 4, 5, "NSI101")]


def test_the_given_text_counts_and_not_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import time\n"})
    assert flake8(tmp_path, "--stdin-display-name", "a.py", "-", text=SLEEPS) == [("a.py", 4, 5, "NSI101")]


def test_the_rest_of_the_project_is_on_disk(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/__init__.py": "", "pkg/names.py": "from time import sleep as nap\n"})
    text = "from pkg.names import nap\nasync def f():\n    nap(1)\n"
    assert flake8(tmp_path, "--stdin-display-name", "pkg/a.py", "-", text=text) == [("pkg/a.py", 3, 5, "NSI101")]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_start_methods(tmp_path: Path, method: str) -> None:
    files = {f"m{number}.py": SLEEPS for number in range(4)}
    write(tmp_path, {**files, "marked.py": "open('x')\n", "pyproject.toml": '[tool.nosyncio]\nasync-only = ["marked.py"]\n'})
    done = run(tmp_path, "-c", START.format(method), "--select", "NSI", "--extend-exclude", "m3.py", "-j", "2", ".")
    assert done.err == ""
    assert [line.split(" ")[:2] for line in sorted(done.out.splitlines())] == [
        ["./m0.py:4:5:", "NSI101"],
        ["./m1.py:4:5:", "NSI101"],
        ["./m2.py:4:5:", "NSI101"],
        ["./marked.py:1:1:", "NSI202"],
    ]


def test_messages_are_one_line_and_name_what_to_use(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import anyio\n" + SLEEPS})
    done = run(tmp_path, "-m", "flake8", "--select", "NSI", "a.py")
    assert done.out == "a.py:5:5: NSI101 `time.sleep` blocks the event loop in 'main'; use `anyio.sleep`\n"


# ---------------------------------------------------------------------------------------------------------- what is reported

SOURCE = "import time, importlib\n\nasync def main(n):\n    time.sleep(1)\n    open(n)\n    importlib.import_module(n)\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["NSI101", "NSI102"]),
        (["--select", "NSI102"], ["NSI102"]),
        (["--select", "NSI1"], ["NSI101", "NSI102"]),
        (["--ignore", "NSI101,E,W"], ["NSI102"]),
        (["--extend-ignore", "NSI102"], ["NSI101"]),
        (["--per-file-ignores", "a.py:NSI101"], ["NSI102"]),
        (["--select", "NSI114"], ["NSI114"]),
        (["--extend-select", "NSI114"], ["NSI101", "NSI102", "NSI114"]),
    ],
)
def test_flake8_selects(tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    write(tmp_path, {"a.py": SOURCE})
    done = run(tmp_path, "-m", "flake8", "--isolated", *arguments, "a.py")
    assert done.err == ""
    assert [line.split(" ")[1] for line in done.out.splitlines() if " NSI" in line] == expected


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_options_from_flake8_files(tmp_path: Path, name: str) -> None:
    options = (
        "nosyncio-async-only = marked/**\nnosyncio-allow-init = true\nnosyncio-async-library = trio\nextend-ignore = NSI112\n"
    )
    write(
        tmp_path,
        {
            name: f"[flake8]\n{options}",
            "marked/a.py": "class A:\n    def __init__(self):\n        open('x')\n    def b(self):\n        open('y')\n",
            "b.py": SLEEPS + "    input()\n",
        },
    )
    done = run(tmp_path, "-m", "flake8", "--extend-select", "NSI", "--ignore", "E,W,F", "--extend-ignore", "NSI112", ".")
    lines = sorted(line for line in done.out.splitlines() if " NSI" in line)
    assert [line.split(" ")[:2] for line in lines] == [["./b.py:4:5:", "NSI101"], ["./marked/a.py:5:9:", "NSI202"]]
    assert lines[0].endswith("use `trio.sleep`")


def test_options_from_pyproject(tmp_path: Path) -> None:
    table = """[tool.nosyncio]
async-only = ["marked.py"]
async-library = "anyio"
ignore = ["NSI112"]
extend-select = ["NSI114"]
exclude = ["gen/"]
per-file-ignores = {"quiet.py" = ["NSI101"]}
blocking = [{functions = ["mylib.fetch"]}]
"""
    write(
        tmp_path,
        {
            "pyproject.toml": table,
            "marked.py": "open('x')\n",
            "quiet.py": SLEEPS,
            "gen/a.py": SLEEPS,
            "b.py": "import mylib\n" + SLEEPS + "    input()\n    mylib.fetch()\n    __import__('x')\n",
        },
    )
    expected = [("b.py", 5, 5, "NSI101"), ("b.py", 7, 5, "NSI120"), ("b.py", 8, 5, "NSI114"), ("marked.py", 1, 1, "NSI202")]
    assert flake8(tmp_path, ".") == expected == found(tmp_path)
    assert flake8(tmp_path, "--isolated", "b.py") == [("b.py", 5, 5, "NSI101"), ("b.py", 6, 5, "NSI112")]


def test_the_table_counts_in_sub_folders(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[tool.nosyncio]\nasync-only = ["pkg/a.py"]\n', "pkg/a.py": "open('x')\n"})
    assert flake8(tmp_path / "pkg", "a.py") == [("a.py", 1, 1, "NSI202")]


def test_noqa_is_flake8s_own(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS.replace("(1)", "(1)  # noqa: NSI101") + "    x = 1  # noqa: NSI102\n"})
    assert flake8(tmp_path, "a.py") == []
    assert flake8(tmp_path, "--disable-noqa", "a.py") == [("a.py", 4, 5, "NSI101")]


@pytest.mark.parametrize(
    ("table", "arguments", "problem"),
    [
        ("selct = 1", [], "unknown key 'selct'; did you mean 'select'?"),
        ('select = ["XX"]', [], "select: 'XX' is no code, no beginning of one, and no name"),
        ("", ["--nosyncio-async-only", "[z-a]"], "nosyncio-async-only: bad glob '[z-a]': bad character range z-a at position 10"),
    ],
)
def test_bad_configuration_is_an_error_and_no_traceback(tmp_path: Path, table: str, arguments: list[str], problem: str) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": f"[tool.nosyncio]\n{table}\n"})
    done = run(tmp_path, "-m", "flake8", *arguments, "a.py")
    assert done.code == 1
    assert "Traceback" not in done.out + done.err
    assert done.out.splitlines()[-1].startswith("nosyncio: ")
    assert done.out.splitlines()[-1].endswith(problem)


def test_what_cannot_be_analysed_is_said() -> None:
    """Called as flake8 calls it: other plugins of flake8 give up on such a file themselves, and end the run."""
    text = f"{SLEEPS}x = {'-' * 700}1\n"
    plugin = Plugin(ast.parse(text), "deep.py", text.splitlines(keepends=True))
    assert [found[:3] for found in plugin.run()] == [(1, 0, "NSI902 not analysed: nested too deeply for Python's stack")]


# -------------------------------------------------------------------------------------------------------------- as editors call

OTHER = {
    "pyproject.toml": '[tool.nosyncio]\nasync-only = ["app/store.py"]\nexclude = ["gen/"]\n',
    "app/__init__.py": "",
    "app/helper.py": "import time\n\ndef wait():\n    time.sleep(1)\n",
    "app/main.py": "from app.helper import wait\n\nasync def main():\n    wait()\n",
    "app/store.py": "open('x')\n",
    "gen/a.py": SLEEPS,
}
"""A project with an NSI301 in `app/main.py` and an NSI202 in `app/store.py`."""


@pytest.mark.parametrize("here", [{}, {"pyproject.toml": '[tool.nosyncio]\nignore = ["NSI202"]\n'}])
def test_a_file_of_another_project(tmp_path: Path, here: dict[str, str]) -> None:
    """An editor's working folder may be anywhere: a file outside of it has its own project's configuration."""
    write(tmp_path / "here", {**here, "a.py": SLEEPS})
    write(tmp_path / "other", OTHER)
    expected = [("../other/app/main.py", 4, 5, "NSI301"), ("../other/app/store.py", 1, 1, "NSI202"), ("a.py", 4, 5, "NSI101")]
    assert flake8(tmp_path / "here", "a.py", "../other") == expected
    name = str(tmp_path / "other" / "app" / "store.py")
    assert flake8(tmp_path / "here", "--stdin-display-name", name, "-", text="\nopen('x')\n") == [(name, 2, 1, "NSI202")]
    found_alone = flake8(tmp_path / "here", "--isolated", "../other/app")
    assert [code for *_, code in found_alone] == ["NSI301"]


def test_a_file_of_another_project_whose_configuration_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, {"here/a.py": SLEEPS, "other/a.py": SLEEPS, "other/pyproject.toml": "[tool.nosyncio]\nselct = 1\n"})
    done = run(tmp_path / "here", "-m", "flake8", "--select", "NSI", "a.py", "../other/a.py")
    assert done.err == ""
    assert sorted(line.split(" ")[0] for line in done.out.splitlines()) == ["../other/a.py:1:1:", "a.py:4:5:"]
    assert "NSI902 not analysed: " in done.out
    assert "unknown key 'selct'; did you mean 'select'?" in done.out


def test_a_link_to_the_working_folder(tmp_path: Path) -> None:
    """An editor may name a file by another way than the shell does."""
    write(tmp_path / "real", OTHER)
    (tmp_path / "link").symlink_to("real")
    name = str(tmp_path / "link" / "app" / "main.py")
    text = OTHER["app/main.py"]
    assert flake8(tmp_path / "real", "--stdin-display-name", name, "-", text=text) == [(name, 4, 5, "NSI301")]


def test_standard_input_with_no_name_is_part_of_the_working_folder(tmp_path: Path) -> None:
    write(tmp_path, OTHER)
    assert flake8(tmp_path, "-", text=OTHER["app/main.py"]) == [("stdin", 4, 5, "NSI301")]


@pytest.mark.parametrize("text", ["def f(:\n", ""])
def test_standard_input_that_is_no_python(tmp_path: Path, text: str) -> None:
    done = run(tmp_path, "-m", "flake8", "--isolated", "-", text=text)
    assert "Traceback" not in done.out + done.err
    assert "NSI" not in done.out
    assert done.code == (1 if text else 0)


def test_what_an_excluded_folder_holds_is_excluded(tmp_path: Path) -> None:
    """As in `.gitignore`: nothing below such a folder can be taken back."""
    write(tmp_path, {"pyproject.toml": '[tool.nosyncio]\nexclude = ["gen/", "!gen/keep.py"]\n', "gen/keep.py": SLEEPS})
    assert run(tmp_path, "-m", "flake8", "--select", "NSI", "gen/keep.py").out == ""
    assert run(tmp_path, "-m", "nosyncio", "check", "gen/keep.py").code == 0
