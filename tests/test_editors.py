"""What an editor shows of buffers that are not saved: python-lsp-server, spoken to as editors do, with its flake8 plugin and with
its pylint plugin."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from lsprotocol.types import Diagnostic

from commands import SLEEPS, write
from editor import python_lsp_server

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LINTERS: dict[str, dict[str, Any]] = {
    "flake8": {"select": ["NSI", "E999"]},
    "pylint": {"executable": "pylint", "args": ["--load-plugins=nosyncio.pylint", "--disable=all", "--enable=nosyncio,E0001"]},
}
both = pytest.mark.parametrize("linter", LINTERS)

HELPER = "import time\n\ndef wait():\n    time.sleep(1)\n"
CALLS = "from app.helper import wait\n\nasync def main():\n    wait()\n"
PROJECT = {"pyproject.toml": '[tool.nosyncio]\nasync-only = ["app/store.py"]\n', "app/__init__.py": "", "app/helper.py": HELPER}


def shown(
    linter: str, folder: Path, root: str | None, buffers: Mapping[str, Sequence[str]], settings: Mapping[str, Any] | None = None
) -> dict[str, list[list[Diagnostic]]]:
    """What is shown of each buffer below `folder` after each text that it holds in turn. `root`: the workspace."""
    plugins = {linter: LINTERS[linter] | dict(settings or {})}

    async def edit() -> dict[str, list[list[Diagnostic]]]:
        where = None if root is None else folder / root
        async with python_lsp_server(where, plugins, folder / "pylsp.log") as editor:

            async def turns(name: str) -> list[list[Diagnostic]]:
                return [await editor.show(folder / name, text) for text in buffers[name]]

            return dict(zip(buffers, await asyncio.gather(*map(turns, buffers))))

    return asyncio.run(edit())


def units(text: str) -> int:
    """The length of `text` as the protocol counts: in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def numbers(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """The last three digits of the codes, which flake8 and pylint have in common."""
    return [str(diagnostic.code)[-3:] for diagnostic in diagnostics]


# ------------------------------------------------------------------------------------------------------------------- the buffer

BUFFERS = {
    "unsaved.py": (SLEEPS, "101", "time.sleep(1)"),
    "new ñ.py": ("import time\n\nasync def main():\n    x = 'é漢'; time.sleep(1)\n", "101", "time.sleep(1)"),
    "emoji.py": ("import time\n\nasync def main():\n    x = '🎉'; time.sleep(1)\n", "101", "time.sleep(1)"),
    "crlf.py": ("import time\r\n\r\nasync def main():\r\n    time.sleep(\r\n        1\r\n    )\r\n", "101", "time.sleep("),
    "app/main.py": (CALLS, "301", "wait()"),
    "app/store.py": ("open('x')\n", "202", "open('x')"),
}
"""What a buffer holds, what is found in it, and the call there, which the range must begin with."""


@both
def test_the_buffer_counts_and_the_range_begins_with_the_call(tmp_path: Path, linter: str) -> None:
    write(tmp_path / "ws", {**PROJECT, "unsaved.py": "import time\n", "app/main.py": "", "crlf.py": SLEEPS})
    found = shown(linter, tmp_path, "ws", {f"ws/{name}": [text] for name, (text, *_) in BUFFERS.items()})
    for name, (text, number, call) in BUFFERS.items():
        [diagnostics] = found[f"ws/{name}"]
        assert (name, numbers(diagnostics)) == (name, [number])
        assert diagnostics[0].source == linter
        start, end = diagnostics[0].range.start, diagnostics[0].range.end
        line = text.splitlines()[start.line]
        before = line[: line.index(call)]
        # A known limit: linters count characters, and python-lsp-server takes them for UTF-16.
        shift = 1 if name == "emoji.py" else 0
        assert (name, start.character) == (name, units(before) - shift)
        # Nor does it know the end: it takes that of the line with flake8, that of the first name with pylint.
        shortest = call if linter == "flake8" else re.split(r"\W", call)[0]
        assert (name, end.line) == (name, start.line)
        assert end.character >= start.character + units(shortest)
    assert "reaches `time.sleep` in 'app.helper.wait'" in found["ws/app/main.py"][0][0].message


@both
def test_what_is_shown_follows_the_buffer(tmp_path: Path, linter: str) -> None:
    write(tmp_path, PROJECT)
    texts = [CALLS, "def f(:\n", CALLS.replace("wait()", "pass")]
    broken = {"flake8": "999", "pylint": "001"}[linter]
    found = shown(linter, tmp_path, ".", {"app/main.py": texts})["app/main.py"]
    assert [numbers(diagnostics) for diagnostics in found] == [["301"], [broken], []]


# ------------------------------------------------------------------------------------------------------------------- the project


def test_a_mistake_in_the_configuration_is_no_end(tmp_path: Path) -> None:
    """python-lsp-server shows nothing of what flake8 says then, and goes on once it is mended."""
    write(tmp_path, {"pyproject.toml": "[tool.nosyncio]\nselct = 1\n"})
    assert shown("flake8", tmp_path, ".", {"a.py": [SLEEPS, SLEEPS + "\n"]})["a.py"] == [[], []]


def test_a_file_outside_the_workspace(tmp_path: Path) -> None:
    """python-lsp-server gives flake8 no name for it: what it says by itself is found."""
    write(tmp_path, {"ws/pyproject.toml": "", **{f"other/{name}": text for name, text in PROJECT.items()}})
    found = shown("flake8", tmp_path, "ws", {"other/a.py": [SLEEPS], "other/app/main.py": [CALLS]})
    assert {name: list(map(numbers, turns)) for name, turns in found.items()} == {
        "other/a.py": [["101"]],
        "other/app/main.py": [[]],
    }


def test_no_workspace(tmp_path: Path) -> None:
    """A file that is opened by itself has the configuration of the project that it belongs to."""
    write(tmp_path / "project", PROJECT)
    found = shown("flake8", tmp_path, None, {"project/app/main.py": [CALLS], "project/app/store.py": ["open('x')\n"]})
    assert {name: list(map(numbers, turns)) for name, turns in found.items()} == {
        "project/app/main.py": [["301"]],
        "project/app/store.py": [["202"]],
    }


# ------------------------------------------------------------------------------------------------------------------ the document


def documented(language: str) -> list[str]:
    text = (Path(__file__).parent.parent / "docs" / "editors.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_documented_settings_are_well_formed() -> None:
    assert [key for block in documented("json") for key in json.loads(block)] == [
        "pylint.importStrategy",
        "pylint.lintOnChange",
        "flake8.importStrategy",
        "flake8.severity",
    ]


def test_the_documented_settings_for_flake8_and_pylint(tmp_path: Path) -> None:
    """Helix sends what stands under `config` as it is, and Neovim what stands under `settings`."""
    pylint, helix = documented("toml")
    [neovim] = documented("lua")
    plugins = tomllib.loads(helix)["language-server"]["pylsp"]["config"]["pylsp"]["plugins"]
    assert plugins == {"flake8": {"enabled": True}}
    assert "settings = { pylsp = { plugins = { flake8 = { enabled = true } } } }" in neovim
    text = (Path(__file__).parent.parent / "docs" / "editors.md").read_text(encoding="utf-8")
    assert 'pylint = { enabled = true, executable = "pylint" }' in text
    plugins["pylint"] = {"enabled": True, "executable": "pylint"}
    write(tmp_path, {"pyproject.toml": pylint})

    async def edit() -> list[Diagnostic]:
        async with python_lsp_server(tmp_path, plugins, tmp_path / "pylsp.log") as editor:
            return await editor.show(tmp_path / "a.py", SLEEPS)

    assert {"NSI101", "W9101"} <= {str(diagnostic.code) for diagnostic in asyncio.run(edit())}
