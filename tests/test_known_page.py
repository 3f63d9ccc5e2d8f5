"""The table of `docs/known.md`: each call is reported as its row says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands import found

PAGE = (Path(__file__).parent.parent / "docs" / "known.md").read_text(encoding="utf-8")
ROWS = [
    (match["call"].replace("\\|", "|"), match["codes"].split())
    for match in re.finditer(r"^\| `(?P<call>.+?)` \| (?P<codes>[NSI0-9 ]*)\| ", PAGE, re.MULTILINE)
]
IMPORTS = (
    "import concurrent.futures, fcntl, hashlib, importlib, io, json, os, pandas, pathlib, queue, select, socket, sqlite3, "
    "subprocess, threading, time, traceback, urllib.request, yaml, zipfile\n"
)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """The codes by the row of the table; each stands in a coroutine of its own, so that one run tells all."""
    folder = tmp_path_factory.mktemp("known")
    (folder / "rows.py").write_text(IMPORTS + "".join(f"async def row{i}():\n    {call}\n" for i, (call, _) in enumerate(ROWS)))
    codes: dict[int, list[str]] = {}
    for _, line, _, code in found(folder):
        codes.setdefault((line - 3) // 2, []).append(code)
    return codes


def test_the_page_has_a_table() -> None:
    assert len(ROWS) == len([line for line in PAGE.splitlines() if line.startswith("| `")]) > 50


@pytest.mark.parametrize("row", range(len(ROWS)), ids=[call for call, _ in ROWS])
def test_a_call_is_reported_as_the_page_says(row: int, reported: dict[int, list[str]]) -> None:
    assert reported.get(row, []) == ROWS[row][1]
