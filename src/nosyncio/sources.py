"""The files of a project, found and read, with an engine that knows them: what every look at a whole project begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from nosyncio.config import Located
from nosyncio.engine import Engine
from nosyncio.model import NotAnalysed
from nosyncio.project import DiskFiles, find_files, project_files
from nosyncio.suppress import Selection


class Sources:
    """The files below some targets, and the rest of their project. All paths are relative to the project's root.

    paths: the files to look at. project: those and all others of the project. unreadable: what could not be searched.
    selection: the codes that are wanted. engine: knows the files.
    """

    def __init__(
        self,
        located: Located,
        targets: Iterable[Path],
        *,
        jobs: int = 1,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """`progress` is told how many files of how many are read. Raises ConfigError for what makes no sense."""
        targets = list(targets)
        self.files = DiskFiles(located.root)
        self.selection = Selection(located.config, str(located.file or "command line"))
        self.paths, self.unreadable = find_files(located.root, targets, located.config)
        self.project = self.paths if targets == [located.root] else sorted({*self.paths, *project_files(located)})
        read(self.files, self.project, jobs, progress)
        self.engine = Engine(self.files, located.config, located.library)

    def reported(self, failures: Iterable[NotAnalysed]) -> list[NotAnalysed]:
        """What is to be said of what could not be analysed: `failures`, and files that could not be read."""
        unread = [self.files.failures[path] for path in self.paths if path in self.files.failures]
        return list(filter(self.selection.reports, [*failures, *unread]))


def read(files: DiskFiles, paths: Sequence[str], jobs: int, progress: Callable[[int, int], None]) -> None:
    """Make the facts of `paths`; `progress` is told how many of how many are made."""
    done = 0

    def advance(number: int) -> None:
        nonlocal done
        done += number
        progress(done, len(paths))

    files.read_all(paths, jobs, advance)
