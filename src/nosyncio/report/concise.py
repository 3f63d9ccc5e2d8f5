"""One line a finding: `path:line:column: CODE message`."""

from __future__ import annotations

from nosyncio.model import Report
from nosyncio.report.style import Paint, Part, shown


def render(report: Report, paint: Paint) -> str:
    lines = [
        f"{paint(shown(finding.path), Part.PATH)}:{finding.span.line}:{finding.span.column}: "
        f"{paint(finding.code, Part.CODE)} {finding.message}"
        for finding in report.findings
    ]
    lines += [
        f"{paint(shown(item.path), Part.PATH)}:{item.line or 1}:1: {paint('NSI902', Part.CODE)} not analysed: {item.reason}"
        for item in report.not_analysed
    ]
    return "".join(f"{line}\n" for line in lines)
