"""The default report: place, code, message, the line with the call underlined, what to use instead; a summary at the end."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from nosyncio.model import Finding, Report
from nosyncio.report.style import Paint, Part, excerpt, shown

_TAB = "    "


def render(report: Report, source_line: Callable[[str, int], str], paint: Paint) -> str:
    """`source_line(path, line)` gives a line of a checked file, empty if it can't."""
    blocks = ["\n".join(_finding(finding, source_line, paint)) for finding in report.findings]
    blocks += [
        f"{paint(shown(item.path), Part.PATH)}:{item.line or 1}:1: {paint('NSI902', Part.CODE)} not analysed: {item.reason}"
        for item in report.not_analysed
    ]
    blocks.append(_summary(report, paint))
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
        yield f"{_TAB}also line {item.line}: {item.callee}"
    yield from _chain(finding, source_line, paint)
    if finding.instead:
        yield f"{_TAB}{paint('use', Part.HINT)} {finding.instead}"


def _chain(finding: Finding, source_line: Callable[[str, int], str], paint: Paint) -> Iterator[str]:
    """The way to the blocking call, one hop a line, in columns; the first is the finding's own place."""
    hops = finding.chain[1:]
    places = [f"{shown(hop.path)}:{hop.span.line}:{hop.span.column}" for hop in hops]
    names = [f"in {hop.function or 'the module'}" for hop in hops]
    widths = max(map(len, places), default=0), max(map(len, names), default=0)
    for hop, place, name in zip(hops, places, names):
        text, _ = _as_printed(excerpt(hop.span, source_line(hop.path, hop.span.line)), 0)
        yield f"{_TAB}{paint('->', Part.MARK)} {place:<{widths[0]}}  {name:<{widths[1]}}  {paint(text, Part.SOURCE)}".rstrip()
    others = len(finding.leaves) - 1
    if others > 0:
        yield f"{_TAB}   and {_count(others, 'more blocking call')} behind it"


def _excerpt(finding: Finding, line: str, paint: Paint) -> Iterator[str]:
    span = finding.span
    indent = len(line) - len(line.lstrip())
    code = line.rstrip()
    end_column = span.end_column if span.end_line == span.line else len(code) + 1
    text, start = _as_printed(code[indent:], span.column - 1 - indent)
    _, end = _as_printed(code[indent:], end_column - 1 - indent)
    yield f"{_TAB}{paint(text, Part.SOURCE)}"
    yield f"{_TAB}{' ' * start}{paint('^' * max(end - start, 1), Part.MARK)}"


def _as_printed(text: str, offset: int) -> tuple[str, int]:
    """`text` with tabs expanded and nothing that a terminal would obey, and the cell that the character at `offset` starts in."""
    printed = ""
    cells = at = 0
    for index, char in enumerate(text):
        if index == offset:
            at = cells
        piece = " " * (len(_TAB) - cells % len(_TAB)) if char == "\t" else char if char.isprintable() else "\ufffd"
        printed += piece
        cells += sum(map(_width, piece))
    return printed, at if offset < len(text) else cells


def _width(char: str) -> int:
    """How many cells of a terminal a character takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _summary(report: Report, paint: Paint) -> str:
    files = _count(report.files, "file")
    lines = []
    if report.findings:
        lines.append(paint(f"{_count(len(report.findings), 'finding')} in {files}", Part.BAD))
        lines += [f"{_TAB}{code}  {number}" for code, number in report.by_code.items()]
    elif not report.not_analysed:
        lines.append(paint(f"no sync I/O found in {files}" if report.files else "no Python files to check", Part.GOOD))
    if report.not_analysed:
        lines.append(paint(f"{_count(len(report.not_analysed), 'file')} of {report.files} could not be analysed", Part.BAD))
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
