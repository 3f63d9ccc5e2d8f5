"""Plans for the examples, carried out step by step by a machine that knows nothing else: after each step the code compiles, and
`check` finds exactly as much as the plan says."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path
from typing import Any

import pytest

import commands
import rewriting
from nosyncio.config.files import discover
from nosyncio.report.plan_json import document
from nosyncio.schedule import plan
from nosyncio.survey import Survey

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/before"))


@functools.cache
def _plan(name: str) -> dict[str, Any]:
    folder = EXAMPLES / name / "before"
    return document(plan(discover(folder), [folder], base=folder))


def _found(folder: Path, sources: dict[str, str], name: str) -> list[str]:
    """What is found in the sources of a project, with the configuration of an example."""
    configuration = (EXAMPLES / name / "before" / "pyproject.toml").read_text(encoding="utf-8")
    commands.write(folder, {**sources, "pyproject.toml": configuration})
    survey = Survey(discover(folder), [folder])
    assert not survey.failures
    return [f"{item.path}:{item.span.line}: {item.code} {item.message}" for item in survey.findings]


def _looked_at(name: str, steps: int) -> list[int]:
    """The steps after which to look: of long plans some, as steps add up."""
    return [number for number in range(1, steps + 1) if name == "knowledge-graph" or number % 6 == 5 or number == steps]


@pytest.mark.parametrize("name", NAMES)
def test_after_each_step_there_is_left_what_the_plan_says(name: str, tmp_path: Path) -> None:
    made = _plan(name)
    left = [made["findings"], *(step["left"] for step in made["steps"])]
    assert all(after < before for before, after in itertools.pairwise(left))
    assert left[-1] == 0
    assert [before - after for before, after in itertools.pairwise(left)] == [len(step["frees"]) for step in made["steps"]]
    for number in _looked_at(name, len(made["steps"])):
        sources = rewriting.carried_out(EXAMPLES / name / "before", made, number)
        for path, source in sources.items():
            compile(source, path, "exec")
        found = _found(tmp_path / str(number), sources, name)
        assert len(found) == left[number], found


def test_a_call_that_is_not_changed_is_found(tmp_path: Path) -> None:
    """The machine does no more than the plan says: without the calls that change, coroutines are made and never awaited."""
    made = _plan("podcast-cli")
    forgetful = {**made, "steps": [{**step, "change": []} for step in made["steps"]]}
    sources = rewriting.carried_out(EXAMPLES / "podcast-cli" / "before", forgetful, len(made["steps"]))
    found = _found(tmp_path, sources, "podcast-cli")
    assert [item.partition("NSI")[2][:3] for item in found] == ["405", "405"]
