"""Calls that are made on an event loop, and seen to block it: the recipes in `recipes/`, one file for each of the catalogue."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from reality.claims import File, Verdict
from reality.seen import Recipe, recipes, seen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="recipes hold calls up, and waits are counted, as Linux does it")


def test_seen_to_block(file: File, verdict: Verdict, tmp_path: Path, tally: Counter[str]) -> None:
    """Each entry that has a recipe blocks: it held the loop up, or asked the system for I/O on the loop's thread."""
    kinds = {name: table.kind for table in file.library.blocking for name in table.names}
    wrong: dict[str, str] = {}
    blocked: dict[str, str] = {}
    for number, recipe in enumerate(recipes(file.name)):
        if recipe.name not in kinds:
            wrong[recipe.name] = "has a recipe and is not in the catalogue"
            continue
        if not file.is_here(recipe.name):
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        found = seen(replace(recipe, computes=kinds[recipe.name] == "cpu"), folder)
        if found.failed or found.evidence is None:
            wrong[recipe.name] = found.failed or f"was not seen to block: took {found.took * 1000:.1f} ms"
        else:
            blocked[recipe.name] = found.evidence
    tally.update(blocked.values())
    verdict(wrong, [*wrong, *blocked], blocked)


@pytest.mark.parametrize(
    "call", ["sum(range(100000))", "'x'.upper()", "io.StringIO('x').read()", "queue.Queue().put(1)", "[].sort()"]
)
def test_what_does_not_block_is_not_seen(call: str, tmp_path: Path) -> None:
    assert seen(Recipe("control", "", call, ("io", "queue")), tmp_path).evidence is None
