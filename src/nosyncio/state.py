"""A state of a project that is checked again and again: what is known of it, and what finds out the rest."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from functools import partial
from typing import NamedTuple, Protocol

from nosyncio.analysis.extract import Extract, extract
from nosyncio.analysis.facts import Comment, ModuleFacts
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.index import Index
from nosyncio.analysis.inferred import Infer
from nosyncio.analysis.installed import InstalledPackages
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.modules import ProjectFiles, StubReader
from nosyncio.analysis.references import Function, References, Shared, handing_through
from nosyncio.analysis.sets import Numbers, hangs_on
from nosyncio.analysis.types import Frame, Module, Origin
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.asked import Answers, Differences, Folders
from nosyncio.catalogue import Catalogue
from nosyncio.catalogue.files import files_for
from nosyncio.config import Config
from nosyncio.judging import Judging, Lasting
from nosyncio.known import Collected, Known, Offloading, Result, without
from nosyncio.model import AsyncLibrary, Finding
from nosyncio.shares import judged
from nosyncio.silence import Used
from nosyncio.stock import Spot, Stock, Taken, Way


class VersionedFiles(ProjectFiles, Folders, Protocol):
    """The code under check, in one of the states that it has over time."""

    def facts_at(self, version: Hashable) -> ModuleFacts | None:
        """The facts that were made from an earlier version of a file, if they are still known."""


class Asked:
    """Files, with every answer that they gave to the question what there is, and the version of every file that was read."""

    def __init__(self, files: VersionedFiles, answers: Answers) -> None:
        """`answers`: what was answered before, and is so still."""
        self.move(files, answers)

    def move(self, files: VersionedFiles, answers: Answers) -> None:
        """Be `files` instead."""
        self.files = files
        self._answers = answers

    @property
    def package(self) -> str:
        return self.files.package

    def exists(self, path: str) -> bool:
        answer = self._answers.files[path] = self.files.exists(path)
        return answer

    def is_folder(self, path: str) -> bool:
        answer = self._answers.folders[path] = self.files.is_folder(path)
        return answer

    def has_facts(self, path: str) -> bool:
        self._answers.versions[path] = self.files.version(path)
        return self.files.has_facts(path)

    def facts(self, path: str) -> ModuleFacts | None:
        found = self.files.facts(path)
        self._answers.versions[path] = self.files.version(path)
        return found


class Ways(NamedTuple):
    """Where the chains of a file lead, and what that hangs on."""

    ways: dict[Spot, Way]
    numbers: Numbers


class Shelf(NamedTuple):
    """What taking stock of a file gave, with its comments, and what that hangs on."""

    taken: list[Taken]
    comments: Sequence[Comment]
    is_done: bool
    numbers: Numbers | bytes


class Settings(NamedTuple):
    """What does not change from state to state."""

    config: Config
    library: AsyncLibrary
    stubs: StubReader
    installed: InstalledPackages


class _Shared(Shared):
    """What is shared by all modules of a state, part of which was known in the one before."""

    def __init__(self, state: State) -> None:
        super().__init__(lambda: (), state.known.hands)
        self._state = state

    def offloaded(self, references: References) -> set[Function]:
        if self._offloaded is None:
            self._offloaded = self._state.offloaded()
        return self._offloaded


class State:
    """A state of the project, brought from one to the next. `known`: what is known of it so far."""

    def __init__(self, files: Asked, known: Known, settings: Settings) -> None:
        self.files = files
        self.known = known
        self._settings = settings
        self._linker = Linker(
            files, settings.config.src, Catalogue(settings.config), known.reads, settings.stubs, settings.installed
        )
        self._linker.modules.settled = known.settled
        self._judging: Judging | None = None
        self._extracts: dict[str, Extract] = {}
        self._ways: dict[str, Ways] = {}
        self._shelves: dict[str, Shelf] = {}
        self._stock: Stock | None = None

    # ---------------------------------------------------------------------------------------------------- from state to state

    def look(self, same: Set[str] = frozenset()) -> None:
        """See which files of the project have facts. `same`: those that had, and are no others now."""
        self.known.present = {path for path in self.known.project if path in same or self.files.has_facts(path)}

    def resume(self) -> None:
        """Be the state that another one was in the end."""
        self.look(self.known.present)
        self.start()
        self.finish()

    def move(self, project: tuple[str, ...], differences: Differences) -> set[str]:
        """Be a state of `project`, with other files; those that are others, or new or no longer in it."""
        known, before = self.known, self.known.present
        edited = differences.versions | {path for kind, path in differences.answers if kind == "file"}
        self._linker.modules.forget(edited, {path for kind, path in differences.answers if kind == "folder"})
        known.project = project
        self.look(before - edited)
        return edited | (before ^ known.present)

    def entries_before(self, path: str, version: Hashable) -> frozenset[tuple[str, str]] | None:
        """The index entries of a file that had a version; None where its facts are lost."""
        said = self._extracts.pop(path, None)
        if said is None:
            facts = self.files.files.facts_at(version)
            said = None if facts is None else extract(Module(path, lambda: facts, Origin.PROJECT, path))
        return None if said is None else said.entries()

    def entries_of(self, path: str) -> frozenset[tuple[str, str]]:
        """The index entries of a file as it is now."""
        return self._extract(self._module(path)).entries()

    def hand_on(self, changed: set[str]) -> None:
        """Renew what hands what on, for some files."""
        hands = self.known.hands
        for files in hands.values():
            for path in changed & files.keys():
                del files[path]
        for path in changed & self.known.present:
            module = self._module(path)
            for word, sites in self._extract(module).calls.items():
                if word in hands:
                    names = self._linker.reads.aside(partial(_handed_on, module, sites))
                    hands[word].update({path: names} if names else {})

    def start(self) -> None:
        """Have what judges, or the indexes of what judges already, speak of the files as they are now."""
        imported = sorted(self.known.entries.names("imports"))
        self.known.libraries = frozenset(filter(files_for, imported))
        if self._judging is None:
            self._linker.catalogue.load(imported)
            verdicts = Verdicts(self._linker)
            fates = Fates(self._linker, verdicts)
            index = Index(self.known.entries, self._linker.reads, self._linker.modules.at, self._extract)
            config, library = self._settings.config, self._settings.library
            self._judging = Judging(
                self._linker,
                verdicts,
                fates,
                index,
                config,
                library,
                _Shared(self),
                Lasting(self.known.graph, self.known.families),
            )
        else:
            self._judging.contexts.renew()
        references = self.judging.contexts.references
        self.known.handing, self.known.registering = frozenset(references.handing()), frozenset(references.registering())

    def forget(self, changed: set[str], stale: Set[int]) -> None:
        """Drop what was said of files that are others, and what hangs on what is another now."""
        known, numbers = self.known, self.known.reads.holding(stale)
        known.collected = without(known.collected, lambda path, item: path in changed or hangs_on(item.numbers, numbers))
        known.offloading = without(known.offloading, lambda path, item: path in changed or hangs_on(item.numbers, numbers))
        self.forget_results(changed, stale)

    def forget_results(self, changed: set[str], stale: Set[int]) -> None:
        """The same, but for what the loop calls and what is handed to threads."""
        known, numbers = self.known, self.known.reads.holding(stale)
        known.reads.forget(stale)
        known.judged = without(known.judged, lambda path, item: path in changed or hangs_on(item.numbers, numbers))
        known.followed = without(known.followed, lambda path, item: path in changed or hangs_on(item, numbers))
        self._ways = without(self._ways, lambda path, item: path in changed or hangs_on(item.numbers, numbers))
        self._shelves = without(self._shelves, lambda path, item: path in changed or hangs_on(item.numbers, numbers))

    def renew_families(self, changed: set[str], stale: Set[int]) -> set[int]:
        """Look again for classes that derive from others. What hangs on answers that are others is dropped; these, as a set."""
        others = self.judging.subclasses.renewed(changed, stale)
        if others:
            self.forget(set(), others)
        return others

    def renew(self, stale: Set[int]) -> None:
        """Look at functions again of which something is known that hangs on what is another, and drop what hangs on them, if that
        may be another, too."""
        self.forget_results(set(), self.judging.renewed(stale))

    def finish(self) -> None:
        """Collect what is not collected yet, so that judging can begin."""
        collected, present = self.known.collected, sorted(self.known.present)
        for path in present:
            if path not in collected:
                collected[path] = Collected(*self.judging.collect(self._module(path)))
        self.judging.contexts.take([item for path in present for item in collected[path].registered])

    def offloaded(self) -> set[Function]:
        """The functions that are handed to threads: files of which that is not known are looked through."""
        known = self.known.offloading
        for path in sorted(self.known.present - known.keys()):
            known[path] = Offloading(*self.judging.offloaded_by(self._module(path)))
        return self.known.offloaded()

    # -------------------------------------------------------------------------------------------------------- what is in it

    def judge(self, paths: Iterable[str], jobs: int) -> None:
        """Find out what is found in files, with `jobs` processes where that pays."""
        for module, found in judged(self.judging, [*map(self._module, paths)], jobs, self.known.answers).items():
            is_done, hung_on = self._is_done(module)
            numbers = self._linker.reads.union(found.numbers, hung_on)
            self.known.judged[module.path or ""] = Result(found.findings, module.facts.comments, is_done, numbers)

    def inferred(self, path: str, infer: Infer) -> list[Finding]:
        """What else is found in a file, by a front end's own inference."""
        return self._linker.reads.aside(lambda: self.judging.inferred(self._module(path), infer))

    def used(self) -> list[Used]:
        """The comments that take calls out of chains."""
        return self.judging.used(map(self._hung_on_by, sorted(self.known.present)))

    def _hung_on_by(self, path: str) -> Numbers | bytes:
        """What the chains of a file hang on, and perhaps more that is said of it."""
        result = self.known.judged.get(path)
        if result is not None:
            return result.numbers
        if path not in self.known.followed:
            self.known.followed[path] = self.judging.followed(self._module(path)).numbers
        return self.known.followed[path]

    def ways(self) -> Iterable[Mapping[Spot, Way]]:
        """Where the chains of each file lead."""
        for path in sorted(self.known.present):
            if path not in self._ways:
                self._ways[path] = Ways(*self._linker.reads.during(partial(self.stock.ways, self._module(path))))
            yield self._ways[path].ways

    def is_out_of_stock(self, path: str) -> bool:
        """Whether something in a file could not be followed as stock was taken, as far as is known by now."""
        return not self.stock.is_sure and self.stock.is_too_deep(self._module(path))

    def is_shelved(self, path: str) -> bool:
        """Whether stock was taken of a file."""
        return path in self._shelves

    def shelf(self, path: str) -> Shelf:
        """What taking stock of a file gives."""
        if path not in self._shelves:
            module = self._module(path)
            taken, numbers = self._linker.reads.during(partial(self.stock.of, module))
            is_done, others = self._is_done(module)
            self._shelves[path] = Shelf(taken, module.facts.comments, is_done, self._linker.reads.union(numbers, others))
        return self._shelves[path]

    def _is_done(self, module: Module) -> tuple[bool, Numbers]:
        return self._linker.reads.during(partial(self.judging.contexts.is_async_only, module))

    # -------------------------------------------------------------------------------------------------------------- its parts

    @property
    def judging(self) -> Judging:
        assert self._judging is not None
        return self._judging

    @property
    def stock(self) -> Stock:
        if self._stock is None:
            self._stock = self.judging.stock()
        return self._stock

    @property
    def is_sure(self) -> bool:
        """Whether everything could be followed: what is too deep hangs on what was asked before."""
        return not self._has_too_deep and (self._stock is None or self._stock.is_sure)

    @property
    def _has_too_deep(self) -> bool:
        return bool(self.judging.too_deep or self.judging.reach.too_deep)

    def is_too_deep(self, path: str) -> bool:
        """Whether something in a file could not be followed, as far as is known by now."""
        return self._has_too_deep and self.judging.is_too_deep(self._module(path))

    def _extract(self, module: Module) -> Extract:
        """What the indexes take of a module."""
        path = module.path or ""
        if path not in self._extracts:
            self._extracts[path] = self._linker.reads.aside(partial(extract, module))
        return self._extracts[path]

    def _module(self, path: str) -> Module:
        module = self._linker.modules.at(path)
        assert module is not None
        return module


def _handed_on(module: Module, sites: Iterable[tuple[int, int]]) -> list[str]:
    """The functions that hand parameters of theirs to some calls."""
    scopes = module.facts.scopes
    return [name for scope, index in sites for name in handing_through(Frame(module, scope), scopes[scope].sites[index])]
