"""The migrations in `examples/`: before, each blocking place is found, as the markers say; after, nothing is reported."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import commands
import markers

EXAMPLES = Path(__file__).parent.parent / "examples"
VARIANTS = sorted(path.parent for path in EXAMPLES.glob("*/*/pyproject.toml"))
BEFORE = [folder for folder in VARIANTS if folder.name != "after"]
AFTER = [folder for folder in VARIANTS if folder.name == "after"]


class Place(NamedTuple):
    """Where a blocking call stands."""

    kind: str
    path: str
    line: int
    callee: str


def _name(folder: Path) -> str:
    return folder.relative_to(EXAMPLES).as_posix()


@functools.cache
def _checked(folder: Path) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON document of `nosyncio check` in a variant's folder, with its own configuration."""
    return commands.check(folder)


def _findings(variant: str) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = _checked(EXAMPLES / variant)[1]["findings"]
    return findings


def _marked(folder: Path) -> Counter[tuple[str, int, str]]:
    """Path, line and code of what the markers in a folder expect."""
    marked: Counter[tuple[str, int, str]] = Counter()
    for path in sorted(folder.rglob("*.py")):
        read = markers.read(path.read_text(encoding="utf-8"))
        assert not read.missed, f"{path}: examples show what works"
        marked.update({(path.relative_to(folder).as_posix(), line, code): many for (line, code), many in read.reported.items()})
    return marked


def _found(folder: Path) -> Counter[tuple[str, int, str]]:
    return Counter((item["path"], item["line"], item["code"]) for item in _checked(folder)[1]["findings"])


def _blocking(variant: str) -> set[Place]:
    """The places that block the loop: those in loop code, and those that chains end at, each once."""
    return set(_places(_findings(variant)))


def _places(findings: list[dict[str, Any]]) -> Iterator[Place]:
    for item in findings:
        if item["context"] == "async-body":
            yield Place(item["kind"], item["path"], item["line"], item["callee"])
        for leaf in item["leaves"]:
            yield Place(leaf["kind"], leaf["path"], leaf["line"], leaf["callee"])


def _by_module(places: set[Place], kind: str) -> dict[str, int]:
    return dict(Counter(Path(place.path).stem for place in places if place.kind == kind))


def test_the_five_migrations_are_there() -> None:
    assert [_name(folder) for folder in VARIANTS] == [
        "fastapi-gateway/after",
        "fastapi-gateway/before",
        "git-history-cli/after",
        "git-history-cli/before",
        "knowledge-graph/after",
        "knowledge-graph/before",
        "mcp-json-state/after",
        "mcp-json-state/before",
        "podcast-cli/after",
        "podcast-cli/before",
        "podcast-cli/proposed",
    ]


@pytest.mark.parametrize("folder", BEFORE, ids=_name)
def test_before_is_reported_as_marked(folder: Path) -> None:
    marked, found = _marked(folder), _found(folder)
    assert sorted((marked - found).elements()) == [], "marked, not reported"
    assert sorted((found - marked).elements()) == [], "reported, not marked"
    assert _checked(folder)[0] == 1
    assert marked


@pytest.mark.parametrize("folder", BEFORE, ids=_name)
def test_columns_that_markers_ask_for(folder: Path) -> None:
    found = {(item["path"], item["line"], item["code"], item["column"]) for item in _checked(folder)[1]["findings"]}
    asked = {
        (path.relative_to(folder).as_posix(), *place)
        for path in folder.rglob("*.py")
        for place in markers.read(path.read_text(encoding="utf-8")).columns
    }
    assert asked <= found


@pytest.mark.parametrize("folder", AFTER, ids=_name)
def test_after_nothing_is_reported(folder: Path) -> None:
    code, document = _checked(folder)
    assert document["findings"] == []
    assert document["not_analysed"] == []
    assert code == 0
    assert document["summary"]["files"] == len(list(folder.rglob("*.py")))
    assert not _marked(folder)


def test_mcp_server_opens_22_files_in_13_modules() -> None:
    assert _by_module(_blocking("mcp-json-state/before"), "open") == {
        "refactoring_executor": 2,
        "pattern_analyzer": 2,
        "rollback_manager": 2,
        "approval_manager": 2,
        "learning_data_manager": 2,
        "structure_manager": 2,
        "validation_config": 2,
        "optimization_config": 2,
        "schema_validator": 1,
        "split_recommender": 1,
        "summarization_engine": 2,
        "dependency_graph": 1,
        "consolidation_detector": 1,
    }


def _inventory(variant: str, *arguments: str) -> dict[str, Any]:
    """The JSON document of `nosyncio report` in a variant's folder."""
    done = commands.nosyncio(EXAMPLES / variant, "report", "--output-format", "json", *arguments)
    assert done.code == 0, done.err
    document: dict[str, Any] = json.loads(done.out)
    return document


def test_mcp_server_is_counted_in_the_groups_of_the_team() -> None:
    """A: JSON config load and save, B: JSON history, C: text read, D: cache load and save; each with its modules."""
    groups = {
        "json-load": "A",
        "json-save": "A",
        "config-load": "A",
        "history": "B",
        "text-read": "C",
        "cache-pair": "D",
    }
    operations = _inventory("mcp-json-state/before", "--select", "NSI102")["operations"]
    found: dict[str, list[str]] = {}
    for operation in operations:
        found.setdefault(groups[operation["pattern"]], []).append(Path(operation["path"]).stem)
    assert {group: dict(Counter(modules)) for group, modules in found.items()} == {
        "A": {
            "pattern_analyzer": 2,
            "rollback_manager": 2,
            "approval_manager": 2,
            "learning_data_manager": 2,
            "structure_manager": 2,
            "validation_config": 2,
            "optimization_config": 2,
            "schema_validator": 1,
        },
        "B": {"refactoring_executor": 2},
        "C": {"split_recommender": 1, "dependency_graph": 1, "consolidation_detector": 1},
        "D": {"summarization_engine": 2},
    }
    assert len(operations) == 22
    assert len({operation["path"] for operation in operations}) == 13


@pytest.mark.parametrize(
    ("example", "promise"),
    [
        ("mcp-json-state", ("--async-only", "notes_server/**", "--allow-init")),
        ("podcast-cli", ()),
        ("git-history-cli", ("--async-only", "githistory/**")),
        ("fastapi-gateway", ("--async-only", "**")),
        ("knowledge-graph", ()),
    ],
)
def test_the_gate_fails_before_and_holds_after(example: str, promise: tuple[str, ...]) -> None:
    before = commands.nosyncio(EXAMPLES / example / "before", "gate", *promise)
    assert (before.code, before.out.splitlines()[0]) == (1, "the gate does not hold")
    after = commands.nosyncio(EXAMPLES / example / "after", "gate")
    assert (after.code, after.out.splitlines()[0]) == (0, "the gate holds")


def test_mcp_server_keeps_its_intended_loads() -> None:
    """They stand in `__init__` of async-only modules; without `allow-init` they would be reported."""
    folder = EXAMPLES / "mcp-json-state" / "after"
    opened = [path.stem for path in folder.rglob("*.py") if re.search(r"\bwith open\(", path.read_text(encoding="utf-8"))]
    code, document = commands.check(folder, "--no-allow-init")
    assert code == 1
    found = Counter(Path(item["path"]).stem for item in document["findings"] if item["code"] == "NSI202")
    assert sorted(found.elements()) == sorted(opened)
    assert len(opened) == 4


def test_podcast_cli_blocks_in_its_cache() -> None:
    findings = _findings("podcast-cli/before")
    assert {item["function"] for item in findings} == {"ExtractionEngine.extract", "TranscriptManager.transcript"}
    leaves = _blocking("podcast-cli/before")
    assert {leaf.path for leaf in leaves} == {"podcasts/cache.py"}
    assert {"open", "pathlib.Path.unlink", "pathlib.Path.replace"} <= {leaf.callee.removeprefix("builtins.") for leaf in leaves}


def test_podcast_cli_still_blocks_in_five_places_as_proposed() -> None:
    findings = _findings("podcast-cli/proposed")
    assert {item["path"] for item in findings} == {"podcasts/cache.py"}
    assert len({item["line"] for item in findings}) == 5


def test_git_history_cli_blocks_in_each_way() -> None:
    assert {place.kind for place in _blocking("git-history-cli/before")} == {"open", "sqlite", "http", "sdk", "nested-loop"}
    assert {place.callee.split(".")[0] for place in _blocking("git-history-cli/before") if place.kind == "sdk"} == {
        "diskcache",
        "pygit2",
    }


@pytest.mark.parametrize("group", ["routes", "services", "agents", "health.py", "tests", "scripts"])
def test_gateway_is_counted_by_group(group: str) -> None:
    found = [item for item in _findings("fastapi-gateway/before") if group in Path(item["path"]).parts]
    assert len(found) >= 2
    assert not [item for item in _findings("fastapi-gateway/after") if group in Path(item["path"]).parts]


def test_gateway_has_all_of_the_sync_clients() -> None:
    callees = {place.callee for place in _blocking("fastapi-gateway/before")}
    for client in ("openai.", "redis.Redis.", "requests.Session.", "neo4j.Session.", "neo4j.Driver."):
        assert any(callee.startswith(client) for callee in callees), client


def test_knowledge_graph_sleeps_ten_times_in_six_files() -> None:
    counted = {
        "api_auth_manager": 1,
        "api_rate_limiter": 3,
        "error_handler": 1,
        "error_tracker": 1,
        "neo4j_manager": 3,
        "tool_factory": 1,
    }
    core = {place for place in _blocking("knowledge-graph/before") if place.path.startswith("src/core/")}
    assert _by_module(core, "sleep") == counted
    written = {
        (item["path"], item["line"]) for item in _findings("knowledge-graph/before") if item["code"] in ("NSI101", "NSI201")
    }
    assert Counter(Path(path).stem for path, _ in written) == counted


def test_knowledge_graph_may_sleep_where_no_coroutine_gets_to() -> None:
    folder = EXAMPLES / "knowledge-graph" / "after"
    sleeping = [path for path in sorted(folder.rglob("*.py")) if "time.sleep(" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(folder).as_posix() for path in sleeping] == ["src/batch/pacing.py"]


def test_knowledge_graph_is_80_percent_async_before_and_all_of_it_after() -> None:
    coverage = {
        variant: _inventory(f"knowledge-graph/{variant}", "src/core", "src/services")["summary"]
        for variant in ("before", "after")
    }
    assert {variant: (counts["done"], counts["operations"]) for variant, counts in coverage.items()} == {
        "before": (48, 60),
        "after": (60, 60),
    }
    core = EXAMPLES / "knowledge-graph" / "after" / "src" / "core"
    assert not [path for path in core.rglob("*.py") if "time.sleep" in path.read_text(encoding="utf-8")]
