"""`nosyncio check`."""

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
from nosyncio.report import FORMATS, SAY_STATISTICS, Surroundings
from nosyncio.report.statistics import table as statistics_table


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@config_option
@isolated_option
@click.option("--output-format", type=click.Choice(sorted(FORMATS)), default="text", show_default=True, help="How to report.")
@click.option("--statistics", is_flag=True, help="Count what the calls in loop code were resolved to, and why not.")
@jobs_option
@config_options
def check(
    paths: tuple[Path, ...],
    config_file: Path | None,
    isolated: bool,
    output_format: str,
    statistics: bool,
    jobs: int | None,
    **given: Any,
) -> int:
    """Report blocking calls in PATHS (the working folder if none are given).

    Exits with 0 if there are none, with 1 if there are, with 2 if it could not do its job.
    """
    base = Path.cwd()
    located = located_in(base, config_file, isolated, overrides(given))
    targets = existing(base, paths)
    keep_all()
    with progress_bar() as progress:
        report = run.check(located, targets, base=base, jobs=jobs or run.default_jobs(), statistics=statistics, progress=progress)
    show(FORMATS[output_format](report, Surroundings(SourceLines(base), paint)))
    if report.statistics is not None and output_format not in SAY_STATISTICS:
        click.echo(statistics_table(report.statistics, paint), err=True)
    if report.not_analysed:
        return FAILED
    return FINDINGS if report.findings else CLEAN
