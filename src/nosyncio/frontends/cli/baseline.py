"""`nosyncio baseline`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from nosyncio import run, upkeep
from nosyncio.config import Located
from nosyncio.discovery import relative_path
from nosyncio.frontends.cli.exits import CLEAN, FAILED
from nosyncio.frontends.cli.options import located_in, overrides, project_options, store_of
from nosyncio.frontends.cli.terminal import keep_all, progress_bar, show
from nosyncio.report import upkeep as words
from nosyncio.survey import Survey
from nosyncio.upkeep import Change


@click.group()
def baseline() -> None:
    """Keep a list of known findings, which may only shrink."""


@baseline.command()
@click.option("--force", is_flag=True, help="Write it anew where there is one: it may grow.")
@project_options
def create(force: bool, **given: Any) -> int:
    """Write all that is found in the project into a new baseline.

    Nothing of async-only modules is written: they are declared done. Exits with 0, or with 2 if it could not do its job, or
    something could not be analysed.
    """
    return _change(given, lambda located, survey: upkeep.create(located, survey, force=force))


@baseline.command()
@project_options
def update(**given: Any) -> int:
    """Take out of the baseline what is found no more, and follow what has moved.

    It never grows. Conflict markers of a merge are mended: both sides count. Exits with 0, or with 2 if it could not do its job,
    or something could not be analysed.
    """
    return _change(given, upkeep.update)


def _change(given: dict[str, Any], work: Callable[[Located, Survey], Change]) -> int:
    base = Path.cwd()
    jobs = given.pop("jobs") or run.default_jobs()
    located = located_in(base, given.pop("config_file"), given.pop("isolated"), overrides(given))
    keep_all()
    with progress_bar() as progress:
        store = store_of(located, base, given)
        survey = Survey(located, [located.root], store=store, jobs=jobs, progress=progress)
    change = work(located, survey)
    show(words.render(change, relative_path(change.file, base), survey.failures))
    return FAILED if survey.failures else CLEAN
