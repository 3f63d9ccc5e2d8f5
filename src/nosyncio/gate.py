"""Whether a project is as far as it has declared: what holds, what does not, and what to do about it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from nosyncio.model import Agreed, Finding, Identity, NotAnalysed, Report
from nosyncio.rules.base import HYGIENE
from nosyncio.suppress import Selection

Offence: TypeAlias = Finding | Identity | NotAnalysed


class Outcome(enum.Enum):
    """What a gate says."""

    HOLDS = "holds"
    FAILS = "fails"
    BLIND = "not-analysed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must hold.

    name: for machines. statement: what must hold, in words. offences: what keeps it from holding. remedy: what to do about them.
    """

    name: str
    statement: str
    offences: tuple[Offence, ...]
    remedy: str

    @property
    def holds(self) -> bool:
        return not self.offences


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run says of each criterion."""

    criteria: tuple[Criterion, ...]
    report: Report

    @property
    def outcome(self) -> Outcome:
        """What could not be looked at weighs most; an entry that is found no more weighs least: it only has to be taken out."""
        broken = {criterion.name for criterion in self.criteria if not criterion.holds}
        if "analysed" in broken:
            return Outcome.BLIND
        if broken - {"stale"}:
            return Outcome.FAILS
        return Outcome.STALE if broken else Outcome.HOLDS


def judged(report: Report, selection: Selection) -> Gate:
    """A run's report, held against what the project has declared. What the run did not look for is no criterion."""
    done = frozenset(report.done)
    hygiene = [finding for finding in report.findings if finding.code.startswith(HYGIENE)]
    blocking = [finding for finding in report.findings if not finding.code.startswith(HYGIENE)]
    criteria = [
        Criterion(
            "analysed",
            f"{_count(report.files, 'file')} analysed" if report.files else "no Python files to check",
            report.not_analysed,
            "mend them, or name them in `exclude`",
        ),
        Criterion(
            "done",
            f"no sync I/O in {_count(len(done), 'async-only module')}" if done else "no module is declared async-only",
            tuple(finding for finding in blocking if finding.path in done),
            "each has its replacement in: nosyncio check",
        ),
        Criterion(
            "new",
            _nothing_new(report.baseline, bool(done)),
            tuple(finding for finding in blocking if finding.path not in done),
            "each has its chain and its replacement in: nosyncio check" + _or_else(report.baseline),
        ),
    ]
    if report.baseline is not None:
        criteria.append(
            Criterion("stale", f"no stale entry in {report.baseline.file}", report.baseline.stale, "nosyncio baseline update")
        )
    if selection.selects("NSI901"):
        superfluous = _with(hygiene, "NSI901")
        criteria.append(
            Criterion("unused", "each noqa of ours suppresses something", superfluous, "take those codes out of the comments")
        )
    if selection.selects("NSI903"):
        criteria.append(
            Criterion("unexplained", "each noqa of ours says why", _with(hygiene, "NSI903"), "say why: `# noqa: NSI102 -- why`")
        )
    return Gate(tuple(criteria), report)


def _nothing_new(baseline: Agreed | None, any_done: bool) -> str:
    if baseline is None:
        return "no sync I/O anywhere else" if any_done else "no sync I/O"
    return f"nothing new beside the {baseline.known} known in {baseline.file}"


def _or_else(baseline: Agreed | None) -> str:
    """What may be done about findings beside mending them."""
    if baseline is None:
        return "; to live with them for now: nosyncio baseline create"
    return "; if that only moved or has a new name: nosyncio baseline update" if baseline.stale else ""


def _with(findings: Iterable[Finding], code: str) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.code == code)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
