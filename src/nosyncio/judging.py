"""What is worked out about some modules together: which of their functions run on the loop, what those reach, what is found."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Set
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple

from nosyncio import findings, rules
from nosyncio.analysis.callers import Callers
from nosyncio.analysis.contexts import Contexts, Registered
from nosyncio.analysis.exemptions import Exemptions
from nosyncio.analysis.families import Families
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.fields import Fields
from nosyncio.analysis.graph import Graph
from nosyncio.analysis.guards import Guards
from nosyncio.analysis.index import Index
from nosyncio.analysis.inferred import Infer, Inferred
from nosyncio.analysis.judge import Operation, counted
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.misuse import Misuses
from nosyncio.analysis.overrides import Overrides
from nosyncio.analysis.patterns import Recogniser
from nosyncio.analysis.reach import Chain, Reach
from nosyncio.analysis.references import Function, References, Shared
from nosyncio.analysis.repeats import FirstTimes
from nosyncio.analysis.runs import Runs
from nosyncio.analysis.sets import NOTHING, Numbers
from nosyncio.analysis.statistics import Counting
from nosyncio.analysis.subclasses import Subclasses
from nosyncio.analysis.types import Module
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.config import Config, compile_globs
from nosyncio.model import AsyncLibrary, Context, Finding, Misuse, Span
from nosyncio.silence import Silence, Used
from nosyncio.stock import Details, Stock

REACHED = "reached"
"""Answers on what functions reach are noted by this, with the function's number in `Judging.graph`."""


class Lasting(NamedTuple):
    """What outlives the facts: which functions block, and which classes derive from which."""

    graph: Graph
    families: Families


class Judged(NamedTuple):
    """What is found in a module, sorted by place; what that hangs on: a set of `Linker.reads`."""

    findings: list[Finding]
    numbers: Numbers | bytes


class Judging:
    """Judges modules one by one, in the light of all of them.

    too_deep: modules whose types are nested too deeply to be followed.
    """

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        fates: Fates,
        index: Index,
        config: Config,
        library: AsyncLibrary,
        shared: Shared,
        lasting: Lasting | None = None,
    ) -> None:
        """index: of the modules that count. library: that of modules which import none. shared: as in `References`. lasting: what
        is known already, to which the rest is added."""
        marked: Callable[[str], bool] = compile_globs(config.async_only).match_file
        self.linker = linker
        self._verdicts = verdicts
        self._library = config.async_library
        self._fallback = library
        self.contexts = Contexts(linker, verdicts, fates, index, shared, marked, allow_init=config.allow_init)
        self.too_deep: set[Module] = set()
        self.silence = Silence(linker.reads)
        self.index = index
        self.lasting = lasting or Lasting(Graph(), Families())
        self.subclasses = subclasses = Subclasses(linker, index, self.lasting.families)
        self.guards = Guards(linker, verdicts, Fields(linker, index, subclasses), self.contexts.is_called_at_import)
        self.overrides = Overrides(linker, index, subclasses)
        self.runs = Runs(linker, verdicts, fates, self.guards, self.overrides, index)
        self.exemptions = Exemptions(linker, verdicts, index)

        self._reaches: list[Reach] = []

        def reach(is_silenced: Callable[[Operation], bool], graph: Graph, name: str) -> Reach:
            first_times, cover = FirstTimes(linker), self.exemptions.cover
            made = Reach(
                self.contexts,
                verdicts,
                self.guards,
                self.runs,
                first_times,
                is_silenced,
                cover,
                config.max_undecided,
                config.follow_depth,
                linker,
                graph,
                name,
            )
            self._reaches.append(made)
            return made

        self.reach = reach(self._is_silent, self.lasting.graph, REACHED)
        self._reach_of_all = partial(reach, self._is_exempt)
        self.misuses = Misuses(linker, verdicts, self.contexts, self.reach, index, subclasses)

    def details(self, modules: Iterable[Module]) -> Details:
        """What tells more of operations than how they stand to the loop; `modules`: those of the project. It hangs on more than
        is noted, and is for one state of the files."""
        callers = Callers(self.linker, self.contexts.references, modules)
        return Details(Recogniser(self.linker, self._verdicts, self.contexts), callers)

    def stock(self, details: Details | None = None) -> Stock:
        """What takes stock of modules."""
        return Stock(
            self.linker,
            self._verdicts,
            self.contexts,
            self._reach_of_all(Graph(), "all reached"),
            self._is_exempt,
            Silence(self.linker.reads),
            self.async_library,
            details,
            self.too_deep,
        )

    def collect(self, module: Module) -> tuple[list[Registered], Numbers]:
        """The functions that the loop calls because of what a module says, and what that hangs on. They count once
        `contexts.take` is given them: before anything is judged."""
        found: list[Registered] = []
        is_done, numbers = self.linker.reads.during(lambda: within_stack(lambda: found.extend(self.contexts.collect(module))))
        if not is_done:
            self.too_deep.add(module)
        return found, numbers

    def offloaded_by(self, module: Module) -> tuple[list[Function], Numbers]:
        """The functions that a module hands to threads, and what that hangs on."""
        return self.linker.reads.during(lambda: list(self.contexts.references.offloaded_by(module)))

    @property
    def references(self) -> References:
        return self.contexts.references

    def judged(self, module: Module) -> Judged:
        """The findings of a module; none where its types are nested too deeply."""
        found: list[Finding] = []
        is_done, numbers = self.linker.reads.during(
            lambda: module not in self.too_deep and within_stack(lambda: self._judge(module, found))
        )
        if not is_done:
            self.too_deep.add(module)
            found = []
        return Judged(sorted(found, key=lambda finding: finding.sort_key), numbers)

    def followed(self, module: Module) -> Judged:
        """The same of its chains alone, but for the findings."""
        if module in self.too_deep:
            return Judged([], NOTHING)
        is_done, numbers = self.linker.reads.during(lambda: within_stack(lambda: deque(self.reach.chains(module), maxlen=0)))
        if not is_done:
            self.too_deep.add(module)
        return Judged([], numbers)

    def used(self, hung_on: Iterable[Numbers | bytes]) -> list[Used]:
        """The comments that take calls out of chains, of all modules whose results hang on these sets."""
        numbers = {number for numbers in hung_on for number in self.linker.reads.members(numbers)}
        comments = self.silence.noted()
        wanted = frozenset(comments)
        found = wanted.intersection(numbers) | self.reach.settling.below(numbers, wanted)
        return [comments[number] for number in sorted(found)]

    def renewed(self, stale: Set[int]) -> set[int]:
        """What is said of functions that may be another, as a set, because `stale` is."""
        found: set[int] = set()
        for reach in self._reaches:
            found |= reach.renewed(stale)
        return found

    def is_too_deep(self, module: Module) -> bool:
        """Whether something in a module could not be followed, as far as is known by now."""
        return module in self.too_deep or module in self.reach.too_deep

    def inferred(self, module: Module, infer: Infer) -> list[Finding]:
        """The findings of what is seen to block in a module with somebody else's inference."""
        found: list[Finding] = []
        if module not in self.too_deep:
            within_stack(lambda: found.extend(self._blocking(module, self._inferred.of(module, infer))))
        return sorted(found, key=lambda finding: finding.sort_key)

    @cached_property
    def _inferred(self) -> Inferred:
        counting = Counting(self.linker, self.contexts, self.runs)
        return Inferred(self.linker, self._verdicts, self.contexts, self.guards, self.runs, self.reach, counting, self.index)

    # ------------------------------------------------------------------------------------------------------------- one module

    def _judge(self, module: Module, found: list[Finding]) -> None:
        operations = counted(module, self.contexts, self._verdicts)
        blocking = [*self._blocking(module, chain(operations, self.reach.chains(module)))]
        misused = list(self.misuses.of(module))
        lazy = {Span(*item.place) for item in misused if item.misuse is Misuse.OFFLOADED_LAZY}
        found += [finding for finding in blocking if finding.span not in lazy]
        found += [findings.of_misuse(item) for item in misused]

    def _blocking(self, module: Module, seen: Iterable[tuple[Context, Operation] | Chain]) -> Iterator[Finding]:
        """The findings of what was seen to block in a module: of operations that have a code where they stand, and of chains."""
        library = self.async_library(module)
        for item in seen:
            if isinstance(item, Chain):
                if not self.exemptions.is_awaited(item):
                    # The module hangs on the functions that it calls, which stand for what lies behind them.
                    yield self.linker.reads.aside(partial(findings.of_chain, item, library))
            else:
                context, operation = item
                if rules.code_for(operation.kind, context) is not None and not self._is_exempt(operation):
                    yield findings.of_operation(operation, context, library)

    def async_library(self, module: Module) -> AsyncLibrary:
        """The async library that a module is written for."""
        if self._library is not None:
            return self._library
        tops = {name.partition(".")[0] for name in module.facts.imports}
        for library in (AsyncLibrary.TRIO, AsyncLibrary.ANYIO, AsyncLibrary.ASYNCIO):
            if library.value in tops:
                return library
        return self._fallback

    def is_in_way(self, is_on: Callable[[str, str], bool], operation: Operation) -> bool:
        """Whether an operation would be reported in loop code. is_on: whether findings with a code in a file count."""
        code = rules.code_for(operation.kind, Context.ASYNC_BODY)
        return code is not None and is_on(code.code, operation.frame.module.path or "") and not self._is_silent(operation)

    def _is_silent(self, operation: Operation) -> bool:
        return self._is_exempt(operation) or self.silence(operation)

    def _is_exempt(self, operation: Operation) -> bool:
        """Whether what stands around an operation keeps it from blocking."""
        return self.exemptions.cover(operation, (operation.frame,))


def within_stack(work: Callable[[], object]) -> bool:
    """Do `work`; False if it goes deeper than Python's stack, as types can that are made to."""
    try:
        work()
    except RecursionError:
        return False
    return True
