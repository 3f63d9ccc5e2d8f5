"""GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

from typing import Any

from nosyncio.model import Report, as_text
from nosyncio.report.issues import Issue, Level, issues
from nosyncio.report.json import dumped

_SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor"}


def render(report: Report) -> str:
    return dumped([_degradation(issue) for issue in issues(report)])


def _degradation(issue: Issue) -> dict[str, Any]:
    """What GitLab calls an entry. Those with one fingerprint are shown as one."""
    return {
        "description": as_text(f"{issue.code} {issue.message}"),
        "check_name": issue.name,
        "fingerprint": issue.fingerprint,
        "severity": _SEVERITIES[issue.level],
        "location": {
            "path": as_text(issue.path),
            "lines": {"begin": issue.span.line, "end": issue.span.end_line},
        },
    }
