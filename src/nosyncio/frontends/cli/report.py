"""`nosyncio report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click
from click.core import ParameterSource

from nosyncio import run, schedule, stocktaking
from nosyncio.frontends.cli.exits import CLEAN, FAILED
from nosyncio.frontends.cli.options import existing, located_in, output_options, overrides, project_options
from nosyncio.frontends.cli.terminal import SourceLines, deliver, keep_all, paint, progress_bar
from nosyncio.frontends.outputs import Output, outputs
from nosyncio.plan import Plan
from nosyncio.report import INVENTORY_FORMATS, PLAN_FORMATS, Surroundings
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
    located = located_in(base, config_file, isolated, overrides(given))
    targets = existing(base, paths)
    keep_all()
    lines = SourceLines(base)
    with progress_bar() as progress:
        made = (schedule.plan if is_plan else stocktaking.inventory)(
            located, targets, base=base, jobs=jobs or run.default_jobs(), progress=progress
        )

    def rendered(output: Output) -> str:
        around = Surroundings(lines, paint if output.file is None else plain)
        if isinstance(made, Plan):
            return PLAN_FORMATS[output.form](made, around)
        return INVENTORY_FORMATS[output.form](made, around, order)

    deliver(wanted, rendered)
    return FAILED if made.not_analysed else CLEAN
