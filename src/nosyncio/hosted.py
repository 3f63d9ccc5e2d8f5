"""Checking one file at a time, as front ends do that live in another linter."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.inferred import Infer
from nosyncio.analysis.source import Unreadable
from nosyncio.config import Located, compile_globs
from nosyncio.engine import Checked, Engine
from nosyncio.model import Finding
from nosyncio.project import DiskFiles, project_files, relative_path
from nosyncio.suppress import Selection


class Hosted:
    """The project around the files that a linter hands over. It is read from disk, once, with the first of them; types are kept
    from file to file."""

    def __init__(self, located: Located, linter: str) -> None:
        """`linter`: whose options are to blame where no configuration file is. Raises ConfigError for a bad selector."""
        self.located = located
        self.selection = Selection(located.config, str(located.file or f"{linter}'s options"))
        self._is_excluded = compile_globs(located.config.exclude).match_file
        self._files = DiskFiles(located.root)
        self._engine = Engine(self._files, located.config, located.library)

    def path_of(self, file: Path) -> str | None:
        """The path of a file as findings have it; None for one that the configuration excludes."""
        path = relative_path(file, self.located.root)
        return None if self._is_excluded(path) else path

    def put(self, path: str, facts: ModuleFacts) -> None:
        """Take `facts` for the file `path`, whatever is on disk."""
        self._files.put(path, facts)

    def check(self, path: str) -> Checked:
        """What is found in the file `path`, nothing selected or suppressed. Raises Unreadable if it is to be read from disk and
        that does not do."""
        for checked in self._engine.check([path], self._project):
            return checked
        failure = self._files.failures[path]
        raise Unreadable(failure.reason, failure.line)

    def inferred(self, path: str, infer: Infer) -> list[Finding]:
        """What else is found in a file that was checked, with the linter's own inference."""
        return self._engine.inferred(path, self._project, infer)

    def path_in_project(self, file: Path, asking: str) -> str | None:
        """The path of a file that belongs to the project of the file `asking`; None for any other."""
        path = relative_path(file, self.located.root)
        return path if path == asking or path in self._members else None

    def silencing(self, path: str) -> frozenset[tuple[int, str]]:
        """The comments of a file that was checked which take a call out of chains, wherever these begin: all of the project is
        followed for it, once."""
        return self._silencing.get(path, frozenset())

    @cached_property
    def _silencing(self) -> dict[str, frozenset[tuple[int, str]]]:
        return {checked.path: checked.silencing for checked in self._engine.check(self._project)}

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(self._project)

    @cached_property
    def _project(self) -> list[str]:
        return project_files(self.located)
