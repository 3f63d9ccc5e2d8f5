"""`nosyncio report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click
from click.core import ParameterSource

from nosyncio import run, schedule, stocktaking, timeline
from nosyncio.frontends.cli.exits import CLEAN, FAILED
from nosyncio.frontends.cli.options import existing, located_in, output_options, overrides, project_options, store_of
from nosyncio.frontends.cli.terminal import SourceLines, deliver, keep_all, paint, progress_bar
from nosyncio.frontends.outputs import Output, outputs
from nosyncio.git import Git
from nosyncio.plan import Plan
from nosyncio.report import Surroundings
from nosyncio.report.inventories import INVENTORY_FORMATS, PLAN_FORMATS, SHOW_HISTORY
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
@click.option("--plan", "is_plan", is_flag=True, help="Instead, in which steps to get rid of what blocks the loop.")
@project_options
@click.pass_context
def report(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    config_file: Path | None,
    isolated: bool,
    formats: tuple[str, ...],
    output_file: Path | None,
    order: Order,
    with_history: bool,
    since: str | None,
    is_plan: bool,
    jobs: int | None,
    **given: Any,
) -> int:
    """List all I/O in PATHS (the working folder if none are given): sync and async, whether loop code gets there, and how far
    the project is. With --plan, say instead which functions to make async first, and which calls change with each.

    Exits with 0, or with 2 if a file could not be analysed or the report not be made. A baseline hides nothing here.
    """
    base = Path.cwd()
    wanted = outputs(formats, output_file, PLAN_FORMATS if is_plan else INVENTORY_FORMATS)
    if is_plan and context.get_parameter_source("order") is not ParameterSource.DEFAULT:
        raise click.UsageError("--by is about the list of operations, and --plan has none")
    if since is not None and not with_history:
        raise click.UsageError("--since says where the history begins, which --history asks for")
    if with_history and (is_plan or not any(output.form in SHOW_HISTORY for output in wanted)):
        raise click.UsageError(f"--history: only {' and '.join(sorted(SHOW_HISTORY))} can show it")
    located = located_in(base, config_file, isolated, overrides(given))
    targets = existing(base, paths)
    keep_all()
    lines = SourceLines(base)
    processes = jobs or run.default_jobs()
    with progress_bar() as progress:
        made = (schedule.plan if is_plan else stocktaking.inventory)(
            located, targets, base=base, store=store_of(located, base, given), jobs=processes, progress=progress
        )
        past = timeline.history(located, Git(located.root), since=since, jobs=processes) if with_history else None

    def rendered(output: Output) -> str:
        around = Surroundings(lines, paint if output.file is None else plain, past)
        if isinstance(made, Plan):
            return PLAN_FORMATS[output.form](made, around)
        return INVENTORY_FORMATS[output.form](made, around, order)

    deliver(wanted, rendered)
    return FAILED if made.not_analysed else CLEAN
