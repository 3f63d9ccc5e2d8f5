"""`nosyncio why`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nosyncio import asking, run
from nosyncio.frontends.cli.exits import CLEAN
from nosyncio.frontends.cli.options import (
    answer_option,
    cache_options,
    config_option,
    config_options,
    isolated_option,
    jobs_option,
    located_in,
    overrides,
    store_of,
)
from nosyncio.frontends.cli.terminal import SourceLines, keep_all, paint, progress_bar, show
from nosyncio.report import WHY_FORMATS, Surroundings


@click.command()
@click.argument("place", metavar="PATH:LINE|NAME")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The most ways to show.")
@answer_option(WHY_FORMATS)
@config_option
@isolated_option
@cache_options
@jobs_option
@config_options
def why(
    place: str,
    limit: int,
    output_format: str,
    config_file: Path | None,
    isolated: bool,
    jobs: int | None,
    **given: Any,
) -> int:
    """Show every way in which the event loop gets to a function, or where the trail ends.

    The function is the one around PATH:LINE, or the one whose dotted name is NAME, or ends with it. The whole project is read.
    Exits with 0 if there is an answer, with 2 if there is no such place.
    """
    base = Path.cwd()
    located = located_in(base, config_file, isolated, overrides(given))
    keep_all()
    with progress_bar() as progress:
        store = store_of(located, base, given)
        answer = asking.why(located, place, base=base, store=store, jobs=jobs or run.default_jobs(), progress=progress)
    show(WHY_FORMATS[output_format](answer, Surroundings(SourceLines(base), paint), limit), output_format)
    return CLEAN
