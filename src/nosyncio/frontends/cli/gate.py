"""`nosyncio gate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nosyncio import run
from nosyncio.frontends.cli.exits import CLEAN, FAILED, FINDINGS, STALE
from nosyncio.frontends.cli.options import answer_option, existing, located_in, overrides, project_options, store_of
from nosyncio.frontends.cli.terminal import SourceLines, keep_all, paint, progress_bar, show
from nosyncio.gate import Outcome, judged
from nosyncio.report import GATE_FORMATS, Surroundings
from nosyncio.suppress import Selection

_EXITS = {Outcome.HOLDS: CLEAN, Outcome.FAILS: FINDINGS, Outcome.BLIND: FAILED, Outcome.STALE: STALE}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@answer_option(GATE_FORMATS)
@project_options
def gate(
    paths: tuple[Path, ...], config_file: Path | None, isolated: bool, output_format: str, jobs: int | None, **given: Any
) -> int:
    """Say whether PATHS (the working folder if none are given) are as far as the project has declared.

    That holds if there is no sync I/O in async-only modules, none elsewhere that the baseline does not know, no baseline entry
    that is found no more, and no noqa of ours that suppresses nothing. Exits with 0 if it holds, with 1 if it does not, with 2
    if it could not do its job, with 3 if nothing is wrong but baseline entries that are found no more.
    """
    base = Path.cwd()
    located = located_in(base, config_file, isolated, overrides(given))
    targets = existing(base, paths)
    keep_all()
    with progress_bar() as progress:
        store = store_of(located, base, given)
        report = run.check(located, targets, base=base, store=store, jobs=jobs or run.default_jobs(), progress=progress)
    verdict = judged(report, Selection(located.config))
    show(GATE_FORMATS[output_format](verdict, Surroundings(SourceLines(base), paint)), output_format)
    return _EXITS[verdict.outcome]
