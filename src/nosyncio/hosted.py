"""Checking one file at a time, as front ends do that live in another linter."""

from __future__ import annotations

from pathlib import Path

from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.source import Unreadable
from nosyncio.config import Located, compile_globs
from nosyncio.engine import Checked, Engine
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
        self._project: list[str] | None = None

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
        if self._project is None:
            self._project = project_files(self.located)
        for checked in self._engine.check([path], self._project):
            return checked
        failure = self._files.failures[path]
        raise Unreadable(failure.reason, failure.line)
