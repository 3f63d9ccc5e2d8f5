"""SARIF 2.1.0, the Static Analysis Results Interchange Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/.

Section numbers below are those of that standard. What GitHub's code scanning takes of it, and its limits, is on
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from nosyncio import __version__, rules
from nosyncio.model import Finding, Hop, Leaf, NotAnalysed, Report, Span, as_text
from nosyncio.report.drawing import count, source_of
from nosyncio.report.issues import Issue, issues, level
from nosyncio.report.json import dumped
from nosyncio.report.style import shown
from nosyncio.rules.base import Code
from nosyncio.rules.not_analysed import NotAnalysed as NotAnalysedRule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "nosyncioFinding/v1"

_MOST_RESULTS = 25_000
"""GitHub rejects files with more results in a run."""
_MOST_LEAVES = 900
_MOST_PARTS = 90
"""GitHub rejects results with more than 1,000 locations; the finding's own place is one of them."""
_MOST_LINKS = 3
"""How many blocking calls a message names."""
_MOST_HOPS = 10_000
"""GitHub rejects results with more locations in their code flows."""
_LONGEST_DESCRIPTION = 1024
"""GitHub's limit."""


def render(report: Report, source_line: Callable[[str, int], str]) -> str:
    entries = issues(report)
    indexes = {code: index for index, code in enumerate(rules.codes())}
    notifications = [_notification(item, indexes) for item in report.not_analysed]
    if len(entries) > _MOST_RESULTS:
        notifications.append(_left_out(len(entries) - _MOST_RESULTS))
    run = {
        "tool": {"driver": _driver()},
        "invocations": [
            {"executionSuccessful": not report.not_analysed, "toolExecutionNotifications": notifications},
        ],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(issue, indexes, source_line) for issue in entries[:_MOST_RESULTS]],
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


# ----------------------------------------------------------------------------------------------------------------- tool, rules


def _driver() -> dict[str, Any]:
    return {
        "name": "nosyncio",
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in rules.codes().values()],
    }


def _rule(code: Code) -> dict[str, Any]:
    severity = level(code.code).value
    tags = [code.kind.label] if code.kind else []
    tags += [code.context.label] if code.context else []
    return {
        "id": code.code,
        "name": code.name,
        "shortDescription": {"text": f"{code.summary[:1].upper()}{code.summary[1:]}."},
        "fullDescription": {"text": _description(code)},
        "help": {"text": _plain(code.page), "markdown": code.page},
        "defaultConfiguration": {"enabled": code.default, "level": severity},
        "properties": {"tags": ["async", *tags], "problem.severity": severity},
    }


def _description(code: Code) -> str:
    """What stands between the first two headings of a page."""
    first = re.split(r"^## .*\n", code.page, flags=re.MULTILINE)[1]
    text = " ".join(_plain(first).split())
    return text if len(text) <= _LONGEST_DESCRIPTION else f"{text[: _LONGEST_DESCRIPTION - 3]}..."


def _plain(markdown: str) -> str:
    """A page without its marks, for consumers that show no Markdown."""
    text = re.sub(r"^```.*\n", "", markdown, flags=re.MULTILINE)
    return re.sub(r"^## ", "", text, flags=re.MULTILINE).replace("`", "").strip()


# --------------------------------------------------------------------------------------------------------------- notifications


def _notification(item: NotAnalysed, indexes: dict[str, int]) -> dict[str, Any]:
    line = {} if item.line is None else {"region": {"startLine": item.line}}
    return {
        "level": "error",
        "message": {"text": _message(f"not analysed: {item.reason}")},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(item.path)} | line}],
        "associatedRule": {"id": NotAnalysedRule.code, "index": indexes[NotAnalysedRule.code]},
    }


def _left_out(number: int) -> dict[str, Any]:
    text = f"{count(number, 'more result')} left out: this file holds the first {_MOST_RESULTS}, by path"
    return {"level": "warning", "message": {"text": text}}


# --------------------------------------------------------------------------------------------------------------------- results


def _result(issue: Issue, indexes: dict[str, int], source_line: Callable[[str, int], str]) -> dict[str, Any]:
    finding = issue.finding
    region = {"startLine": issue.span.line, "startColumn": 1} if finding is None else _region(finding.span)
    location = _location(issue.path, region)
    result = {
        "ruleId": issue.code,
        "ruleIndex": indexes[issue.code],
        "level": issue.level.value,
        "message": {"text": _message(issue.message)},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: issue.fingerprint},
    }
    if finding is None:
        return result
    if finding.function is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.function, "kind": "function"}]
    related = [*map(_leaf, finding.leaves[:_MOST_LEAVES], finding.fingerprints.leaves)]
    related += [_part(finding, item.line, item.column, item.callee) for item in finding.related[:_MOST_PARTS]]
    if related:
        result["relatedLocations"] = [{"id": number} | item for number, item in enumerate(related, 1)]
    if finding.leaves:
        result["message"] = {"text": f"{_message(issue.message)}. {_links(finding.leaves)}"}
        result["properties"] = {"leaves": len(finding.leaves)}
    if 0 < len(finding.chain) <= _MOST_HOPS:
        result["codeFlows"] = [{"threadFlows": [{"locations": _flow(finding, source_line)}]}]
    return result


def _links(leaves: Sequence[Leaf]) -> str:
    """The nearest blocking calls, as links to the related locations (3.11.6)."""
    links = []
    for number, leaf in enumerate(leaves[:_MOST_LINKS], 1):
        place = re.sub(r"([\[\]\\])", r"\\\1", _message(f"{leaf.hop.path}:{leaf.hop.span.line}"))
        links.append(f"[{place}]({number})")
    others = len(leaves) - len(links)
    more = f" and {others} more" if others else ""
    return f"What blocks: {', '.join(links)}{more}."


def _part(finding: Finding, line: int, column: int, callee: str) -> dict[str, Any]:
    """A further call of the operation that a finding reports."""
    message = {"text": _message(f"`{callee}` is part of it")}
    return _location(finding.path, {"startLine": line, "startColumn": column}) | {"message": message}


def _leaf(leaf: Leaf, fingerprint: str) -> dict[str, Any]:
    message = _message(f"`{leaf.callee}` blocks in {_where(leaf.hop)} ({leaf.kind.label})")
    location = _place(leaf.hop)
    return location | {"message": {"text": message}, "properties": {"fingerprint": fingerprint}}


def _flow(finding: Finding, source_line: Callable[[str, int], str]) -> list[dict[str, Any]]:
    """The shortest way to a blocking call, from the call in loop code."""
    flow = []
    for depth, hop in enumerate(finding.chain):
        source = shown(source_of(hop, source_line))
        message = {"text": _message(f"{source or 'call'} in {_where(hop)}")}
        flow.append({"location": _place(hop) | {"message": message}, "nestingLevel": depth})
    return flow


def _where(hop: Hop) -> str:
    return "the module" if hop.function is None else f"'{hop.function}'"


def _place(hop: Hop) -> dict[str, Any]:
    """Where a hop is; in an installed package by name, because its files are not in the repository."""
    if hop.package is None:
        return _location(hop.path, _region(hop.span))
    name = f"{hop.path}:{hop.span.line}"
    return {"logicalLocations": [{"fullyQualifiedName": name, "kind": "module", "name": hop.package}]}


def _location(path: str, region: dict[str, int]) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": region}}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _artifact(path: str) -> dict[str, Any]:
    """A path as a relative URI reference; bytes that are no text as they are on disk."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a surrogate pair, as Windows allows in names
        data = path.encode("utf-8", "surrogatepass")
    return {"uri": quote(data), "uriBaseId": _ROOT}


def _message(text: str) -> str:
    """A message's text; braces stand for arguments there (3.11.5)."""
    return as_text(text).replace("{", "{{").replace("}", "}}")
