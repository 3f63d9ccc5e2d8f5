"""`nosyncio check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from nosyncio import run
from nosyncio.config import ConfigError
from nosyncio.discovery import repository_of
from nosyncio.frontends.cli.exits import CLEAN, FAILED, FINDINGS
from nosyncio.frontends.cli.options import (
    cache_options,
    config_option,
    config_options,
    existing,
    isolated_option,
    jobs_option,
    located_in,
    output_options,
    overrides,
    store_of,
)
from nosyncio.frontends.cli.terminal import SourceLines, deliver, keep_all, paint, progress_bar
from nosyncio.frontends.outputs import Output, outputs
from nosyncio.model import Report
from nosyncio.report import FORMATS, FROM_REPOSITORY, SAY_STATISTICS, Surroundings
from nosyncio.report.statistics import table as statistics_table
from nosyncio.report.style import plain


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@config_option
@isolated_option
@output_options(FORMATS)
@click.option("--statistics", is_flag=True, help="Count what the calls in loop code were resolved to, and why not.")
@cache_options
@jobs_option
@config_options
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check what comes in on standard input, in place of FILE in the project, which need not be there.",
)
def check(
    paths: tuple[Path, ...],
    config_file: Path | None,
    isolated: bool,
    formats: tuple[str, ...],
    output_file: Path | None,
    statistics: bool,
    jobs: int | None,
    stdin_filename: Path | None,
    **given: Any,
) -> int:
    """Report blocking calls in PATHS (the working folder if none are given).

    Exits with 0 if there are none, with 1 if there are, with 2 if it could not do its job.
    """
    base = Path.cwd()
    wanted = outputs(formats, output_file, FORMATS)
    located = located_in(base, config_file, isolated, overrides(given))
    buffer = None if stdin_filename is None else _standard_input(base / stdin_filename, paths)
    targets = existing(base, paths) if stdin_filename is None else [base / stdin_filename]
    keep_all()
    with progress_bar() as progress:
        report = run.check(
            located,
            targets,
            base=base,
            store=store_of(located, base, given),
            buffer=buffer,
            jobs=jobs or run.default_jobs(),
            statistics=statistics,
            progress=progress,
        )
    _write(report, wanted, base, {} if buffer is None else {targets[0]: buffer})
    if report.statistics is not None and not any(output.form in SAY_STATISTICS for output in wanted):
        click.echo(statistics_table(report.statistics, paint), err=True)
    if report.not_analysed:
        return FAILED
    return FINDINGS if report.findings else CLEAN


def _standard_input(file: Path, paths: Sequence[Path]) -> bytes:
    """What stands for a file. Raises ConfigError."""
    if any(str(path) != "-" for path in paths):
        raise click.UsageError("--stdin-filename names the one file to check: no paths beside it")
    if file.is_dir():
        raise ConfigError(f"--stdin-filename: {file}: a folder")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise ConfigError(f"standard input: cannot be read: {error.strerror or error}") from None


def _write(report: Report, wanted: Iterable[Output], base: Path, buffers: Mapping[Path, bytes]) -> None:
    """Write a report in all wanted formats. buffers: what stands for files. Raises ConfigError."""
    repository = repository_of(base)

    def text(output: Output) -> str:
        folder = repository if output.form in FROM_REPOSITORY else base
        around = Surroundings(SourceLines(folder, buffers), paint if output.file is None else plain)
        return FORMATS[output.form](run.moved(report, base, folder), around)

    deliver(wanted, text)
