"""The command line as users meet it: exit codes, formats, paths, terminals, and what happens when it can't do its job."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from commands import SLEEPS, check, found, nosyncio, run, write

WIDE = 'import time\n\nasync def main():\n\tname = "漢字é"; time.sleep(\n\t\tlen(name)\n\t)\n'


def test_exit_codes(tmp_path: Path) -> None:
    write(tmp_path, {"clean.py": "import time\ntime.sleep(1)\n", "blocks.py": SLEEPS, "broken.py": "def f(:\n"})
    assert nosyncio(tmp_path, "check", "clean.py").code == 0
    assert nosyncio(tmp_path, "check", "blocks.py").code == 1
    assert nosyncio(tmp_path, "check", "broken.py").code == 2
    assert nosyncio(tmp_path, "check").code == 2


def test_json_is_the_documented_document(tmp_path: Path) -> None:
    source = "class Box:\n    async def load(self, path):\n        é = '漢'; h = open(path)\n        return h.read()\n"
    write(tmp_path, {"pkg/blocks.py": source, "broken.py": "x = 1\ndef f(:\n"})
    code, document = check(tmp_path)
    assert code == 2
    (finding,) = document.pop("findings")
    message, instead = finding.pop("message"), finding.pop("instead")
    assert re.fullmatch("[0-9a-f]{32}", finding.pop("fingerprint"))
    assert finding == {
        "code": "NSI102",
        "name": "open-in-async",
        "kind": "open",
        "context": "async-body",
        "path": "pkg/blocks.py",
        "line": 3,
        "column": 22,
        "end_line": 3,
        "end_column": 32,
        "function": "Box.load",
        "callee": "builtins.open",
        "related": [{"line": 4, "column": 16, "callee": "io.TextIOWrapper.read"}],
        "chain": [],
        "leaves": [],
    }
    assert "open" in message
    assert "asyncio.to_thread" in instead
    (failure,) = document.pop("not_analysed")
    assert failure.pop("reason").startswith("syntax error: ")
    assert failure == {"path": "broken.py", "line": 2}
    assert document == {"version": 1, "summary": {"files": 2, "findings": 1, "by_code": {"NSI102": 1}}}


def test_concise_is_one_line_each(tmp_path: Path) -> None:
    write(tmp_path, {"blocks.py": WIDE + "\ttime.sleep(2)\n", "broken.py": "def f(:\n", "new\nline.py": SLEEPS})
    done = nosyncio(tmp_path, "check", "--output-format", "concise")
    lines = done.out.splitlines()
    assert [line.split(" ", 2)[:2] for line in lines] == [
        ["blocks.py:4:16:", "NSI101"],
        ["blocks.py:7:2:", "NSI101"],
        ["new\\nline.py:4:5:", "NSI101"],
        ["broken.py:1:1:", "NSI902"],
    ]


def test_text_underlines_the_call(tmp_path: Path) -> None:
    source = WIDE + "\tif name:\ttime.sleep(2)\n\ttime.sleep(3)  # \x1b[31m\n"
    write(tmp_path, {"blocks.py": source})
    done = nosyncio(tmp_path, "check")
    assert done.code == 1
    blocks = done.out.split("\n\n")
    assert blocks[0].splitlines() == [
        "blocks.py:4:16: NSI101 `time.sleep` blocks the event loop in 'main' (sleep-in-async)",
        '    name = "漢字é"; time.sleep(',
        "                    ^^^^^^^^^^^",
        "    use asyncio.sleep",
    ]
    assert blocks[1].splitlines()[1:3] == ["    if name:    time.sleep(2)", "                ^^^^^^^^^^^^^"]
    assert blocks[2].splitlines()[1] == "    time.sleep(3)  # \ufffd[31m"
    assert blocks[3].splitlines() == ["3 findings in 1 file", "    NSI101  3"]


def test_excerpts_are_decoded_as_the_file_says(tmp_path: Path) -> None:
    write(tmp_path, {"latin.py": b"# coding: latin-1\n" + SLEEPS.encode().replace(b"(1)", b"(1)  # \xe9")})
    assert "time.sleep(1)  # é" in nosyncio(tmp_path, "check").out
    write(tmp_path, {"latin.py": SLEEPS.replace("\n", "\r")})
    assert "    time.sleep(1)\n    ^^^^^^^^^^^^^\n" in nosyncio(tmp_path, "check").out


def test_summary_counts_by_code_and_says_what_is_clean(tmp_path: Path) -> None:
    assert nosyncio(tmp_path, "check").out == "no Python files to check\n"
    write(tmp_path, {"a.py": SLEEPS, "b.py": "async def f():\n    open('x')\n    input()\n"})
    assert nosyncio(tmp_path, "check").out.endswith("3 findings in 2 files\n    NSI101  1\n    NSI102  1\n    NSI112  1\n")
    write(tmp_path, {"a.py": "", "b.py": ""})
    assert nosyncio(tmp_path, "check").out == "no sync I/O found in 2 files\n"


@pytest.mark.parametrize(
    ("folder", "arguments", "expected"),
    [
        (".", [], "pkg/sub/a.py"),
        (".", ["./pkg/../pkg"], "pkg/sub/a.py"),
        (".", ["{tmp}/pkg/sub/a.py"], "pkg/sub/a.py"),
        ("pkg", [], "sub/a.py"),
        ("pkg/sub", [".."], "a.py"),
        ("other", ["../pkg"], "../pkg/sub/a.py"),
        ("other", ["{tmp}/pkg"], "../pkg/sub/a.py"),
    ],
)
def test_paths_are_relative_to_the_working_folder(tmp_path: Path, folder: str, arguments: list[str], expected: str) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.nosyncio]\n", "pkg/sub/a.py": SLEEPS, "other/README": ""})
    arguments = [argument.format(tmp=tmp_path) for argument in arguments]
    assert found(tmp_path / folder, *arguments) == [(expected, 4, 5, "NSI101")]


def test_a_file_named_twice_is_checked_once(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/a.py": SLEEPS})
    assert len(found(tmp_path, "pkg", "pkg/a.py", "pkg/../pkg/a.py", ".")) == 1


def test_rules_lists_every_code(tmp_path: Path) -> None:
    done = nosyncio(tmp_path, "rules")
    lines = done.out.splitlines()
    assert done.code == 0
    assert lines[1].split()[:2] == ["NSI102", "open-in-async"]
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert {line.split()[0] for line in lines if "off by default" in line} == {
        *(f"NSI{context}{kind}" for context in (1, 2, 3) for kind in (14, 15)),
        "NSI903",
    }


def test_explain_takes_codes_and_names(tmp_path: Path) -> None:
    page = nosyncio(tmp_path, "explain", "NSI102")
    assert page.code == 0
    assert page.out.startswith("NSI102 open-in-async: ")
    for heading in ("What it does", "Why is this bad", "Example", "Use instead", "What it does not see"):
        assert f"## {heading}" in page.out
    assert nosyncio(tmp_path, "explain", "open-in-async") == page == nosyncio(tmp_path, "explain", "nsi102")


@pytest.mark.parametrize(("wrong", "nearest"), [("NSI1020", "NSI102"), ("nsl102", "NSI102"), ("opn-in-async", "open-in-async")])
def test_explain_names_the_nearest_code(tmp_path: Path, wrong: str, nearest: str) -> None:
    done = nosyncio(tmp_path, "explain", wrong)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"nosyncio: no code or name {wrong!r}; did you mean {nearest!r}?\n"


def test_no_arguments_shows_help(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "nosyncio")
    assert done.code == 2
    assert "Usage: " in done.out + done.err
    assert "explain" in done.out + done.err


@pytest.mark.parametrize(
    "arguments", [["chek"], ["check", "--selct", "NSI"], ["check", "--output-format", "xml"], ["check", "-j", "0"]]
)
def test_usage_errors_exit_with_2(tmp_path: Path, arguments: list[str]) -> None:
    done = nosyncio(tmp_path, *arguments)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    done = nosyncio(tmp_path, "check", "a.py", "no such/file.py")
    assert done == (2, "", "nosyncio: no such/file.py: no such file or folder\n")


def test_no_colour_and_no_progress_bar_unless_somebody_watches(tmp_path: Path) -> None:
    write(tmp_path, {f"m{number}.py": "" for number in range(310)} | {"a.py": SLEEPS})
    done = nosyncio(tmp_path, "check")
    assert "\x1b" not in done.out
    assert done.err == ""


def _on_a_terminal(folder: Path, **environment: str) -> str:
    """What `nosyncio check` writes to a terminal."""
    main, other = pty.openpty()
    command = [sys.executable, "-m", "nosyncio", "check", "-j", "1"]
    env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | environment
    with subprocess.Popen(command, cwd=folder, stdout=other, stderr=other, env=env):
        os.close(other)
        written = b""
        while True:
            try:
                data = os.read(main, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not data:
                break
            written += data
    os.close(main)
    return written.decode()


def test_colour_and_progress_bar_on_a_terminal(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    few = _on_a_terminal(tmp_path)
    assert "\x1b[31m\x1b[1mNSI101\x1b[0m" in few
    assert "reading" not in few
    assert "\x1b[31m" not in _on_a_terminal(tmp_path, NO_COLOR="1")
    write(tmp_path, {f"m{number}.py": "" for number in range(310)})
    assert "reading" in _on_a_terminal(tmp_path)


def test_a_reader_that_stops_early_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import time\nasync def f():\n" + "    time.sleep(1)\n" * 5000})
    command = f"{sys.executable} -m nosyncio check --output-format concise | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    first, code = done.stdout.splitlines()
    assert first.startswith("a.py:3:5: NSI101")
    assert code == "1"
    assert done.stderr == ""


_CRASH = """
import sys
from nosyncio import incremental
from nosyncio.frontends import cli
del incremental.Incremental.check
sys.argv[1:] = ["check"]
cli.main()
"""


def test_a_crash_is_never_a_clean_run(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    done = run(tmp_path, "-c", _CRASH)
    assert done.code == 2
    assert "AttributeError" in done.err
    assert "this is a fault of nosyncio" in done.err.splitlines()[-1]


def test_json_stays_json_with_file_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/und\xff.py"
    Path(os.fsdecode(name)).write_text(SLEEPS)
    done = nosyncio(tmp_path, "check", "--output-format", "json")
    assert json.loads(done.out)["findings"][0]["path"] == "und\\udcff.py"
    assert nosyncio(tmp_path, "check", "--output-format", "concise").out.startswith("und\\udcff.py:4:5: ")


def test_output_that_the_terminal_has_no_letters_for(tmp_path: Path) -> None:
    write(tmp_path, {"漢.py": SLEEPS})
    done = nosyncio(tmp_path, "check", "--output-format", "concise", PYTHONIOENCODING="ascii")
    assert done.code == 1
    assert ".py:4:5: NSI101 " in done.out
