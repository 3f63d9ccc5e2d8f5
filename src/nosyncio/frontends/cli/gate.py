"""`nosyncio gate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nosyncio import run
from nosyncio.frontends.cli.exits import CLEAN, FAILED, FINDINGS
from nosyncio.frontends.cli.options import (
    config_option,
    config_options,
    existing,
    isolated_option,
    jobs_option,
    located_in,
    overrides,
)
from nosyncio.frontends.cli.terminal import SourceLines, keep_all, paint, progress_bar, show
from nosyncio.report import FORMATS, Surroundings


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@config_option
@isolated_option
@jobs_option
@config_options
def gate(paths: tuple[Path, ...], config_file: Path | None, isolated: bool, jobs: int | None, **given: Any) -> int:
    """Say whether PATHS (the working folder if none are given) are as far as the project has declared.

    Exits with 0 if that holds, with 1 if it does not, with 2 if it could not do its job.
    """
    base = Path.cwd()
    located = located_in(base, config_file, isolated, overrides(given))
    targets = existing(base, paths)
    keep_all()
    with progress_bar() as progress:
        report = run.check(located, targets, base=base, jobs=jobs or run.default_jobs(), progress=progress)
    show(FORMATS["text"](report, Surroundings(SourceLines(base), paint)))
    if report.not_analysed:
        return FAILED
    return FINDINGS if report.findings else CLEAN
