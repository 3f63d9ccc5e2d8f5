"""One whole run, as every front end that checks many files does it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nosyncio import baseline, fingerprints
from nosyncio.config import Located
from nosyncio.discovery import relative_path
from nosyncio.model import Agreed, BlockingCall, Finding, Hop, NotAnalysed, Report, Statistics, Trail
from nosyncio.store import Store
from nosyncio.survey import Survey

if TYPE_CHECKING:
    from nosyncio.inventory import IoOperation


def check(
    located: Located,
    targets: Iterable[Path],
    *,
    base: Path,
    store: Store | None = None,
    buffer: bytes | None = None,
    jobs: int = 1,
    statistics: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Check what is below `targets`. Paths in the report are relative to `base`; `progress` is told how many files of how many
    are read; `statistics` asks for a count of what call sites were resolved to; `store` is where runs keep what they found;
    `buffer` is what stands for the one file that is the target, whatever is on disk."""
    survey = Survey(located, targets, store=store, buffer=buffer, jobs=jobs, progress=progress)
    findings, agreed = _against_baseline(survey, located)
    counted = survey.statistics() if statistics else None
    return report(findings, survey, located.root, base, counted, agreed)


def _against_baseline(survey: Survey, located: Located) -> tuple[list[Finding], Agreed | None]:
    """The findings that the project's baseline does not know, and what the baseline did. In a module that is declared done, there
    is nothing to live with."""
    file = baseline.file_for(located.config, located.root)
    if file is None:
        return survey.findings, None
    entries = baseline.read(file)
    lived_with = survey.not_done(entries)
    found = baseline.found_by(survey.findings)
    stale = sorted(entry for entry in (entries - (lived_with & found)).elements() if survey.covers(entry))
    agreed = Agreed(relative_path(file, located.root), (lived_with & found).total(), tuple(stale))
    return [*baseline.unknown(survey.findings, lived_with)], agreed


def report(
    findings: Iterable[Finding], survey: Survey, root: Path, base: Path, statistics: Statistics | None, agreed: Agreed | None
) -> Report:
    """Findings in their final order, with paths relative to `base`; their fingerprints are of the paths relative to `root`."""
    findings = tuple(findings)
    counted = Counter(finding.code for finding in findings)
    made = Report(
        findings=findings,
        not_analysed=tuple(map(fingerprints.marked_failure, survey.failures)),
        files=len(survey.paths),
        by_code=dict(sorted(counted.items())),
        statistics=statistics,
        done=tuple(survey.done),
        baseline=agreed,
    )
    return moved(made, root, base)


def moved(report: Report, root: Path, base: Path) -> Report:
    """A report whose paths are relative to `root`, in its final order, with paths relative to `base`."""
    moving = Moved(root, base)
    failures = map(moving.failure, report.not_analysed)
    return replace(
        report,
        findings=tuple(sorted(map(moving.finding, report.findings), key=lambda finding: finding.sort_key)),
        not_analysed=tuple(sorted(failures, key=lambda item: item.path)),
        done=tuple(sorted(map(moving.path, report.done))),
        baseline=report.baseline and replace(report.baseline, file=moving.path(report.baseline.file)),
    )


class Moved:
    """What is said of files below `root`, with paths relative to `base`."""

    def __init__(self, root: Path, base: Path) -> None:
        self._root = root
        self._base = base

    def path(self, path: str) -> str:
        return path if self._root == self._base else relative_path(self._root / path, self._base)

    def hop(self, hop: Hop) -> Hop:
        return hop if hop.package is not None else replace(hop, path=self.path(hop.path))

    def finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            path=self.path(finding.path),
            chain=tuple(map(self.hop, finding.chain)),
            leaves=tuple(replace(leaf, chain=tuple(map(self.hop, leaf.chain))) for leaf in finding.leaves),
        )

    def failure(self, failure: NotAnalysed) -> NotAnalysed:
        return replace(failure, path=self.path(failure.path))

    def operation(self, operation: IoOperation) -> IoOperation:
        return replace(operation, path=self.path(operation.path), chain=tuple(map(self.hop, operation.chain)))

    def trail(self, trail: Trail) -> Trail:
        return replace(trail, hops=tuple(map(self.hop, trail.hops)))

    def blocking(self, call: BlockingCall) -> BlockingCall:
        return replace(call, findings=tuple(map(self.finding, call.findings)), hidden=tuple(map(self.finding, call.hidden)))


def default_jobs() -> int:
    """As many processes as there are cores for this one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
