"""A state of a project that is checked again and again: what is known of it, and what finds out the rest."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property, partial
from typing import NamedTuple, Protocol

from nosyncio.analysis.contexts import Registered
from nosyncio.analysis.extract import Extract, extract
from nosyncio.analysis.facts import Comment, ModuleFacts
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.index import Entries, Index
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.modules import ProjectFiles, StubReader
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.references import Function, Hands, References, Shared, handing_through
from nosyncio.analysis.types import Frame, Module, Origin
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.asked import Answers, Folders
from nosyncio.catalogue import Catalogue
from nosyncio.config import Config
from nosyncio.judging import Judging
from nosyncio.model import AsyncLibrary, Finding
from nosyncio.silence import Used


class VersionedFiles(ProjectFiles, Folders, Protocol):
    """The code under check, in one of the states that it has over time."""

    def facts_at(self, version: Hashable) -> ModuleFacts | None:
        """The facts that were made from an earlier version of a file, if they are still known."""


class Asked:
    """Files, with every answer that they gave to the question what there is, and the version of every file that was read."""

    def __init__(self, files: VersionedFiles, answers: Answers) -> None:
        """`answers`: what was answered before, and is so still but for the versions of files."""
        self.files = files
        self._answers = answers

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


class Numbers:
    """A set of `Reads`, to look whether others have something in common with it."""

    def __init__(self, numbers: int) -> None:
        self.bits = numbers

    @cached_property
    def members(self) -> frozenset[int]:
        return frozenset(_members(self.bits))


def hangs_on(numbers: int | bytes, stale: Numbers) -> bool:
    """Whether a set of `Reads`, in either form, has something in common with another."""
    if isinstance(numbers, int):
        return numbers & stale.bits != 0
    return not stale.members.isdisjoint(array("I", numbers))


def packed(numbers: int | bytes) -> bytes:
    """The other form: the members alone, four bytes each. Most sets have few of many."""
    return numbers if isinstance(numbers, bytes) else array("I", _members(numbers)).tobytes()


def _members(numbers: int) -> Iterable[int]:
    digits = bin(numbers)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


class Collected(NamedTuple):
    """What `Judging.collect` gave for a file, and what that hangs on."""

    registered: list[Registered]
    numbers: int | bytes


class Offloading(NamedTuple):
    """The functions that a file hands to threads, and what that hangs on."""

    functions: list[Function]
    numbers: int | bytes


class Followed(NamedTuple):
    """What the chains of a file hang on, and the comments that take calls out of them."""

    numbers: int | bytes
    used: list[Used]


class Result(NamedTuple):
    """What is found in a file, with its comments; what that hangs on, and the comments that take calls out of its chains."""

    findings: list[Finding]
    comments: Sequence[Comment]
    is_done: bool
    numbers: int | bytes
    used: list[Used]


class Before:
    """What is known of a project in some state, and outlives the facts.

    present: the files that have facts. entries: the indexes. libraries: those that the catalogue speaks of. handing: the words of
    `References.handing`. offloading: of all files, once somebody has asked. judged: results, by path.
    """

    def __init__(self, reads: Reads, project: tuple[str, ...], answers: Answers, entries: Entries, hands: Hands) -> None:
        self.reads = reads
        self.project = project
        self.answers = answers
        self.entries = entries
        self.hands = hands
        self.present: set[str] = set()
        self.libraries: frozenset[str] = frozenset()
        self.handing: frozenset[str] = frozenset()
        self.collected: dict[str, Collected] = {}
        self.offloading: dict[str, Offloading] = {}
        self.judged: dict[str, Result] = {}
        self.followed: dict[str, Followed] = {}

    def loop_called(self) -> set[Function]:
        """The functions that the loop calls."""
        return {item.function for path in self.present for item in self.collected[path].registered}

    def offloaded(self) -> set[Function]:
        """The functions that are handed to threads, as far as somebody has asked."""
        return {function for item in self.offloading.values() for function in item.functions}


class Settings(NamedTuple):
    """What does not change from state to state."""

    config: Config
    library: AsyncLibrary
    stubs: StubReader


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
    """A state of the project. `known`: what is known of it so far."""

    def __init__(self, files: Asked, known: Before, settings: Settings) -> None:
        self.files = files
        self.known = known
        self._settings = settings
        self._linker = Linker(files, settings.config.src, Catalogue(settings.config), known.reads, settings.stubs)
        self.present = known.present = {path for path in known.project if files.has_facts(path)}
        self._extracts: dict[Module, Extract] = {}

    def extract(self, module: Module) -> Extract:
        """What the indexes take of a module."""
        known = self._extracts.get(module)
        if known is None:
            known = self._extracts[module] = self._linker.reads.aside(partial(extract, module))
        return known

    def extract_at(self, path: str) -> Extract:
        return self.extract(self._module(path))

    def entries_of(self, path: str, facts: ModuleFacts) -> frozenset[tuple[str, str]]:
        """The index entries of other facts than those that a file has now."""
        return extract(Module(path, lambda: facts, Origin.PROJECT, path)).entries()

    def hands_after(self, before: Hands, changed: set[str]) -> Hands:
        """What hands what on, as it was but for some files."""
        hands = {word: {path: names for path, names in files.items() if path not in changed} for word, files in before.items()}
        for path in changed & self.present:
            module = self._module(path)
            for word, sites in self.extract(module).calls.items():
                if word in hands:
                    names = self._linker.reads.aside(partial(_handed_on, module, sites))
                    hands[word].update({path: names} if names else {})
        return hands

    def start(self) -> None:
        """Make what judges."""
        self._linker.catalogue.load(sorted(self.known.entries.names("imports")))
        verdicts = Verdicts(self._linker)
        fates = Fates(self._linker, verdicts)
        index = Index(self.known.entries, self._linker.reads, self._linker.modules.at, self.extract)
        config, library = self._settings.config, self._settings.library
        self._judging = Judging(self._linker, verdicts, fates, index, config, library, _Shared(self))
        self.known.libraries = self._linker.catalogue.spoken_for
        self.known.handing = frozenset(self._judging.contexts.references.handing())

    def finish(self) -> None:
        """Collect what is not collected yet, so that judging can begin."""
        collected = self.known.collected
        for path in sorted(self.present - collected.keys()):
            collected[path] = Collected(*self._judging.collect(self._module(path)))
        self._judging.contexts.take([item for path in sorted(self.present) for item in collected[path].registered])

    def offloaded(self) -> set[Function]:
        """The functions that are handed to threads: files of which that is not known are looked through."""
        known = self.known.offloading
        for path in sorted(self.present - known.keys()):
            known[path] = Offloading(*self._judging.offloaded_by(self._module(path)))
        return self.known.offloaded()

    def judge(self, path: str) -> None:
        """Find out what is found in a file."""
        module = self._module(path)
        judged = self._judging.judged(module)
        is_done, numbers = self._linker.reads.during(lambda: self._judging.contexts.is_async_only(module))
        comments = module.facts.comments
        self.known.judged[path] = Result(judged.findings, comments, is_done, judged.numbers | numbers, judged.used)

    def used_by(self, path: str) -> list[Used]:
        """The comments that take calls out of the chains of a file."""
        result = self.known.judged.get(path)
        if result is not None:
            return result.used
        if path not in self.known.followed:
            followed = self._judging.followed(self._module(path))
            self.known.followed[path] = Followed(followed.numbers, followed.used)
        return self.known.followed[path].used

    @property
    def has_too_deep(self) -> bool:
        """Whether something could not be followed."""
        return bool(self._judging.too_deep or self._judging.reach.too_deep)

    def is_too_deep(self, path: str) -> bool:
        """Whether something in a file could not be followed, as far as is known by now."""
        return self.has_too_deep and self._judging.is_too_deep(self._module(path))

    def _module(self, path: str) -> Module:
        module = self._linker.modules.at(path)
        assert module is not None
        return module


def _handed_on(module: Module, sites: Iterable[tuple[int, int]]) -> list[str]:
    """The functions that hand parameters of theirs to some calls."""
    scopes = module.facts.scopes
    return [name for scope, index in sites for name in handing_through(Frame(module, scope), scopes[scope].sites[index])]
