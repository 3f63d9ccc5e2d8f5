"""What the formats for CI systems have in common: one list of what is wrong, each entry with its severity.

A file that could not be analysed is an entry like a finding, and comes first: such systems show the beginning of a long list.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from nosyncio import rules
from nosyncio.model import Finding, NotAnalysed, Report, Span
from nosyncio.report.drawing import chain, count
from nosyncio.report.style import plain, shown
from nosyncio.rules.not_analysed import NotAnalysed as NotAnalysedRule
from nosyncio.rules.unexplained_suppression import UnexplainedSuppression
from nosyncio.rules.unused_suppression import UnusedSuppression


class Level(enum.Enum):
    """How bad an entry is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One entry. `span` of a file that could not be analysed is the beginning of the line that is to blame. `finding`: what it
    says, if it is one."""

    code: str
    name: str
    path: str
    span: Span
    message: str
    fingerprint: str
    finding: Finding | None = None

    @property
    def level(self) -> Level:
        return level(self.code)


def level(code: str) -> Level:
    """How bad what a code reports is: what is wrong with a comment is no fault of the program."""
    return Level.WARNING if code in (UnusedSuppression.code, UnexplainedSuppression.code) else Level.ERROR


def issues(report: Report) -> list[Issue]:
    """The files that could not be analysed, then the findings."""
    return [*map(_of_failure, report.not_analysed), *map(_of_finding, report.findings)]


def _of_finding(finding: Finding) -> Issue:
    fingerprint = finding.fingerprints.finding
    return Issue(finding.code, finding.name, finding.path, finding.span, finding.message, fingerprint, finding)


def _of_failure(item: NotAnalysed) -> Issue:
    rule = rules.codes()[NotAnalysedRule.code]
    line = item.line or 1
    return Issue(rule.code, rule.name, item.path, Span(line, 1, line, 1), f"not analysed: {item.reason}", item.fingerprint)


def lines(issue: Issue, source_line: Callable[[str, int], str]) -> list[str]:
    """An entry in full, as plain text without control characters: place and message, then the chain."""
    place = f"{issue.path}:{issue.span.line}:{issue.span.column}"
    hops = [] if issue.finding is None else chain(issue.finding, source_line, plain)
    return [shown(f"{place}: {issue.code} {issue.message}"), *map(shown, hops)]


def summary(report: Report) -> str:
    """How much there is, in one line."""
    said = [count(len(report.findings), "finding") + f" in {count(report.files, 'file')}"]
    if report.not_analysed:
        said.append(f"{count(len(report.not_analysed), 'file')} could not be analysed")
    return "; ".join(said)
