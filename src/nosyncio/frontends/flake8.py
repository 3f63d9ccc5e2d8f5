"""The flake8 plugin."""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from flake8.exceptions import ExecutionError
from flake8.options.manager import OptionManager

from nosyncio import __version__, rules
from nosyncio.analysis.build import build
from nosyncio.analysis.source import Source, Unreadable, normalized
from nosyncio.config import HOST_OPTIONS, Config, ConfigError, Located, discover, host_overrides, merged
from nosyncio.hosted import Hosted


class Plugin:
    """Checks one file from the tree that flake8 hands over. flake8 selects and suppresses; what `[tool.nosyncio]` selects
    counts, too."""

    name: ClassVar[str] = "nosyncio"
    version: ClassVar[str] = __version__
    _hosted: ClassVar[Hosted] = Hosted(Located(Config(), Path()), "flake8")
    """One for all files that this process checks."""

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
        try:
            isolated = "--isolated" in sys.argv  # flake8 takes this one away before plugins see the options
            located = Located(Config(), Path.cwd()) if isolated else discover(Path.cwd())
            config = merged(located.config, host_overrides(vars(options)))
            chosen = _chosen_codes(options)
            config = merged(config, {"extend_select": (*config.extend_select, *chosen)})
            cls._hosted = Hosted(msgspec.structs.replace(located, config=config), "flake8")
        except ConfigError as error:
            raise ExecutionError(f"nosyncio: {error}") from None

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """flake8's triples: line from 1, column from 0, text that begins with the code."""
        assert isinstance(self._tree, ast.Module)
        try:
            facts = build(Source(normalized("".join(self._lines)), self._tree))
        except Unreadable as error:
            yield (error.line or 1, 0, f"NSI902 not analysed: {error.reason}", type(self))
            return
        path = self._hosted.path_of(Path.cwd() / self._filename)
        if path is None:
            return
        self._hosted.put(path, facts)
        checked = self._hosted.check(path)
        if checked.problem is not None:
            yield (1, 0, f"NSI902 not analysed: {checked.problem}", type(self))
        for finding in checked.findings:
            if self._hosted.selection.includes(finding.code, path):
                yield (finding.span.line, finding.span.column - 1, f"{finding.code} {finding.message}", type(self))


def _chosen_codes(options: argparse.Namespace) -> list[str]:
    """Codes of ours that flake8's own `select` and `extend-select` name in full, which turns on those that are off by default."""
    named = [*(getattr(options, "select", None) or ()), *(getattr(options, "extend_select", None) or ())]
    return [code for code in named if code in rules.codes()]
