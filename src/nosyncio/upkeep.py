"""Writing a baseline, and shrinking it: always of the whole project, never of a part."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from nosyncio import baseline
from nosyncio.baseline import BaselineError, Entries
from nosyncio.config import DEFAULT_BASELINE, Located
from nosyncio.survey import Survey
from nosyncio.writing import write_whole


class Change(NamedTuple):
    """What became of a baseline.

    entries: how many it has now. gone, moved: how many were taken out, have another place. untouched: how many the run did not
    look for. unknown: how many are found that are not in it.
    """

    file: Path
    entries: int
    gone: int = 0
    moved: int = 0
    untouched: int = 0
    unknown: int = 0


def create(located: Located, survey: Survey, *, force: bool = False) -> Change:
    """Write all that is found into a new baseline, but nothing of modules that are declared done. Raises BaselineError where
    there is one already, unless `force`d to write it anew; what files hide that could not be analysed stays in it, then."""
    file = baseline.file_for(located.config, located.root) or _new_file(located)
    before: Entries = Counter()
    if os.path.lexists(file):
        if not force:
            raise BaselineError(f"{file} is there; `nosyncio baseline update` shrinks it, --force writes all that is found anew")
        if survey.is_blind:
            before = baseline.read(file, mending=True)
    found = baseline.found_by(survey.findings)
    after = survey.not_done(found) | before
    _write(file, baseline.written(after))
    return Change(file, after.total(), unknown=(found - after).total())


def _new_file(located: Located) -> Path:
    if located.config.baseline is not None:
        raise BaselineError("the configuration says that there is no baseline")
    return located.root / DEFAULT_BASELINE


def update(located: Located, survey: Survey) -> Change:
    """Take out of the baseline what is found no more, and give what has moved its new place. It never grows. Raises BaselineError
    where there is none."""
    file = baseline.file_for(located.config, located.root)
    if file is None:
        raise BaselineError("there is no baseline; `nosyncio baseline create` writes one")
    before = baseline.read(file, mending=True)
    found = baseline.found_by(survey.findings)
    after = baseline.updated(before, survey.not_done(found), survey.covers, survey.exists)
    text = baseline.written(after)
    if text != baseline.text_of(file):
        _write(file, text)
    return Change(
        file,
        entries=after.total(),
        gone=before.total() - after.total(),
        moved=(after - before).total(),
        untouched=sum(count for entry, count in after.items() if not survey.covers(entry)),
        unknown=(found - after).total(),
    )


def _write(file: Path, text: str) -> None:
    """Raises BaselineError."""
    try:
        write_whole(file, text.encode())
    except OSError as error:
        raise BaselineError(f"{file}: cannot be written: {error.strerror or error}") from None
