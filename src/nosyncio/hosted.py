"""Checking one file at a time, as front ends do that live in another linter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from nosyncio.analysis.source import Unreadable, decode
from nosyncio.baseline import file_for, read, unknown
from nosyncio.checked import Checked
from nosyncio.config import Located, discover, merged
from nosyncio.discovery import exclusion, relative_path
from nosyncio.environment import environment_of
from nosyncio.model import Finding
from nosyncio.remembered import Told
from nosyncio.sources import Sources
from nosyncio.store import Cache
from nosyncio.suppress import Selection, apply_comments, names_ours
from nosyncio.tree import WorkerDied

if TYPE_CHECKING:
    from nosyncio.analysis.facts import ModuleFacts
    from nosyncio.analysis.inferred import Infer
    from nosyncio.inspection import Inspection


class Hosted:
    """The project around the files that a linter hands over. What is known of it is taken up from earlier runs, here or on the
    command line, with the first of them; the rest is found out, and kept from file to file."""

    def __init__(self, located: Located, linter: str, cache: Cache) -> None:
        """`linter`: whose options are to blame where no configuration file is. cache: where it is kept what is found
        out. Raises ConfigError for a bad selector or baseline."""
        self.located = located
        self.selection = Selection(located.config, str(located.file or f"{linter}'s options"))
        baseline = file_for(located.config, located.root)
        self._known = Counter() if baseline is None else read(baseline)
        self._is_excluded = exclusion(located.config)
        environment_of(located)  # an environment that is not there is to be said now
        self._store = cache.store(located.root) if located.is_project else None
        self._ahead: dict[str, Told] = {}
        self._put: set[str] = set()
        self._is_settled = False

    def path_of(self, file: Path) -> str | None:
        """The path of a file as findings have it; None for one that the configuration excludes."""
        path = relative_path(file, self.located.root)
        return None if self._is_excluded(path) else path

    def prepare(self, targets: Sequence[Path], jobs: int) -> None:
        """Check what is below `targets` ahead, with `jobs` processes where that pays: what a process knows, its copies know."""
        sources = self._sources = Sources(self.located, targets, self._store)
        memory = sources.memory("told", list[Told])
        key = None if memory is None else memory.key(sources.targets, sources.paths, sources.project)
        looked = None if memory is None or key is None else memory.recall(key)
        if looked is None:
            looked = self._looked(jobs)
            answers = self._inspection.keep()
            if memory is not None and key is not None and answers is not None:
                memory.keep(key, looked, answers, sources.project)
        self._ahead = {told.path: told for told in looked}

    def _looked(self, jobs: int) -> list[Told]:
        try:
            looked_at = list(self._inspection.look(jobs))
        except WorkerDied:  # for want of memory perhaps
            looked_at = list(self._inspection.look(1))
        self._is_settled = True
        return [_told(checked) for checked in looked_at]

    def check_text(self, path: str, text: str, facts: Callable[[], ModuleFacts]) -> Checked:
        """What is found in a text that stands for the file `path`, whatever is on disk, nothing selected or suppressed. `facts`
        makes those of the text. Raises Unreadable."""
        if not self._is_on_disk(path, text):
            if self.located.is_project:
                self._inspection.put(path, facts())
            else:
                self._sources.files.put(path, facts())
            self._put.add(path)
            self._is_settled = False
        return self.check(path)

    def check(self, path: str) -> Checked:
        """What is found in the file `path`, nothing selected or suppressed. Raises Unreadable if it is to be read from disk and
        that does not do."""
        if path in self._ahead and not self._put:
            return _checked(self._ahead[path])
        checked = self._judged(path)
        if checked is None:
            failure = self._sources.files.failures[path]
            raise Unreadable(failure.reason, failure.line)
        return checked

    def _judged(self, path: str) -> Checked | None:
        if not self.located.is_project:
            return next(self._sources.engine.check([path]), None)
        if self._is_settled and path in self._members:
            return self._inspection.again(path)
        checked = self._inspection.check(path)
        self._is_settled = path in self._members
        return checked

    def _is_on_disk(self, path: str, text: str) -> bool:
        """Whether a file of the project has that text."""
        if path in self._put or path not in self._members:
            return False
        data = self._sources.tree.content(path)
        try:
            return data is not None and decode(data) == text
        except Unreadable:
            return False

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
        if not self.located.is_project:
            return self._sources.engine.inferred(path, (), infer)
        self._judged(path)
        return self._inspection.inferred(path, infer)

    def keep(self) -> None:
        """Keep for later runs what was found out."""
        if "_inspection" in self.__dict__ and not self._put:
            self._inspection.keep()

    def path_in_project(self, file: Path, asking: str) -> str | None:
        """The path of a file that belongs to the project of the file `asking`; None for any other."""
        path = relative_path(file, self.located.root)
        return path if path == asking or path in self._members else None

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self.located, (), self._store)

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(self._sources.project)

    @cached_property
    def _inspection(self) -> Inspection:
        from nosyncio.inspection import Inspection  # imported once something has changed: most runs find that nothing has

        return Inspection(self._sources)


def _told(checked: Checked) -> Told:
    silencing = sorted(checked.silencing()) if names_ours(checked.comments) else []
    return Told(checked.path, checked.findings, list(checked.comments), checked.problem, silencing, checked.is_done)


def _checked(told: Told) -> Checked:
    silencing = frozenset(told.silencing)
    return Checked(told.path, told.findings, told.comments, told.problem, lambda: silencing, told.is_done)


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
        cache: Cache,
    ) -> None:
        """here: the working folder's. overrides: the configuration fields that the linter's options set. codes: those to select
        beside the configured ones. isolated: whether no other configuration is to be read. cache: where it is kept what
        is found out. Raises ConfigError."""
        self._linter = linter
        self._overrides = dict(overrides or {})
        self._codes = tuple(codes)
        self._isolated = isolated
        self._cache = cache
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

    def prepare(self, targets: Iterable[Path], jobs: int) -> None:
        """Check ahead what of `targets` belongs to the working folder's project."""
        here = self._here
        inside = [target for target in targets if target.exists() and here.path_of(target) is not None]
        if here.located.is_project and inside:
            here.prepare(inside, jobs)

    def keep(self) -> None:
        """Keep for later runs what was found out."""
        for hosted in {self._here, *self._by_folder.values()}:
            hosted.keep()

    def _around(self, located: Located) -> Hosted:
        if not located.is_project:
            return self._here
        known = (hosted for hosted in self._by_folder.values() if hosted.located.root == located.root)
        return next(known, None) or self._hosted(located)

    def _hosted(self, located: Located) -> Hosted:
        config = merged(located.config, self._overrides)
        config = merged(config, {"extend_select": (*config.extend_select, *self._codes)})
        return Hosted(msgspec.structs.replace(located, config=config), self._linter, self._cache)
