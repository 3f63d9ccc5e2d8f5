"""Source and configuration in, findings out. Prints nothing, runs nothing of what it checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from nosyncio.analysis.accounts import Account, Accounts
from nosyncio.analysis.conversions import Conversions
from nosyncio.analysis.extract import extract
from nosyncio.analysis.facts import Comment
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.index import Entries, Index
from nosyncio.analysis.inferred import Infer
from nosyncio.analysis.installed import InstalledPackages
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.mentions import mentions
from nosyncio.analysis.modules import ProjectFiles
from nosyncio.analysis.obstacles import Obstacles
from nosyncio.analysis.places import Match, functions_named, near_names, scope_at
from nosyncio.analysis.references import Shared
from nosyncio.analysis.statistics import Counting
from nosyncio.analysis.trails import Trails
from nosyncio.analysis.types import Frame, Module
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.answers import Answers
from nosyncio.catalogue import Catalogue
from nosyncio.checked import Checked
from nosyncio.config import Config
from nosyncio.inventory import IoOperation
from nosyncio.judging import Judged, Judging
from nosyncio.model import AsyncLibrary, Context, Finding, Statistics, Why
from nosyncio.plan import Obstacle, Step
from nosyncio.planner import Planner
from nosyncio.planning import Items
from nosyncio.shares import judged
from nosyncio.silence import by_file
from nosyncio.stock import settled, shortest


class Stocked(NamedTuple):
    """What taking stock of a file gave: its I/O in source order, of all kinds; the comments that may allow some of it; whether
    the file is async-only; why it failed if it did."""

    path: str
    operations: list[IoOperation]
    comments: Sequence[Comment]
    is_done: bool
    problem: str | None = None


TOO_DEEP = "its types are nested too deeply to be followed"


class _Settings(NamedTuple):
    config: Config
    fallback: AsyncLibrary


class Engine:
    """Checks files of one project. What it works out about names and types is kept between calls of `check`, and what runs where
    as long as it is asked about the same files: a result depends on the files of its own call alone."""

    def __init__(
        self,
        files: ProjectFiles,
        config: Config,
        library: AsyncLibrary | None = None,
        installed: InstalledPackages | None = None,
    ) -> None:
        """`library` is the async library of modules that import none, `installed` what calls are followed into."""
        self._settings = _Settings(config, library or AsyncLibrary.ASYNCIO)
        self._linker = Linker(files, config.src, Catalogue(config), installed=installed)
        self._verdicts = Verdicts(self._linker)
        self._fates = Fates(self._linker, self._verdicts)
        self._accounts = Accounts(self._linker, self._verdicts)
        self._last: _Together | None = None

    def check(self, paths: Iterable[str], project: Iterable[str] = (), *, jobs: int = 1) -> Iterator[Checked]:
        """What is found in each of `paths` that has facts: all codes, nothing suppressed. Files of `project` are not reported on,
        but what they register with the loop, hand to threads and override counts as well. `jobs` is how many processes judge,
        where that pays."""
        paths = list(paths)
        checked = self._modules(paths)
        together = self._together([*paths, *project])
        found = together.all_judged(checked, jobs)
        for module in checked:
            assert module.path is not None
            problem = TOO_DEEP if together.judging.is_too_deep(module) else None
            silencing = partial(together.silencing, module.path)
            is_done = together.judging.contexts.is_async_only(module)
            yield Checked(module.path, found[module], module.facts.comments, problem, silencing, is_done)

    def inferred(self, path: str, project: Iterable[str], infer: Infer) -> list[Finding]:
        """What else is found in the file `path`, which has facts, by a front end's own inference: at calls of which `check` does
        not know what they run. Nothing is suppressed."""
        together = self._together([path, *project])
        (module,) = self._modules([path])
        return together.judging.inferred(module, infer)

    def why(self, paths: Iterable[str], path: str, line: int, column: int | None = None) -> Why:
        """How the loop gets to a place in the file `path`, which has facts, through all of `paths`."""
        together = self._together([*paths, path])
        module = self._linker.modules.at(path)
        assert module is not None
        answers = Answers(
            self._linker,
            self._verdicts,
            together.judging.contexts,
            together.judging.runs,
            together.judging.reach,
            together.modules,
            together.judged,
            together.judging.silence,
        )
        return answers.why(scope_at(module, line, column), line)

    def accounts(self, path: str, function: str) -> list[Account]:
        """What the catalogue says of each call in the body of a function, which stands at the top level of the file `path`."""
        (module,) = self._modules([path])
        frames = [Frame(module, number) for number in range(len(module.facts.scopes))]
        (frame,) = (frame for frame in frames if module.facts.qualified_name(frame.number) == function)
        return list(self._accounts.of(frame))

    def functions_named(self, paths: Iterable[str], name: str) -> list[Match]:
        """The functions that a dotted name may mean, by the end of their qualified names."""
        return functions_named(self._modules(paths), name)

    def near_names(self, paths: Iterable[str], name: str) -> str:
        """`; did you mean 'x'?` for the function of a similar name, or nothing."""
        return near_names(self._modules(paths), name)

    def inventory(self, paths: Iterable[str], project: Iterable[str] = ()) -> Iterator[Stocked]:
        """All I/O in each of `paths` that has facts, sync and async, with the loop code and the callers in `project` in mind."""
        paths = list(paths)
        together = self._together([*paths, *project])
        judging = together.judging
        stock = judging.stock(judging.details(together.modules))
        ways = shortest([stock.ways(module) for module in together.modules])
        for module in self._modules(paths):
            assert module.path is not None
            found = settled(stock.of(module), ways)
            problem = TOO_DEEP if stock.is_too_deep(module) else None
            yield Stocked(module.path, found, module.facts.comments, judging.contexts.is_async_only(module), problem)

    def statistics(self, paths: Iterable[str], project: Iterable[str] = ()) -> Statistics:
        """Of how many call sites in `paths` it is known what they run."""
        paths = list(paths)
        together = self._together([*paths, *project])
        counting = Counting(self._linker, together.judging.contexts, together.judging.runs)
        trails = Trails(together.judging.contexts, together.judging.reach, together.modules)
        return counting.count(self._modules(paths), trails)

    def plan(
        self, paths: Iterable[str], project: Iterable[str], wanted: Iterable[Finding], is_on: Callable[[str, str], bool]
    ) -> tuple[Step, ...]:
        """In which steps to get rid of `wanted`, findings in `paths`, by making functions async wherever in the project they are.
        is_on: whether findings with a code in a file count."""
        together, wanted = self._together([*paths, *project]), tuple(wanted)
        judging = together.judging
        obstacles = Obstacles(self._linker, judging.contexts, judging.overrides)
        parts = (self._linker, self._verdicts, judging.contexts, judging.runs, judging.reach, obstacles)
        conversions = Conversions(*parts, partial(judging.is_in_way, is_on))
        in_sync_code = (self._around(finding) for finding in wanted if finding.context is Context.ASYNC_ONLY)
        roots = (self._linker.names.function_around(frame) for frame in in_sync_code)
        modules = [module for module in together.modules if module not in judging.too_deep]
        conversions.follow(modules, [root for root in roots if root is not None and not root.frame.scope.is_async])
        mentioned = partial(mentions, self._linker, judging.runs, modules)
        items = Items(obstacles, judging.async_library)
        obstacle_at = partial(self._obstacle_at, conversions)
        return tuple(Planner(conversions, mentioned, items, obstacle_at, wanted).steps())

    def _around(self, finding: Finding) -> Frame:
        module = self._linker.modules.at(finding.path)
        assert module is not None
        return scope_at(module, finding.span.line, finding.span.column)

    def _obstacle_at(self, conversions: Conversions, finding: Finding) -> Obstacle | None:
        """What is in the way of mending a finding where it stands."""
        if finding.context is None:
            return None
        around = self._linker.names.function_around(self._around(finding))
        if around is None:
            return Obstacle.MODULE
        if around.frame.scope.is_async:
            return None
        return conversions.obstacle(around) or (Obstacle.SYNC if finding.context is Context.ASYNC_ONLY else Obstacle.CALLBACK)

    def _modules(self, paths: Iterable[str]) -> list[Module]:
        return [module for module in map(self._linker.modules.at, paths) if module is not None]

    def _together(self, paths: Iterable[str]) -> _Together:
        modules = self._modules(sorted(set(paths)))
        if self._last is None or self._last.modules != modules:
            self._last = _Together(self._linker, self._verdicts, self._fates, modules, self._settings)
        return self._last


class _Together:
    """The judgement of some modules, with the comments that take calls out of the chains of any of them."""

    def __init__(self, linker: Linker, verdicts: Verdicts, fates: Fates, modules: Sequence[Module], made: _Settings) -> None:
        self.modules = modules
        extracts = {module: linker.reads.aside(partial(extract, module)) for module in modules}
        entries = Entries()
        for module in modules:
            entries.add(module.path or "", extracts[module].entries())
            linker.catalogue.load(extracts[module].imports)
        index = Index(entries, linker.reads, linker.modules.at, extracts.__getitem__)
        judging = self.judging = Judging(linker, verdicts, fates, index, made.config, made.fallback, Shared(lambda: modules, {}))
        judging.contexts.take([item for module in modules for item in judging.collect(module)[0]])
        self._followed: dict[Module, Judged] = {}
        self._used: Mapping[str, frozenset[tuple[int, str]]] = {}
        self._looked_at = -1

    def judged(self, module: Module) -> list[Finding]:
        """The findings of a module."""
        judged = self._followed[module] = self.judging.judged(module)
        return judged.findings

    def all_judged(self, modules: Sequence[Module], jobs: int) -> dict[Module, list[Finding]]:
        """The findings of each module."""
        found = judged(self.judging, modules, jobs)
        self._followed.update(found)
        return {module: item.findings for module, item in found.items()}

    def silencing(self, path: str) -> frozenset[tuple[int, str]]:
        """The comments of a file that take a call out of chains. All chains are followed to tell, those of each module once."""
        if self._looked_at < len(self.modules):
            for module in self.modules:
                if module not in self._followed:
                    self._followed[module] = self.judging.followed(module)
            self._used = by_file(self.judging.used(judged.numbers for judged in self._followed.values()))
            self._looked_at = len(self._followed)
        return self._used.get(path, frozenset())
