"""The pipelines in docs/ci.md: they are YAML of the right shape, and their commands write the files that they hand on."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands import SLEEPS, nosyncio, write
from nosyncio.report import FORMATS
from reports import cases, code_quality, commands

PAGE = (Path(__file__).parent.parent / "docs" / "ci.md").read_text(encoding="utf-8")
PIPELINES: list[dict[Any, Any]] = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
CONSUMERS = {
    "nosyncio.sarif": lambda text: json.loads(text)["runs"][0]["results"],
    "gl-code-quality-report.json": code_quality,
    "nosyncio.xml": cases,
}
"""How what a pipeline hands on is read."""


def steps(pipeline: dict[Any, Any]) -> list[dict[str, Any]]:
    job = pipeline.get("jobs", pipeline)["nosyncio"]
    return list(job["steps"]) if "steps" in job else [{"run": line} for line in job["script"]]


def handed_on(pipeline: dict[Any, Any]) -> list[str]:
    """The files that a pipeline gives to its CI system."""
    uploads = [step["with"]["sarif_file"] for step in steps(pipeline) if "upload-sarif" in step.get("uses", "")]
    return [*uploads, *pipeline.get("nosyncio", {}).get("artifacts", {}).get("reports", {}).values()]


def test_there_are_three() -> None:
    assert [sorted(handed_on(pipeline)) for pipeline in PIPELINES] == [
        [],
        ["nosyncio.sarif"],
        ["gl-code-quality-report.json", "nosyncio.xml"],
    ]


@pytest.mark.parametrize("pipeline", PIPELINES, ids=["annotations", "code scanning", "gitlab"])
def test_the_commands_write_what_is_handed_on(tmp_path: Path, pipeline: dict[Any, Any]) -> None:
    write(tmp_path, {"a.py": SLEEPS, "broken.py": "def f(:\n"})
    runs = [step["run"] for step in steps(pipeline) if "run" in step]
    install, check = map(shlex.split, runs)
    assert install == ["pip", "install", "nosyncio"]
    done = nosyncio(tmp_path, *check[1:])
    assert (check[0], done.code, done.err) == ("nosyncio", 2, "")
    if not handed_on(pipeline):
        assert [command.properties["file"] for command in commands(done.out)] == ["broken.py", "a.py"]
    for name in handed_on(pipeline):
        assert len(CONSUMERS[name]((tmp_path / name).read_text(encoding="utf-8"))) == 2


def test_the_page_lists_each_format() -> None:
    table = PAGE.partition("## Formats")[2].partition("`--output-format`")[0]
    listed = re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| `")))
    assert listed == [*FORMATS]
