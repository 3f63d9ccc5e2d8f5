"""Checking one file at a time, as front ends do that live in another linter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.inferred import Infer
from nosyncio.analysis.source import Unreadable
from nosyncio.baseline import file_for, read, unknown
from nosyncio.config import Located, discover, merged
from nosyncio.discovery import exclusion, project_files, relative_path
from nosyncio.engine import Checked, Engine
from nosyncio.environment import Surroundings
from nosyncio.model import Finding
from nosyncio.project import DiskFiles
from nosyncio.suppress import Selection, apply_comments


class Hosted:
    """The project around the files that a linter hands over. It is read from disk, once, with the first of them; types are kept
    from file to file."""

    def __init__(self, located: Located, linter: str) -> None:
        """`linter`: whose options are to blame where no configuration file is. Raises ConfigError for a bad selector or
        baseline."""
        self.located = located
        self.selection = Selection(located.config, str(located.file or f"{linter}'s options"))
        baseline = file_for(located.config, located.root)
        self._known = Counter() if baseline is None else read(baseline)
        self._is_excluded = exclusion(located.config)
        self._files = DiskFiles(located.root)
        self._engine = Engine(self._files, located.config, located.library, Surroundings(located).installed)

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

    def reported(self, checked: Checked) -> list[Finding]:
        """What a linter is told that suppresses by itself: the findings that the baseline does not know, and those that a comment
        hides, which use up no entry."""
        wanted = self.selection.wanted(checked.findings, checked.path)
        if checked.is_done or not self._known:
            return wanted
        seen = apply_comments(checked.path, wanted, checked.comments, is_on=lambda code: False)
        hidden = [finding for finding in wanted if finding not in seen]
        return sorted([*hidden, *self.unknown(checked, seen)], key=lambda finding: finding.sort_key)

    def unknown(self, checked: Checked, findings: list[Finding]) -> list[Finding]:
        """Of `findings` in a checked file, from which what comments hide is gone, those that the baseline does not know."""
        return findings if checked.is_done else list(unknown(findings, self._known))

    def inferred(self, path: str, infer: Infer) -> list[Finding]:
        """What else is found in a file that was checked, with the linter's own inference."""
        return self._engine.inferred(path, self._project, infer)

    def path_in_project(self, file: Path, asking: str) -> str | None:
        """The path of a file that belongs to the project of the file `asking`; None for any other."""
        path = relative_path(file, self.located.root)
        return path if path == asking or path in self._members else None

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(self._project)

    @cached_property
    def _project(self) -> list[str]:
        return project_files(self.located)


class Projects:
    """The projects of the files that a linter hands over."""

    def __init__(
        self,
        linter: str,
        here: Located,
        overrides: Mapping[str, Any] | None = None,
        codes: Iterable[str] = (),
        *,
        isolated: bool = False,
    ) -> None:
        """here: the working folder's. overrides: the configuration fields that the linter's options set. codes: those to select
        beside the configured ones. isolated: whether no other configuration is to be read. Raises ConfigError."""
        self._linter = linter
        self._overrides = dict(overrides or {})
        self._codes = tuple(codes)
        self._isolated = isolated
        self._here = self._hosted(here)
        self._by_folder: dict[Path, Hosted] = {}

    def of(self, file: Path) -> Hosted:
        """The one that a file belongs to: the working folder's, as with the linter's own configuration; for a file outside of
        it, as editors open them, that of the file's own folder. Raises ConfigError."""
        here = self._here
        if self._isolated or (here.located.is_project and not relative_path(file, here.located.root).startswith("../")):
            return here
        if file.parent not in self._by_folder:
            self._by_folder[file.parent] = self._around(discover(file.parent))
        return self._by_folder[file.parent]

    def _around(self, located: Located) -> Hosted:
        if not located.is_project:
            return self._here
        known = (hosted for hosted in self._by_folder.values() if hosted.located.root == located.root)
        return next(known, None) or self._hosted(located)

    def _hosted(self, located: Located) -> Hosted:
        config = merged(located.config, self._overrides)
        config = merged(config, {"extend_select": (*config.extend_select, *self._codes)})
        return Hosted(msgspec.structs.replace(located, config=config), self._linter)
