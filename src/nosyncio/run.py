"""One whole run, as every front end that checks many files does it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nosyncio import baseline, fingerprints
from nosyncio.config import ConfigError, Located
from nosyncio.engine import Engine
from nosyncio.environment import installed_for
from nosyncio.model import Agreed, BlockingCall, Finding, Hop, Report, Statistics, Trail, Why
from nosyncio.project import DiskFiles, find_files, relative_path
from nosyncio.suppress import Selection, apply_comments
from nosyncio.survey import Survey, read

_MOST_NAMES = 20
"""How many functions are listed of those that a name may mean."""


def check(
    located: Located,
    targets: Iterable[Path],
    *,
    base: Path,
    jobs: int = 1,
    statistics: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Check what is below `targets`. Paths in the report are relative to `base`; `progress` is told how many files of how many
    are read; `statistics` asks for a count of what call sites were resolved to."""
    survey = Survey(located, targets, jobs=jobs, progress=progress)
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
    moving = _Moved(root, base)
    failures = (replace(item, path=moving.path(item.path)) for item in report.not_analysed)
    return replace(
        report,
        findings=tuple(sorted(map(moving.finding, report.findings), key=lambda finding: finding.sort_key)),
        not_analysed=tuple(sorted(failures, key=lambda item: item.path)),
        done=tuple(sorted(map(moving.path, report.done))),
        baseline=report.baseline and replace(report.baseline, file=moving.path(report.baseline.file)),
    )


class _Moved:
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

    def trail(self, trail: Trail) -> Trail:
        return replace(trail, hops=tuple(map(self.hop, trail.hops)))

    def blocking(self, call: BlockingCall) -> BlockingCall:
        return replace(call, findings=tuple(map(self.finding, call.findings)), hidden=tuple(map(self.finding, call.hidden)))


def why(
    located: Located,
    target: str,
    *,
    base: Path,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Why:
    """How the loop gets to `target`: PATH:LINE, PATH:LINE:COLUMN, or the name of a function, or the end of one. Raises
    ConfigError where there is no such place."""
    files = DiskFiles(located.root)
    selection = Selection(located.config, str(located.file or "command line"))
    place = re.fullmatch(r"(.+?):(\d+)(?::(\d+))?:?", target)
    named = [] if place is None else [_file_to_ask_about(located, place[1], base)]
    paths = sorted({*named, *find_files(located.root, [located.root], located.config)[0]})
    read(files, paths, jobs, progress)
    engine = Engine(files, located.config, located.library, installed_for(located))
    moved = _Moved(located.root, base)
    if place is not None:
        path, line, column = named[0], int(place[2]), int(place[3]) if place[3] else None
        _check_place(files, path, line, place[1])
    else:
        path, line, column = _only_function(engine, paths, target, moved)
    try:
        answer = engine.why(paths, path, line, column)
    except RecursionError:
        raise ConfigError(f"{target}: types are nested too deeply there to be followed") from None

    def is_shown(finding: Finding) -> bool:
        facts = files.facts(finding.path)
        comments = [] if facts is None else facts.comments
        return selection.includes(finding.code, finding.path) and finding in apply_comments(finding.path, [finding], comments)

    blocking = [
        replace(
            call,
            findings=tuple(filter(is_shown, call.findings)),
            hidden=tuple(finding for finding in call.findings if not is_shown(finding)),
        )
        for call in answer.blocking
    ]
    return replace(
        answer,
        hop=moved.hop(answer.hop),
        registered=tuple(map(moved.trail, answer.registered)),
        trails=tuple(map(moved.trail, answer.trails)),
        blocking=tuple(map(moved.blocking, blocking)),
    )


def _file_to_ask_about(located: Located, name: str, base: Path) -> str:
    """The path, relative to the root, of a file that somebody names. Raises ConfigError for one that is not to be checked."""
    target = base / name
    if not target.is_file():
        raise ConfigError(f"{name}: {'not a file' if target.exists() else 'no such file'}")
    path = relative_path(target, located.root)
    if path.startswith("../"):
        raise ConfigError(f"{name}: outside the project, whose root is {located.root}")
    if not find_files(located.root, [target], located.config)[0]:
        raise ConfigError(f"{name}: excluded by configuration")
    return path


def _check_place(files: DiskFiles, path: str, line: int, name: str) -> None:
    facts = files.facts(path)
    if facts is None:
        raise ConfigError(f"{name}: could not be analysed: {files.failures[path].reason}")
    if not 1 <= line <= facts.lines:
        raise ConfigError(f"{name} has no line {line}: it has {facts.lines}")


def _only_function(engine: Engine, paths: Sequence[str], name: str, moved: _Moved) -> tuple[str, int, int]:
    """Where the one function begins that a name means. Raises ConfigError if there are several, or none."""
    found = engine.functions_named(paths, name)
    if len(found) == 1:
        return found[0].path, found[0].line, found[0].column
    if found:
        lines = [f"    {moved.path(match.path)}:{match.line}  {match.name}" for match in found[:_MOST_NAMES]]
        lines += [f"    and {len(found) - _MOST_NAMES} more"] if len(found) > _MOST_NAMES else []
        listed = "\n".join(lines)
        raise ConfigError(f"{name!r} may be any of {len(found)} functions; say which by its place:\n{listed}")
    near = engine.near_names(paths, name)
    raise ConfigError(f"no function {name!r} in {len(paths)} files, and no such PATH:LINE{near}")


def default_jobs() -> int:
    """As many processes as there are cores for this one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
