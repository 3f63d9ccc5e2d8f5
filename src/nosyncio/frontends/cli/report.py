"""`nosyncio report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from nosyncio import run, stocktaking, timeline
from nosyncio.frontends.cli.exits import CLEAN, FAILED
from nosyncio.frontends.cli.options import existing, located_in, output_options, overrides, project_options, store_of
from nosyncio.frontends.cli.terminal import SourceLines, deliver, keep_all, paint, progress_bar
from nosyncio.frontends.outputs import outputs
from nosyncio.git import Git
from nosyncio.report import INVENTORY_FORMATS, SHOW_HISTORY, Surroundings
from nosyncio.report.inventory_text import Order
from nosyncio.report.style import plain


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@output_options(INVENTORY_FORMATS)
@click.option(
    "--by",
    "order",
    type=click.Choice(get_args(Order)),
    default="module",
    show_default=True,
    help="In text, what the list of operations is sorted by; none for totals alone.",
)
@click.option(
    "--history", "with_history", is_flag=True, help="In HTML, show the commits before as well, as `nosyncio history` does."
)
@click.option("--since", metavar="REV", help="With --history, the commit to begin with; the first one where not set.")
@project_options
def report(
    paths: tuple[Path, ...],
    config_file: Path | None,
    isolated: bool,
    formats: tuple[str, ...],
    output_file: Path | None,
    order: Order,
    with_history: bool,
    since: str | None,
    jobs: int | None,
    **given: Any,
) -> int:
    """List all I/O in PATHS (the working folder if none are given): sync and async, whether loop code gets there, and how far
    the project is.

    Exits with 0, or with 2 if a file could not be analysed or the report not be made. A baseline hides nothing here.
    """
    base = Path.cwd()
    wanted = outputs(formats, output_file, INVENTORY_FORMATS)
    if since is not None and not with_history:
        raise click.UsageError("--since says where the history begins, which --history asks for")
    if with_history and not any(output.form in SHOW_HISTORY for output in wanted):
        raise click.UsageError(f"--history: only {' and '.join(sorted(SHOW_HISTORY))} can show it")
    located = located_in(base, config_file, isolated, overrides(given))
    targets = existing(base, paths)
    keep_all()
    with progress_bar() as progress:
        store = store_of(located, base, given)
        inventory = stocktaking.inventory(
            located, targets, base=base, store=store, jobs=jobs or run.default_jobs(), progress=progress
        )
        past = (
            timeline.history(located, Git(located.root), since=since, jobs=jobs or run.default_jobs()) if with_history else None
        )
    lines = SourceLines(base)
    deliver(
        wanted,
        lambda output: INVENTORY_FORMATS[output.form](
            inventory, Surroundings(lines, paint if output.file is None else plain, past), order
        ),
    )
    return FAILED if inventory.not_analysed else CLEAN
