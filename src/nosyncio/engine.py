"""Source and configuration in, findings out. Prints nothing, runs nothing of what it checks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from nosyncio import findings, rules
from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.exemptions import Exemptions
from nosyncio.analysis.facts import Comment
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.fields import Fields
from nosyncio.analysis.guards import Guards
from nosyncio.analysis.inferred import Infer, Inferred
from nosyncio.analysis.installed import InstalledPackages
from nosyncio.analysis.judge import Operation, counted
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.misuse import Misuses
from nosyncio.analysis.modules import ProjectFiles
from nosyncio.analysis.places import Match, functions_named, near_names, scope_at
from nosyncio.analysis.reach import Chain, Reach
from nosyncio.analysis.repeats import FirstTimes
from nosyncio.analysis.runs import Runs
from nosyncio.analysis.statistics import Counting
from nosyncio.analysis.trails import Trails
from nosyncio.analysis.types import Module
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.answers import Answers
from nosyncio.catalogue import Catalogue
from nosyncio.config import Config, compile_globs
from nosyncio.model import AsyncLibrary, Context, Finding, Misuse, Span, Statistics, Why
from nosyncio.silence import Silence


class Checked(NamedTuple):
    """What checking a file gave: findings sorted by place, the comments that may suppress them, and why it failed if it did.
    `silencing` gives the (line, code) of its comments that take a call out of chains, wherever in the project these begin.
    `is_done`: it is async-only."""

    path: str
    findings: list[Finding]
    comments: Sequence[Comment]
    problem: str | None = None
    silencing: Callable[[], frozenset[tuple[int, str]]] = frozenset
    is_done: bool = False


class _Together:
    """What is worked out about some modules together: which of their functions run on the loop, and what those reach.

    too_deep: modules whose types are nested too deeply to be followed. followed: those whose chains have been looked for.
    """

    def __init__(self, linker: Linker, verdicts: Verdicts, fates: Fates, modules: Sequence[Module], config: Config) -> None:
        marked: Callable[[str], bool] = compile_globs(config.async_only).match_file
        self.modules = modules
        self.contexts = Contexts(linker, verdicts, fates, modules, marked, allow_init=config.allow_init)
        self.too_deep = {module for module in modules if not _within_stack(partial(self.contexts.collect, module))}
        self.silence = Silence()
        self.followed: set[Module] = set()
        guards = Guards(linker, verdicts, Fields(linker, modules), self.contexts.is_called_at_import)
        self.runs = Runs(linker, verdicts, fates, guards, modules)
        self.exemptions = Exemptions(linker, verdicts, modules)
        self.reach = Reach(
            self.contexts,
            verdicts,
            guards,
            self.runs,
            FirstTimes(linker),
            self._is_silent,
            self.exemptions.cover,
            config.max_undecided,
            config.follow_depth,
        )
        self.misuses = Misuses(linker, verdicts, self.contexts, self.reach, modules)
        self.counting = Counting(linker, self.contexts, self.runs, Trails(self.contexts, self.reach, modules))
        self.inferred = Inferred(linker, verdicts, self.contexts, guards, self.runs, self.reach, self.counting, modules)

    def silencing(self, module: Module) -> frozenset[tuple[int, str]]:
        """The comments of a module that take a call out of chains. All chains are followed to tell, those of each module once."""
        for other in self.modules:
            if other not in self.followed and other not in self.too_deep:
                self.followed.add(other)
                if not _within_stack(partial(deque, self.reach.chains(other), maxlen=0)):
                    self.too_deep.add(other)
        return self.silence.used(module.path or "")

    def _is_silent(self, operation: Operation) -> bool:
        return self.is_exempt(operation) or self.silence(operation)

    def is_exempt(self, operation: Operation) -> bool:
        """Whether what stands around an operation keeps it from blocking."""
        return self.exemptions.cover(operation, (operation.frame,))


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
        self._config = config
        self._library = config.async_library
        self._fallback = library or AsyncLibrary.ASYNCIO
        self._linker = Linker(files, config.src, Catalogue(config), installed)
        self._verdicts = Verdicts(self._linker)
        self._fates = Fates(self._linker, self._verdicts)
        self._last: _Together | None = None

    def check(self, paths: Iterable[str], project: Iterable[str] = ()) -> Iterator[Checked]:
        """What is found in each of `paths` that has facts: all codes, nothing suppressed. Files of `project` are not reported on,
        but what they register with the loop, hand to threads and override counts as well."""
        paths = list(paths)
        checked = self._modules(paths)
        together = self._together([*paths, *project])
        found = {module: self._judged(module, together) for module in checked}
        together.followed.update(checked)
        for module in checked:
            assert module.path is not None
            in_order = sorted(found[module], key=lambda finding: finding.sort_key)
            is_too_deep = module in together.too_deep or module in together.reach.too_deep
            problem = "its types are nested too deeply to be followed" if is_too_deep else None
            silencing = partial(together.silencing, module)
            is_done = together.contexts.is_async_only(module)
            yield Checked(module.path, in_order, module.facts.comments, problem, silencing, is_done)

    def inferred(self, path: str, project: Iterable[str], infer: Infer) -> list[Finding]:
        """What else is found in the file `path`, which has facts, by a front end's own inference: at calls of which `check` does
        not know what they run. Nothing is suppressed."""
        together = self._together([path, *project])
        (module,) = self._modules([path])
        found: list[Finding] = []
        if module not in together.too_deep:
            _within_stack(partial(self._infer, module, together, infer, found))
        return sorted(found, key=lambda finding: finding.sort_key)

    def _infer(self, module: Module, together: _Together, infer: Infer, found: list[Finding]) -> None:
        found += self._blocking(module, together, together.inferred.of(module, infer))

    def why(self, paths: Iterable[str], path: str, line: int, column: int | None = None) -> Why:
        """How the loop gets to a place in the file `path`, which has facts, through all of `paths`."""
        together = self._together([*paths, path])
        module = self._linker.modules.at(path)
        assert module is not None
        answers = Answers(
            self._linker,
            self._verdicts,
            together.contexts,
            together.runs,
            together.reach,
            together.modules,
            partial(self._judged, together=together),
            together.silence,
        )
        return answers.why(scope_at(module, line, column), line)

    def functions_named(self, paths: Iterable[str], name: str) -> list[Match]:
        """The functions that a dotted name may mean, by the end of their qualified names."""
        return functions_named(self._modules(paths), name)

    def near_names(self, paths: Iterable[str], name: str) -> str:
        """`; did you mean 'x'?` for the function of a similar name, or nothing."""
        return near_names(self._modules(paths), name)

    def statistics(self, paths: Iterable[str], project: Iterable[str] = ()) -> Statistics:
        """Of how many call sites in `paths` it is known what they run."""
        paths = list(paths)
        together = self._together([*paths, *project])
        return together.counting.count(self._modules(paths))

    def _modules(self, paths: Iterable[str]) -> list[Module]:
        return [module for module in map(self._linker.modules.at, paths) if module is not None]

    def _together(self, paths: Iterable[str]) -> _Together:
        modules = self._modules(sorted(set(paths)))
        if self._last is None or self._last.modules != modules:
            self._last = _Together(self._linker, self._verdicts, self._fates, modules, self._config)
        return self._last

    def _judged(self, module: Module, together: _Together) -> list[Finding]:
        """The findings of a module; none where its types are nested too deeply."""
        found: list[Finding] = []
        if module not in together.too_deep and not _within_stack(partial(self._judge, module, together, found)):
            together.too_deep.add(module)
        return [] if module in together.too_deep else found

    def _judge(self, module: Module, together: _Together, found: list[Finding]) -> None:
        operations = counted(module, together.contexts, self._verdicts)
        blocking = [*self._blocking(module, together, chain(operations, together.reach.chains(module)))]
        misused = list(together.misuses.of(module))
        lazy = {Span(*item.place) for item in misused if item.misuse is Misuse.OFFLOADED_LAZY}
        found += [finding for finding in blocking if finding.span not in lazy]
        found += [findings.of_misuse(item) for item in misused]

    def _blocking(
        self, module: Module, together: _Together, seen: Iterable[tuple[Context, Operation] | Chain]
    ) -> Iterator[Finding]:
        """The findings of what was seen to block in a module: of operations that have a code where they stand, and of chains."""
        library = self._async_library(module)
        for item in seen:
            if isinstance(item, Chain):
                if not together.exemptions.is_awaited(item):
                    yield findings.of_chain(item, library)
            else:
                context, operation = item
                if rules.code_for(operation.kind, context) is not None and not together.is_exempt(operation):
                    yield findings.of_operation(operation, context, library)

    def _async_library(self, module: Module) -> AsyncLibrary:
        if self._library is not None:
            return self._library
        tops = {name.partition(".")[0] for name in module.facts.imports}
        for library in (AsyncLibrary.TRIO, AsyncLibrary.ANYIO, AsyncLibrary.ASYNCIO):
            if library.value in tops:
                return library
        return self._fallback


def _within_stack(work: Callable[[], object]) -> bool:
    """Do `work`; False if it goes deeper than Python's stack, as types can that are made to."""
    try:
        work()
    except RecursionError:
        return False
    return True
