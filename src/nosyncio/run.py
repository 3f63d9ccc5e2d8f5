"""One whole run, as every front end that checks many files does it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from nosyncio.config import Located
from nosyncio.engine import Engine
from nosyncio.model import Finding, Hop, NotAnalysed, Report
from nosyncio.project import DiskFiles, find_files, relative_path
from nosyncio.suppress import Selection, apply_comments


def check(
    located: Located,
    targets: Iterable[Path],
    *,
    base: Path,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Check what is below `targets`. Paths in the report are relative to `base`; `progress` is told how many files of how many
    are read."""
    files = DiskFiles(located.root)
    selection = Selection(located.config, str(located.file or "command line"))
    paths, unreadable = find_files(located.root, targets, located.config)
    done = 0

    def advance(number: int) -> None:
        nonlocal done
        done += number
        progress(done, len(paths))

    files.read_all(paths, jobs, advance)
    engine = Engine(files, located.config, located.library)
    findings: list[Finding] = []
    failures = list(unreadable)
    for checked in engine.check(paths):
        wanted = [finding for finding in checked.findings if selection.includes(finding.code, checked.path)]
        is_on = partial(selection.includes, path=checked.path)
        findings += apply_comments(checked.path, wanted, checked.comments, is_on, checked.silencing)
        if checked.problem is not None:
            failures.append(NotAnalysed(checked.path, None, checked.problem))
    failures += [files.failures[path] for path in paths if path in files.failures]
    failures = [failure for failure in failures if selection.includes("NSI902", failure.path)]
    return report(findings, failures, len(paths), located.root, base)


def report(findings: Iterable[Finding], failures: Iterable[NotAnalysed], files: int, root: Path, base: Path) -> Report:
    """Findings in their final order, with paths relative to `base`."""

    def moved(path: str) -> str:
        return path if root == base else relative_path(root / path, base)

    def moved_hop(hop: Hop) -> Hop:
        return replace(hop, path=moved(hop.path))

    ordered = sorted(
        (
            replace(
                finding,
                path=moved(finding.path),
                chain=tuple(map(moved_hop, finding.chain)),
                leaves=tuple(replace(leaf, hop=moved_hop(leaf.hop)) for leaf in finding.leaves),
            )
            for finding in findings
        ),
        key=lambda finding: finding.sort_key,
    )
    counted = Counter(finding.code for finding in ordered)
    return Report(
        findings=tuple(ordered),
        not_analysed=tuple(sorted((replace(item, path=moved(item.path)) for item in failures), key=lambda item: item.path)),
        files=files,
        by_code=dict(sorted(counted.items())),
    )


def default_jobs() -> int:
    """As many processes as there are cores for this one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
