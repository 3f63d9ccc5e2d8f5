"""The files of a project: found, and read when somebody asks. What every look at a whole project begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nosyncio.config import Located
from nosyncio.discovery import find_files, project_files, relative_path
from nosyncio.environment import Surroundings
from nosyncio.model import NotAnalysed
from nosyncio.remembered import Memory, Said
from nosyncio.store import Store
from nosyncio.suppress import Selection
from nosyncio.tree import Tree

if TYPE_CHECKING:
    from nosyncio.engine import Engine
    from nosyncio.project import DiskFiles


class Sources:
    """The files below some targets, and the rest of their project. All paths are relative to the project's root.

    paths: the files to look at. project: those and all others of the project. unlisted: what could not be searched.
    selection: the codes that are wanted. surroundings: the packages that calls are followed into. engine: knows the files.
    """

    def __init__(
        self, located: Located, targets: Iterable[Path], store: Store | None = None, buffer: bytes | None = None
    ) -> None:
        """store: where it is kept what runs found. buffer: what stands for the target, which is one file then, whatever is on
        disk. Raises ConfigError for what makes no sense."""
        targets = list(targets)
        self.located = located
        self.targets = [relative_path(target, located.root) for target in targets]
        self.store = store
        self.buffer = buffer
        self.tree = Tree(located.root, store)
        self.surroundings = Surroundings(located, store)
        self.selection = Selection(located.config, str(located.file or "command line"))
        self.paths, self.unlisted = find_files(located.root, targets, located.config)
        self.project = self.paths if targets == [located.root] else sorted({*self.paths, *project_files(located)})

    @cached_property
    def files(self) -> DiskFiles:
        from nosyncio.project import DiskFiles  # imported once a file is to be read: most runs find that none is

        return DiskFiles(self.located.root, self.store, self.tree)

    @cached_property
    def engine(self) -> Engine:
        from nosyncio.engine import Engine

        return Engine(self.files, self.located.config, self.located.library, self.surroundings.installed)

    def memory(self, kind: str, form: type[Said]) -> Memory[Said] | None:
        """What runs found, in one of the forms of `remembered` and under its name; None where nothing is kept."""
        if self.store is None or self.buffer is not None:
            return None
        return Memory(self.store, self.located, self.tree, self.surroundings, kind, form)

    def read(self, jobs: int, progress: Callable[[int, int], None]) -> None:
        """Make the facts of all files. `progress` is told how many of how many are made."""
        read(self.files, self.project, jobs, progress)

    def reported(self, failures: Iterable[NotAnalysed], unread: Iterable[NotAnalysed]) -> list[NotAnalysed]:
        """What is to be said of what could not be analysed: `failures`, and of `unread`, which could not be read, what was to be
        looked at."""
        looked_at = frozenset(self.paths)
        wanted = [*failures, *(failure for failure in unread if failure.path in looked_at)]
        return list(filter(self.selection.reports, wanted))


def read(files: DiskFiles, paths: Sequence[str], jobs: int, progress: Callable[[int, int], None]) -> None:
    """Make the facts of `paths`; `progress` is told how many of how many are made."""
    done = 0

    def advance(number: int) -> None:
        nonlocal done
        done += number
        progress(done, len(paths))

    files.read_all(paths, jobs, advance)
