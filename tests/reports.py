"""What tests of the report formats share: something to report, and how consumers of the formats read it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml, TestCase

from commands import checked
from nosyncio.frontends.outputs import encoded
from nosyncio.model import Report
from nosyncio.report import FORMATS, Surroundings
from nosyncio.report.style import plain

PROJECT = {
    "src/app.py": """import time
from helper import load

async def main():
    time.sleep(1)
    await wait(
        load(1),
        time.sleep(1),
    )
    x = 1  # noqa: NSI101
""",
    "src/helper.py": """def load(n):
    open("a").read()
    open("b")
""",
    "src/broken.py": "x = 1\ndef f(:\n",
}
"""Direct calls, one chain with two leaves, a comment that does nothing, and a file that cannot be parsed."""


def rendered(report: Report, form: str, folder: Path) -> str:
    """A report in some format, as it is in a file; `folder` is what its paths are relative to."""

    def source_line(path: str, line: int) -> str:
        lines = (folder / path).read_text(encoding="utf-8", errors="replace").split("\n")
        return lines[line - 1] if line <= len(lines) else ""

    return encoded(FORMATS[form](report, Surroundings(source_line, plain))).decode()


def made(folder: Path, form: str) -> str:
    """The report on what is in a folder, in some format."""
    return rendered(checked(folder), form, folder)


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def commands(text: str) -> list[Command]:
    """Workflow commands as a runner reads them: `ActionCommand.TryParseV2` of actions/runner."""

    def plain(escaped: str, letters: str) -> str:
        for letter in letters:
            escaped = escaped.replace(f"%{ord(letter):02X}", letter)
        return escaped

    found = []
    for line in filter(None, re.split(r"\r\n|\r|\n", text)):
        match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
        assert match, line
        pairs = [pair.split("=", 1) for pair in match[2].split(",") if pair]
        found.append(Command(match[1], {name: plain(value, "\r\n:,%") for name, value in pairs}, plain(match[3], "\r\n%")))
    return found


CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!/|\\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format says."""


def code_quality(text: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(text)
    Draft202012Validator(CODE_QUALITY).validate(entries)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries), "GitLab shows those of one fingerprint as one"
    return entries


def cases(text: str) -> list[TestCase]:
    """The tests in a report; as consumers do, by class and name."""
    xml = JUnitXml.fromstring(text.encode())
    for suite in xml:
        counted = [sum(isinstance(result, kind) for case in suite for result in case.result) for kind in (Failure, Error)]
        assert [suite.tests, suite.failures, suite.errors] == [len([*suite]), *counted]
    found = [case for suite in xml for case in suite]
    assert len({(case.classname, case.name) for case in found}) == len(found)
    return found
