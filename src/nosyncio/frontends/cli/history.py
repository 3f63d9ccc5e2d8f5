"""`nosyncio history`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from nosyncio import run, timeline
from nosyncio.config import merged
from nosyncio.frontends.cli.exits import CLEAN, FAILED
from nosyncio.frontends.cli.options import formats_option, located_in, overrides, project_options
from nosyncio.frontends.cli.terminal import deliver, keep_all, paint, progress_bar
from nosyncio.frontends.outputs import outputs
from nosyncio.git import Git
from nosyncio.report.inventories import HISTORY_FORMATS
from nosyncio.report.style import plain

_FEWEST_FOR_A_BAR = 20


@click.command()
@click.option("--since", metavar="REV", help="The commit to begin with; the first one where not set.")
@click.option("--until", metavar="REV", default="HEAD", show_default=True, help="The commit to end with.")
@formats_option(HISTORY_FORMATS)
@project_options
def history(
    since: str | None,
    until: str,
    formats: tuple[str, ...],
    config_file: Path | None,
    isolated: bool,
    jobs: int | None,
    **given: Any,
) -> int:
    """Count what is left to do in each commit of the project's git repository.

    All commits are counted by the configuration of today. Nothing is checked out, and nothing fetched. Exits with 0, or with 2
    if it could not do its job.
    """
    base = Path.cwd()
    wanted = outputs(formats, None, HISTORY_FORMATS)
    changes = overrides(given)
    located = located_in(base, config_file, isolated, changes)
    git = Git(located.root)
    if not (git.has_work_tree or config_file or isolated):
        stored = timeline.stored(git, located, until)
        located = msgspec.structs.replace(stored, config=merged(stored.config, changes))
    keep_all()
    with progress_bar() as reading, progress_bar("counting", _FEWEST_FOR_A_BAR) as judging:
        seen = timeline.history(
            located, git, since=since, until=until, jobs=jobs or run.default_jobs(), reading=reading, judging=judging
        )
    deliver(wanted, lambda output: HISTORY_FORMATS[output.form](seen, paint if output.file is None else plain))
    return CLEAN if any(point.counts is not None for point in seen.points) else FAILED
