"""The JSON document that other tools read. Keys are only ever added."""

from __future__ import annotations

from typing import Any

import msgspec

from nosyncio.model import Finding, Report

VERSION = 1


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "not_analysed": [{"path": _path(item.path), "line": item.line, "reason": item.reason} for item in report.not_analysed],
        "summary": {"files": report.files, "findings": len(report.findings), "by_code": dict(report.by_code)},
    }


def _finding(finding: Finding) -> dict[str, Any]:
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
        "chain": [],
        "leaves": [],
    }


def _path(path: str) -> str:
    """Bytes of a file name that are no text are written as an escape: JSON has no way to say them."""
    return path.encode(errors="backslashreplace").decode()


def render(report: Report) -> str:
    return msgspec.json.format(msgspec.json.encode(document(report)), indent=2).decode() + "\n"
