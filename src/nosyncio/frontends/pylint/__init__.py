"""The pylint plugin."""

from __future__ import annotations

import multiprocessing
import sys

from pylint.lint import PyLinter

from nosyncio.config import ConfigError
from nosyncio.frontends.pylint.checker import Checker

_USAGE_ERROR = 32
"""pylint's exit code for bad options."""


def register(linter: PyLinter) -> None:
    """What pylint calls to load a plugin. Older versions do so again in worker processes, which said all things twice."""
    if not any(isinstance(checker, Checker) for checker in linter.get_checkers()):
        linter.register_checker(Checker(linter))


def load_configuration(linter: PyLinter) -> None:
    """What pylint calls once all options are read. Configuration that cannot be used ends the run, as pylint's own does."""
    for checker in linter.get_checkers():
        if isinstance(checker, Checker):
            try:
                checker.configure()
                if linter.config.jobs != 1 and multiprocessing.parent_process() is None:
                    checker.prepare()
            except ConfigError as error:
                print(f"nosyncio: {error}", file=sys.stderr)
                raise SystemExit(_USAGE_ERROR) from None
