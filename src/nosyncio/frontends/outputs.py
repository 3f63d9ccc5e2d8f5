"""Where the command line's reports go: `--output-format FORMAT[:FILE]` and `--output-file FILE`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from nosyncio.config import ConfigError, did_you_mean
from nosyncio.writing import is_special, target_of, write_whole

DEFAULT = "text"


@dataclass(frozen=True, slots=True)
class Output:
    """One report to write: how, and where to; None stands for standard output."""

    form: str
    file: Path | None

    def write(self, text: str) -> None:
        """Write the file whole or not at all, as UTF-8. Raises ConfigError."""
        assert self.file is not None
        try:
            write_whole(self.file, encoded(text))
        except OSError as error:
            raise ConfigError(f"{self.file}: cannot be written: {error.strerror or error}") from None


def encoded(text: str) -> bytes:
    """A report as UTF-8; what in a file's name is no text stands there as an escape."""
    return text.encode("utf-8", "backslashreplace")


def outputs(formats: Sequence[str], file: Path | None, known: Iterable[str]) -> list[Output]:
    """What `--output-format`, each a FORMAT or FORMAT:FILE, and `--output-file` ask for; `known`: the formats that there are.
    Raises click's UsageError for what contradicts itself, ConfigError for a file that cannot be written."""
    found = [_output(item, [*known]) for item in formats or [DEFAULT]]
    bare = [output for output in found if output.file is None]
    if len(bare) > 1:
        names = " and ".join(output.form for output in bare)
        raise click.UsageError(f"only one of {names} may go to standard output; the others want a file: {bare[0].form}:FILE")
    if file is not None and not bare:
        raise click.UsageError("--output-file: each format has a file of its own already")
    if file is not None:
        found = [Output(output.form, output.file or file) for output in found]
    _check_all([output.file for output in found if output.file is not None])
    return found


def _output(item: str, known: Sequence[str]) -> Output:
    form, colon, file = item.partition(":")
    if form not in known:
        listed = f"; there are {', '.join(known)}"
        raise click.UsageError(f"--output-format: no format {form!r}{did_you_mean(form, known) or listed}")
    if colon and not file:
        raise click.UsageError(f"--output-format: {item!r} names no file after the colon")
    return Output(form, Path(file) if colon else None)


def _check_all(files: Iterable[Path]) -> None:
    """Find out before the work is done what cannot be written."""
    seen: set[Path] = set()
    for file in files:
        target = target_of(file)
        if target in seen:
            raise click.UsageError(f"{file}: two formats would be written to this file")
        seen.add(target)
        try:
            problem = _problem(file, target)
        except OSError as error:
            problem = f"cannot be written: {error.strerror or error}"
        if problem is not None:
            raise ConfigError(f"{file}: {problem}")


def _problem(file: Path, target: Path) -> str | None:
    if target.is_dir():
        return "is a folder"
    if is_special(file):
        return None if os.access(file, os.W_OK) else "cannot be written: no permission"
    if target.is_symlink():
        return "a link that leads to itself"
    if not target.parent.is_dir():
        return f"no such folder: {file.parent}"
    return None if os.access(target.parent, os.W_OK) else "cannot be written: no permission"
