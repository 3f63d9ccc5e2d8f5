"""The default report: place, code, message, the line with the call underlined, what to use instead; a summary at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nosyncio.model import Agreed, Finding, Report
from nosyncio.report import statistics
from nosyncio.report.drawing import TAB, as_printed, chain, count
from nosyncio.report.style import Paint, Part, shown


def render(report: Report, source_line: Callable[[str, int], str], paint: Paint) -> str:
    """`source_line(path, line)` gives a line of a checked file, empty if it can't."""
    blocks = ["\n".join(_finding(finding, source_line, paint)) for finding in report.findings]
    blocks += [
        f"{paint(shown(item.path), Part.PATH)}:{item.line or 1}:1: {paint('NSI902', Part.CODE)} not analysed: {item.reason}"
        for item in report.not_analysed
    ]
    blocks.append(_summary(report, paint))
    if report.statistics is not None:
        blocks.append(statistics.table(report.statistics, paint))
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding, source_line: Callable[[str, int], str], paint: Paint) -> Iterator[str]:
    message, _, _ = finding.message.partition("; use ")
    yield (
        f"{paint(shown(finding.path), Part.PATH)}:{finding.span.line}:{finding.span.column}: "
        f"{paint(finding.code, Part.CODE)} {message} ({finding.name})"
    )
    line = source_line(finding.path, finding.span.line)
    if line.strip():
        yield from _excerpt(finding, line, paint)
    for item in finding.related:
        yield f"{TAB}also line {item.line}: {item.callee}"
    for hop in chain(finding, source_line, paint):
        yield f"{TAB}{hop}"
    if finding.instead:
        yield f"{TAB}{paint('use', Part.HINT)} {finding.instead}"


def _excerpt(finding: Finding, line: str, paint: Paint) -> Iterator[str]:
    span = finding.span
    indent = len(line) - len(line.lstrip())
    code = line.rstrip()
    end_column = span.end_column if span.end_line == span.line else len(code) + 1
    text, start = as_printed(code[indent:], span.column - 1 - indent)
    _, end = as_printed(code[indent:], end_column - 1 - indent)
    yield f"{TAB}{paint(text, Part.SOURCE)}"
    yield f"{TAB}{' ' * start}{paint('^' * max(end - start, 1), Part.MARK)}"


def _summary(report: Report, paint: Paint) -> str:
    files = count(report.files, "file")
    lines = []
    if report.findings:
        lines.append(paint(f"{count(len(report.findings), 'finding')} in {files}", Part.BAD))
        lines += [f"{TAB}{code}  {number}" for code, number in report.by_code.items()]
    elif not report.not_analysed:
        found = "nothing new" if report.baseline is not None and report.baseline.known else "no sync I/O found"
        lines.append(paint(f"{found} in {files}" if report.files else "no Python files to check", Part.GOOD))
    if report.not_analysed:
        lines.append(paint(f"{count(len(report.not_analysed), 'file')} of {report.files} could not be analysed", Part.BAD))
    if report.baseline is not None:
        lines.append(_known(report.baseline))
    return "\n".join(lines)


def _known(agreed: Agreed) -> str:
    stale = f", {len(agreed.stale)} stale: nosyncio baseline update" if agreed.stale else ""
    return f"{agreed.known} known in {shown(agreed.file)}{stale}"
