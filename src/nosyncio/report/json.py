"""The JSON document that other tools read. Keys are only ever added."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from nosyncio.inventory import Coverage
from nosyncio.model import (
    Agreed,
    BlockingCall,
    CallSites,
    Finding,
    Hop,
    Leaf,
    NotAnalysed,
    Related,
    Report,
    Span,
    Statistics,
    Trail,
    Why,
    as_text,
)
from nosyncio.report.drawing import source_of

VERSION = 1


def document(report: Report, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    """The report as plain data. `source_line(path, line)` gives a line of a checked file, empty if it can't."""
    statistics = {} if report.statistics is None else {"statistics": _statistics(report.statistics)}
    baseline = {} if report.baseline is None else {"baseline": _baseline(report.baseline)}
    return {
        "version": VERSION,
        "findings": [_finding(finding, source_line) for finding in report.findings],
        "not_analysed": [not_analysed(item) for item in report.not_analysed],
        "summary": {"files": report.files, "findings": len(report.findings), "by_code": dict(report.by_code)},
        **baseline,
        **statistics,
    }


def why_document(why: Why, source_line: Callable[[str, int], str], limit: int) -> dict[str, Any]:
    """An answer as plain data; at most `limit` ways, and how many more there are."""
    return {
        "version": VERSION,
        **_hop(why.hop),
        "function": why.name,
        "loop_code": why.is_loop_code,
        "reached": why.is_reached,
        "async": why.is_async,
        "registered": [_trail(trail, source_line) for trail in why.registered],
        "trails": [_trail(trail, source_line) for trail in why.trails[:limit]],
        "more_trails": max(len(why.trails) - limit, 0),
        "blocking": [_blocking(call) for call in why.blocking],
    }


def _trail(trail: Trail, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    return {
        "top": trail.top.value,
        "function": trail.function,
        "detail": trail.detail,
        "chain": [sourced_hop(hop, source_line) for hop in trail.hops],
    }


def _blocking(call: BlockingCall) -> dict[str, Any]:
    def reported(findings: Iterable[Finding]) -> list[dict[str, Any]]:
        return [
            {"code": item.code, "path": as_text(item.path), "line": item.span.line, "column": item.span.column}
            for item in findings
        ]

    return {
        "callee": call.callee,
        "kind": call.kind.label,
        "line": call.span.line,
        "column": call.span.column,
        "part_of": None if call.part_of is None else related(call.part_of),
        "reported": reported(call.findings),
        "hidden": reported(call.hidden),
        "silenced": call.silenced,
        "direct": call.direct,
    }


def _baseline(agreed: Agreed) -> dict[str, Any]:
    return {"file": as_text(agreed.file), "known": agreed.known, "stale": [entry._asdict() for entry in agreed.stale]}


def _statistics(statistics: Statistics) -> dict[str, Any]:
    def counted(sites: CallSites) -> dict[str, Any]:
        return {
            "functions": sites.functions,
            "calls": sites.total,
            "project": sites.project,
            "library": sites.library,
            "builtin": sites.builtin,
            "unresolved": sum(sites.unresolved.values()),
            "reasons": dict(sites.unresolved),
            "properties": sites.properties,
        }

    not_followed = {} if statistics.not_followed is None else {"not_followed": dict(statistics.not_followed)}
    return {"loop_code": counted(statistics.loop_code), "reached": counted(statistics.reached)} | not_followed


def _finding(finding: Finding, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "kind": finding.kind.label if finding.kind else None,
        "context": finding.context.label if finding.context else None,
        "path": as_text(finding.path),
        **stretch(finding.span),
        "function": finding.function,
        "callee": finding.callee,
        "message": finding.message,
        "instead": finding.instead,
        "related": [related(item) for item in finding.related],
        "chain": [sourced_hop(hop, source_line) for hop in finding.chain],
        "leaves": [_leaf(leaf, fingerprint) for leaf, fingerprint in zip(finding.leaves, finding.fingerprints.leaves)],
        "fingerprint": finding.fingerprints.finding,
    }


def not_analysed(item: NotAnalysed) -> dict[str, Any]:
    """What could not be looked at, as plain data."""
    return {"path": as_text(item.path), "line": item.line, "reason": item.reason}


def related(item: Related) -> dict[str, Any]:
    """A further call of an operation, as plain data."""
    return {"line": item.line, "column": item.column, "callee": item.callee}


def stretch(span: Span) -> dict[str, Any]:
    """A stretch of source, as plain data."""
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def share(coverage: Coverage) -> float | None:
    """A share as plain data, no more exact than anybody asks."""
    return None if coverage.share is None else round(coverage.share, 4)


def sourced_hop(hop: Hop, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    """A step of a chain as plain data, with the text that stands there."""
    return _hop(hop) | {"source": source_of(hop, source_line)}


def _hop(hop: Hop) -> dict[str, Any]:
    package = {} if hop.package is None else {"package": hop.package}
    return {"path": as_text(hop.path), "line": hop.span.line, "column": hop.span.column, "function": hop.function} | package


def _leaf(leaf: Leaf, fingerprint: str) -> dict[str, Any]:
    return _hop(leaf.hop) | {"callee": leaf.callee, "kind": leaf.kind.label, "length": leaf.length, "fingerprint": fingerprint}


def render(report: Report, source_line: Callable[[str, int], str]) -> str:
    return dumped(document(report, source_line))


def dumped(data: dict[str, Any] | list[Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"
