"""pylint with the plugin, in this process."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import NamedTuple

import pylint.message
from astroid import MANAGER
from pylint.lint import Run
from pylint.reporters import CollectingReporter

from markers import FIXTURES
from nosyncio.model import Span

INFERRED = "(as astroid infers)"


class Message(NamedTuple):
    """A message with its place as ours have it: columns from 1."""

    path: str
    span: Span
    id: str
    symbol: str
    text: str
    confidence: str

    @property
    def code(self) -> str:
        return f"NSI{self.id.removeprefix('W9')}"

    @property
    def is_inferred(self) -> bool:
        return self.text.endswith(INFERRED)


def lint(folder: Path, *files: str) -> list[Message]:
    """What pylint says of files in a folder, with every message of ours on and none of its own."""
    options = [
        "--rcfile=",
        "--load-plugins=nosyncio.pylint",
        "--disable=all",
        "--enable=nosyncio",
        "--disable=unexplained-suppression",
    ]
    reporter = CollectingReporter()
    before = Path.cwd()
    os.chdir(folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the code under check
            Run([*options, *files], reporter=reporter, exit=False)
    finally:
        os.chdir(before)
        _forget(folder)
    return [_message(folder, message) for message in reporter.messages]


def _forget(folder: Path) -> None:
    """Take the modules of a folder out of astroid's cache: another may have some of the same names. pylint's own way to do so
    makes all built-in modules anew."""
    for name, module in list(MANAGER.astroid_cache.items()):
        if module.file is not None and folder in Path(module.file).parents:
            del MANAGER.astroid_cache[name]


def _message(folder: Path, message: pylint.message.Message) -> Message:
    span = Span(message.line, message.column + 1, message.end_line or 0, (message.end_column or 0) + 1)
    path = Path(message.abspath).relative_to(folder).as_posix()
    return Message(path, span, message.msg_id, message.symbol, message.msg, message.confidence.name)


def fixture_name(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix()
