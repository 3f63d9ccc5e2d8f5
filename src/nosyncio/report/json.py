"""The JSON document that other tools read. Keys are only ever added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from nosyncio.model import Finding, Hop, Leaf, Report
from nosyncio.report.style import excerpt

VERSION = 1


def document(report: Report, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    """The report as plain data. `source_line(path, line)` gives a line of a checked file, empty if it can't."""
    return {
        "version": VERSION,
        "findings": [_finding(finding, source_line) for finding in report.findings],
        "not_analysed": [{"path": _path(item.path), "line": item.line, "reason": item.reason} for item in report.not_analysed],
        "summary": {"files": report.files, "findings": len(report.findings), "by_code": dict(report.by_code)},
    }


def _finding(finding: Finding, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "kind": finding.kind.label if finding.kind else None,
        "context": finding.context.label if finding.context else None,
        "path": _path(finding.path),
        "line": finding.span.line,
        "column": finding.span.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "function": finding.function,
        "callee": finding.callee,
        "message": finding.message,
        "instead": finding.instead,
        "related": [{"line": item.line, "column": item.column, "callee": item.callee} for item in finding.related],
        "chain": [_hop(hop) | {"source": excerpt(hop.span, source_line(hop.path, hop.span.line))} for hop in finding.chain],
        "leaves": [_leaf(leaf) for leaf in finding.leaves],
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {"path": _path(hop.path), "line": hop.span.line, "column": hop.span.column, "function": hop.function}


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return _hop(leaf.hop) | {"callee": leaf.callee, "kind": leaf.kind.label, "length": leaf.length}


def _path(path: str) -> str:
    """Bytes of a file name that are no text are written as an escape: JSON has no way to say them."""
    return path.encode(errors="backslashreplace").decode()


def render(report: Report, source_line: Callable[[str, int], str]) -> str:
    return msgspec.json.format(msgspec.json.encode(document(report, source_line)), indent=2).decode() + "\n"
