"""What is written to a terminal: colours, excerpts, progress."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from nosyncio.config import ConfigError
from nosyncio.discovery import relative_path
from nosyncio.frontends.outputs import DEFAULT, Output, encoded
from nosyncio.report import FOR_PEOPLE
from nosyncio.report.style import Part

_COLOURS: dict[Part, dict[str, Any]] = {
    Part.PATH: {"bold": True},
    Part.CODE: {"fg": "red", "bold": True},
    Part.MARK: {"fg": "red", "bold": True},
    Part.HINT: {"fg": "cyan"},
    Part.BAD: {"fg": "red"},
    Part.GOOD: {"fg": "green"},
}


def paint(piece: str, part: Part) -> str:
    return click.style(piece, **_COLOURS[part]) if part in _COLOURS else piece


def show(text: str, form: str = DEFAULT) -> None:
    """Write to standard output what is in some format; a reader that has seen enough (`| head`) is no fault.
    Raises ConfigError where it cannot be written."""
    written = text if form in FOR_PEOPLE else encoded(text)
    try:
        click.echo(written, nl=False, color=False if os.environ.get("NO_COLOR") else None)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_output()
    except OSError as error:
        _let_go_of_output()
        raise ConfigError(f"standard output: cannot be written: {error.strerror or error}") from None


def deliver(wanted: Iterable[Output], text: Callable[[Output], str]) -> None:
    """Write what `text` gives in all wanted formats, files first. Raises ConfigError, once the rest is written, for what could
    not be."""
    problems: list[str] = []
    for output in sorted(wanted, key=lambda output: output.file is None):
        written = text(output)
        if output.file is None:
            show(written, output.form)
            continue
        try:
            output.write(written)
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("; ".join(problems))


def _let_go_of_output() -> None:
    """So that Python's own flush at exit is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def progress_bar(label: str = "reading", worth_it: int = 300) -> Any:
    """A progress bar for people who watch; nothing for anybody else. pre-commit, which keeps the output until the end, poses as
    a terminal for the sake of colours."""
    if not sys.stderr.isatty() or "PRE_COMMIT" in os.environ:
        return nullcontext(lambda done, total: None)
    return _Bar(label, worth_it)


class _Bar:
    """A bar that appears once the number of what is to be done is known to be large."""

    def __init__(self, label: str, worth_it: int) -> None:
        self._label = label
        self._worth_it = worth_it
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Callable[[int, int], None]:
        return self._advance

    def _advance(self, done: int, total: int) -> None:
        if self._bar is None and total >= self._worth_it:
            self._bar = click.progressbar(length=total, label=self._label, file=sys.stderr)
            self._bar.__enter__()
        if self._bar is not None:
            self._bar.update(done - self._done)
        self._done = done

    def __exit__(self, *raised: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


class SourceLines:
    """Lines of checked files, for excerpts."""

    def __init__(self, base: Path, buffers: Mapping[Path, bytes] | None = None) -> None:
        """`buffers`: what stands for files, whatever is on disk."""
        self._base = base
        self._buffers = {relative_path(file, base): data for file, data in (buffers or {}).items()}
        self._lines: tuple[str, list[str]] = ("", [])

    def __call__(self, path: str, line: int) -> str:
        if self._lines[0] != path:
            from nosyncio.analysis.source import Unreadable, decode

            try:
                buffer = self._buffers.get(path)
                text = decode((self._base / path).read_bytes() if buffer is None else buffer)
            except (OSError, Unreadable):
                text = ""
            self._lines = (path, text.split("\n"))
        lines = self._lines[1]
        return lines[line - 1] if line <= len(lines) else ""


def keep_all() -> None:
    """No looking for garbage: this process ends with the run, and what it makes is kept until then."""
    gc.freeze()
    gc.disable()
