"""What `nosyncio report` says of the fixtures in `inventory/`: the pattern of each operation that is left to do, and each
operation that is done, as their markers say; strict both ways.

`# pattern: NAME` names a pattern, `# async: NAME` and `# offloaded: NAME` what is called; a number behind says how many.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from commands import nosyncio
from nosyncio.catalogue.patterns import patterns

FOLDER = Path(__file__).parent / "inventory"
FILES = sorted(FOLDER.glob("*.py"))
_MARKER = re.compile(r"# (pattern|async|offloaded): ([\w.-]+)(?: (\d+))?$")

Marked: TypeAlias = Counter[tuple[int, str, str]]


@cache
def _operations() -> list[dict[str, Any]]:
    done = nosyncio(FOLDER, "report", "--output-format", "json")
    assert done.code == 0, done.err
    operations: list[dict[str, Any]] = json.loads(done.out)["operations"]
    return operations


def _expected(name: str) -> Marked:
    expected: Marked = Counter()
    for number, line in enumerate((FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        match = _MARKER.search(line)
        if match is not None:
            expected[number, match[1], match[2]] += int(match[3] or 1)
    return expected


def _found(name: str) -> Marked:
    found: Marked = Counter()
    for item in _operations():
        if item["path"] == name:
            is_done = item["standing"] in ("async", "offloaded")
            found[item["line"], item["standing"] if is_done else "pattern", item["callee" if is_done else "pattern"]] += 1
    return found


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_as_marked(name: str) -> None:
    expected, found = _expected(name), _found(name)
    assert sorted((expected - found).elements()) == [], "marked, not found"
    assert sorted((found - expected).elements()) == [], "found, not marked"
    assert expected


def test_each_pattern_is_there() -> None:
    marked = {name for path in FILES for _, sort, name in _expected(path.name) if sort == "pattern"}
    assert marked == {pattern.name for pattern in patterns().patterns}
