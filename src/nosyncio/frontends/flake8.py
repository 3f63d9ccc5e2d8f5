"""The flake8 plugin."""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from flake8.exceptions import ExecutionError
from flake8.options.manager import OptionManager

from nosyncio import __version__, rules
from nosyncio.analysis.source import Source, Unreadable, normalized
from nosyncio.config import HOST_OPTIONS, Config, ConfigError, Located, discover, host_cache, host_overrides
from nosyncio.hosted import Projects
from nosyncio.run import default_jobs
from nosyncio.store import Cache

if TYPE_CHECKING:
    from nosyncio.analysis.facts import ModuleFacts


class Plugin:
    """Checks one file from the tree that flake8 hands over. flake8 selects and suppresses; what `[tool.nosyncio]` selects
    counts, too."""

    name: ClassVar[str] = "nosyncio"
    version: ClassVar[str] = __version__
    _projects: ClassVar[Projects] = Projects(
        "flake8", Located(Config(baseline=""), Path()), isolated=True, cache=Cache(is_off=True)
    )
    """Those of all files that this process checks."""

    def __init__(self, tree: ast.AST, filename: str, lines: list[str]) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        for option in HOST_OPTIONS:
            given: dict[str, Any] = {"help": option.help, "parse_from_config": True, "default": None}
            if option.is_switch:
                given["action"] = "store_true"
            elif option.choices:
                given["choices"] = list(option.choices)
            elif option.is_text:
                given["metavar"] = option.metavar
            else:
                given |= {"comma_separated_list": True, "metavar": option.metavar}
            manager.add_option(f"--{option.name}", **given)

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        isolated = "--isolated" in sys.argv  # flake8 takes this one away before plugins see the options
        try:
            located = Located(Config(baseline=""), Path.cwd()) if isolated else discover(Path.cwd())
            added = host_overrides(vars(options), Path.cwd())
            cache = Cache(*host_cache(vars(options), Path.cwd()))
            cls._projects = Projects("flake8", located, added, _chosen_codes(options), isolated=isolated, cache=cache)
            names = options.filenames or ["."]  # as flake8 itself takes it
            cls._projects.prepare([Path.cwd() / name for name in names if name != "-"], _jobs(options))
        except ConfigError as error:
            raise ExecutionError(f"nosyncio: {error}") from None

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """flake8's triples: line from 1, column from 0, text that begins with the code."""
        assert isinstance(self._tree, ast.Module)
        file = Path.cwd() / self._filename
        try:
            hosted = self._projects.of(file)
            path = hosted.path_of(file)
            if path is None:
                return
            text = normalized("".join(self._lines))
            checked = hosted.check_text(path, text, partial(_facts, Source(text, self._tree)))
        except Unreadable as error:
            yield (error.line or 1, 0, f"NSI902 not analysed: {error.reason}", type(self))
            return
        except ConfigError as error:
            yield (1, 0, f"NSI902 not analysed: {error}", type(self))
            return
        if checked.problem is not None:
            yield (1, 0, f"NSI902 not analysed: {checked.problem}", type(self))
        for finding in hosted.reported(checked):
            yield (finding.span.line, finding.span.column - 1, f"{finding.code} {finding.message}", type(self))


def _chosen_codes(options: argparse.Namespace) -> list[str]:
    """Codes of ours that flake8's own `select` and `extend-select` name in full, which turns on those that are off by default."""
    named = [*(getattr(options, "select", None) or ()), *(getattr(options, "extend_select", None) or ())]
    return [code for code in named if code in rules.codes()]


def _facts(source: Source) -> ModuleFacts:
    from nosyncio.analysis.build import build  # imported once a text is not what is on disk

    return build(source)


def _jobs(options: argparse.Namespace) -> int:
    """As many processes as flake8 starts."""
    return default_jobs() if options.jobs.is_auto else max(1, int(options.jobs.n_jobs))
