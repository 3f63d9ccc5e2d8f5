"""Markers in fixtures: comments that say what is reported on their line.

`# expect: NSI102`, `# expect: NSI102@12 NSI105` (with the column where it matters). A marker on a line of its own is about the
next line that is no marker. `# missed:` says that a report is owed but not given, `# false-alarm:` that one is given but wrong;
both are the public list of limits, and both fail once they no longer hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nosyncio.model import Finding

FIXTURES = Path(__file__).parent / "fixtures"

_MARKER = re.compile(r"#\s*(expect|missed|false-alarm):\s*((?:NSI\d{3}(?:@\d+)?[ ,]*)+)")
_CODE = re.compile(r"(NSI\d{3})(?:@(\d+))?")


@dataclass
class Markers:
    """What a fixture says of its lines: (line, code) with how often, and the columns that are asked for."""

    reported: Counter[tuple[int, str]] = field(default_factory=Counter)
    missed: Counter[tuple[int, str]] = field(default_factory=Counter)
    columns: set[tuple[int, str, int]] = field(default_factory=set)


def read(text: str) -> Markers:
    """The markers in a fixture's text."""
    markers = Markers()
    waiting: list[tuple[str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        found = _MARKER.findall(line)
        if found and line.lstrip().startswith("#"):
            waiting += found
            continue
        for word, codes in [*waiting, *found]:
            for code, column in _CODE.findall(codes):
                (markers.missed if word == "missed" else markers.reported)[number, code] += 1
                if column:
                    markers.columns.add((number, code, int(column)))
        waiting = []
    return markers


def disagreements(text: str, findings: Iterable[Finding]) -> list[str]:
    """Where the findings differ from what the fixture's markers say; empty if they agree."""
    markers = read(text)
    findings = list(findings)
    given = Counter((finding.span.line, finding.code) for finding in findings)
    problems = [f"line {line}: {code} expected, not reported" for line, code in (markers.reported - given).elements()]
    problems += [f"line {line}: {code} reported, not expected" for line, code in (given - markers.reported).elements()]
    problems += [f"line {line}: {code} is no longer missed" for line, code in markers.missed if given[line, code]]
    columns = {(finding.span.line, finding.code, finding.span.column) for finding in findings}
    problems += [f"line {line}: {code} expected at column {column}" for line, code, column in markers.columns - columns]
    return sorted(problems, key=lambda problem: int(problem.split(":")[0].split()[1]))


def as_noqa(text: str) -> str:
    """The fixture with a `# noqa` of each reported code and a reason on the line that it is reported on; its markers are gone."""
    markers = read(text)
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        bare = _MARKER.sub("", line).rstrip()
        codes = sorted({code for (at, code) in markers.reported if at == number})
        lines.append(f"{bare}  # noqa: {','.join(codes)} -- known" if codes else bare)
    return "\n".join(lines)


def is_redundant(finding: Finding) -> bool:
    """Whether a finding says that a `# noqa` on the call that begins a chain has nothing to do: where blocking lines have one of
    their own, those silence the chains to them, too."""
    return finding.code == "NSI901" and "NSI3" in finding.message


def fixtures() -> list[Path]:
    """The single-file fixtures. Folders with an `__init__.py` or a `pyproject.toml` are projects, not single files."""
    return sorted(path for path in FIXTURES.rglob("*.py") if "projects" not in path.relative_to(FIXTURES).parts)
