"""The flake8 plugin."""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, get_args, get_type_hints

import msgspec
from flake8.exceptions import ExecutionError
from flake8.options.manager import OptionManager

from nosyncio import __version__, baseline, rules
from nosyncio.analysis.build import build
from nosyncio.analysis.source import Source, Unreadable, normalized
from nosyncio.baseline import Entries
from nosyncio.config import Config, ConfigError, Located, check_globs, compile_globs, discover, key_of, merged, option_help
from nosyncio.engine import Engine
from nosyncio.model import AsyncLibrary
from nosyncio.project import DiskFiles, project_files, relative_path
from nosyncio.suppress import Selection
from nosyncio.survey import for_host

_OWN_OPTIONS = ("async_only", "allow_init", "async_library", "src", "baseline")
"""What flake8 has no option of its own for. They are given as `nosyncio-async-only` and so on."""


class Plugin:
    """Checks one file from the tree that flake8 hands over. flake8 selects and suppresses; what `[tool.nosyncio]` selects
    counts, too."""

    name: ClassVar[str] = "nosyncio"
    version: ClassVar[str] = __version__
    _located: ClassVar[Located] = Located(Config(), Path())
    _selection: ClassVar[Selection] = Selection(Config())
    _exclude = compile_globs(())
    _known: ClassVar[Entries] = Counter()
    _files: ClassVar[DiskFiles] = DiskFiles(Path())
    _paths: ClassVar[list[str] | None] = None
    _engine: ClassVar[Engine] = Engine(_files, Config())
    """One for all files that this process checks: the standard library's types are read once."""

    def __init__(self, tree: ast.AST, filename: str, lines: list[str]) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        hints = get_type_hints(Config)
        for field in _OWN_OPTIONS:
            description, metavar = option_help(field)
            given: dict[str, Any] = {"help": description, "parse_from_config": True, "default": None}
            if hints[field] is bool:
                given["action"] = "store_true"
            elif AsyncLibrary in get_args(hints[field]):
                given["choices"] = [library.value for library in AsyncLibrary]
            elif type(None) in get_args(hints[field]):
                given |= {"metavar": metavar}
            else:
                given |= {"comma_separated_list": True, "metavar": metavar}
            manager.add_option(f"--nosyncio-{key_of(field)}", **given)

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        try:
            isolated = "--isolated" in sys.argv  # flake8 takes this one away before plugins see the options
            located = Located(Config(baseline=""), Path.cwd()) if isolated else discover(Path.cwd())
            config = merged(located.config, _overrides(options))
            chosen = _chosen_codes(options)
            config = merged(config, {"extend_select": (*config.extend_select, *chosen)})
            cls._selection = Selection(config, str(located.file or "flake8's options"))
            file = baseline.file_for(config, located.root)
            cls._known = Counter() if file is None else baseline.read(file)
        except ConfigError as error:
            raise ExecutionError(f"nosyncio: {error}") from None
        cls._located = msgspec.structs.replace(located, config=config)
        cls._exclude = compile_globs(config.exclude)
        cls._files = DiskFiles(located.root)
        cls._paths = None
        cls._engine = Engine(cls._files, config, located.library)

    @classmethod
    def _project(cls) -> list[str]:
        """The files that belong together with those that flake8 hands over, which sees one at a time."""
        if cls._paths is None:
            cls._paths = project_files(cls._located)
        return cls._paths

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """flake8's triples: line from 1, column from 0, text that begins with the code."""
        assert isinstance(self._tree, ast.Module)
        try:
            facts = build(Source(normalized("".join(self._lines)), self._tree))
        except Unreadable as error:
            yield (error.line or 1, 0, f"NSI902 not analysed: {error.reason}", type(self))
            return
        path = relative_path(Path.cwd() / self._filename, self._located.root)
        if self._exclude.match_file(path):
            return
        self._files.put(path, facts)
        for checked in self._engine.check([path], self._project()):
            if checked.problem is not None:
                yield (1, 0, f"NSI902 not analysed: {checked.problem}", type(self))
            for finding in for_host(checked, self._selection, self._known):
                yield (finding.span.line, finding.span.column - 1, f"{finding.code} {finding.message}", type(self))


def _overrides(options: argparse.Namespace) -> dict[str, Any]:
    """The configuration fields that flake8's options set. Raises ConfigError."""
    found: dict[str, Any] = {}
    for field in _OWN_OPTIONS:
        value = getattr(options, f"nosyncio_{field}")
        if value is None or value == []:
            continue
        if field == "async_only":
            check_globs(value, f"nosyncio-{key_of(field)}")
        if field == "baseline" and value:
            value = str(Path.cwd() / value)
        found[field] = AsyncLibrary(value) if field == "async_library" else tuple(value) if isinstance(value, list) else value
    return found


def _chosen_codes(options: argparse.Namespace) -> list[str]:
    """Codes of ours that flake8's own `select` and `extend-select` name in full, which turns on those that are off by default."""
    named = [*(getattr(options, "select", None) or ()), *(getattr(options, "extend_select", None) or ())]
    return [code for code in named if code in rules.codes()]
