"""The default report: place, code, message, the line with the call underlined, what to use instead; a summary at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nosyncio.model import Finding, Report
from nosyncio.report.style import Paint, Part

_TAB = "    "


def render(report: Report, source_line: Callable[[str, int], str], paint: Paint) -> str:
    """`source_line(path, line)` gives a line of a checked file, empty if it can't."""
    blocks = ["\n".join(_finding(finding, source_line, paint)) for finding in report.findings]
    blocks += [
        f"{paint(item.path, Part.PATH)}:{item.line or 1}:1: {paint('NSI902', Part.CODE)} not analysed: {item.reason}"
        for item in report.not_analysed
    ]
    blocks.append(_summary(report, paint))
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding, source_line: Callable[[str, int], str], paint: Paint) -> Iterator[str]:
    message, _, _ = finding.message.partition("; use ")
    yield (
        f"{paint(finding.path, Part.PATH)}:{finding.span.line}:{finding.span.column}: "
        f"{paint(finding.code, Part.CODE)} {message} ({finding.name})"
    )
    line = source_line(finding.path, finding.span.line)
    if line.strip():
        yield from _excerpt(finding, line, paint)
    for item in finding.related:
        yield f"{_TAB}also line {item.line}: {item.callee}"
    if finding.instead:
        yield f"{_TAB}{paint('use', Part.HINT)} {finding.instead}"


def _excerpt(finding: Finding, line: str, paint: Paint) -> Iterator[str]:
    span = finding.span
    stripped = line.lstrip()
    indent = len(line) - len(stripped)
    text = stripped.rstrip().expandtabs(4)
    start = len(line[indent : span.column - 1].expandtabs(4))
    end_column = span.end_column if span.end_line == span.line else len(line.rstrip()) + 1
    width = len(line[indent : end_column - 1].expandtabs(4)) - start
    yield f"{_TAB}{paint(text, Part.SOURCE)}"
    yield f"{_TAB}{' ' * start}{paint('^' * max(width, 1), Part.MARK)}"


def _summary(report: Report, paint: Paint) -> str:
    files = _count(report.files, "file")
    lines = []
    if report.findings:
        lines.append(paint(f"{_count(len(report.findings), 'finding')} in {files}", Part.BAD))
        lines += [f"{_TAB}{code}  {number}" for code, number in report.by_code.items()]
    elif not report.not_analysed:
        lines.append(paint(f"no sync I/O found in {files}", Part.GOOD))
    if report.not_analysed:
        lines.append(paint(f"{_count(len(report.not_analysed), 'file')} of {report.files} could not be analysed", Part.BAD))
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
