"""GitHub Actions' workflow commands: one annotation an entry.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions. How a runner reads them, and that it drops the
columns of what spans several lines, is in `src/Runner.Worker/ActionCommandManager.cs` of actions/runner.
"""

from __future__ import annotations

from collections.abc import Callable

from nosyncio.model import Report
from nosyncio.report.issues import Issue, Level, issues, lines, summary

_SHOWN = 10
"""GitHub makes annotations of the first ten errors, warnings and notices of a step each; the others stand in its log alone."""


def render(report: Report, source_line: Callable[[str, int], str]) -> str:
    entries = issues(report)
    commands = [_annotation(issue, source_line) for issue in entries]
    if sum(issue.level is Level.ERROR for issue in entries) > _SHOWN:
        said = f"{summary(report)}. GitHub shows {_SHOWN} annotations of a step; all of them are in its log."
        commands.insert(0, f"::notice title=nosyncio::{_data(said)}")
    return "".join(f"{command}\n" for command in commands)


def _annotation(issue: Issue, source_line: Callable[[str, int], str]) -> str:
    span = issue.span
    properties = {"file": issue.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line and issue.finding is not None:
        properties |= {"col": span.column, "endColumn": span.end_column}
    properties |= {"title": f"{issue.code} {issue.name}"}
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{issue.level.value} {given}::{_data(chr(10).join(lines(issue, source_line)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
