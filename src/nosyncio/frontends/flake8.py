"""The flake8 plugin."""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from flake8.exceptions import ExecutionError
from flake8.options.manager import OptionManager

from nosyncio import __version__, rules
from nosyncio.analysis.build import build
from nosyncio.analysis.source import Source, Unreadable, normalized
from nosyncio.config import HOST_OPTIONS, Config, ConfigError, Located, discover, host_overrides
from nosyncio.hosted import Projects


class Plugin:
    """Checks one file from the tree that flake8 hands over. flake8 selects and suppresses; what `[tool.nosyncio]` selects
    counts, too."""

    name: ClassVar[str] = "nosyncio"
    version: ClassVar[str] = __version__
    _projects: ClassVar[Projects] = Projects("flake8", Located(Config(), Path()), isolated=True)
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
            else:
                given |= {"comma_separated_list": True, "metavar": option.metavar}
            manager.add_option(f"--{option.name}", **given)

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        isolated = "--isolated" in sys.argv  # flake8 takes this one away before plugins see the options
        try:
            located = Located(Config(), Path.cwd()) if isolated else discover(Path.cwd())
            added = host_overrides(vars(options))
            cls._projects = Projects("flake8", located, added, _chosen_codes(options), isolated=isolated)
        except ConfigError as error:
            raise ExecutionError(f"nosyncio: {error}") from None

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """flake8's triples: line from 1, column from 0, text that begins with the code."""
        assert isinstance(self._tree, ast.Module)
        file = Path.cwd() / self._filename
        try:
            facts = build(Source(normalized("".join(self._lines)), self._tree))
            hosted = self._projects.of(file)
        except Unreadable as error:
            yield (error.line or 1, 0, f"NSI902 not analysed: {error.reason}", type(self))
            return
        except ConfigError as error:
            yield (1, 0, f"NSI902 not analysed: {error}", type(self))
            return
        path = hosted.path_of(file)
        if path is None:
            return
        hosted.put(path, facts)
        checked = hosted.check(path)
        if checked.problem is not None:
            yield (1, 0, f"NSI902 not analysed: {checked.problem}", type(self))
        for finding in checked.findings:
            if hosted.selection.includes(finding.code, path):
                yield (finding.span.line, finding.span.column - 1, f"{finding.code} {finding.message}", type(self))


def _chosen_codes(options: argparse.Namespace) -> list[str]:
    """Codes of ours that flake8's own `select` and `extend-select` name in full, which turns on those that are off by default."""
    named = [*(getattr(options, "select", None) or ()), *(getattr(options, "extend_select", None) or ())]
    return [code for code in named if code in rules.codes()]
