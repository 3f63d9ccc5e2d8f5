"""Source and configuration in, findings out. Prints nothing, runs nothing of what it checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from nosyncio import findings
from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.facts import Comment
from nosyncio.analysis.fates import Fates
from nosyncio.analysis.judge import counted
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.modules import ProjectFiles
from nosyncio.analysis.reach import Reach
from nosyncio.analysis.runs import Runs
from nosyncio.analysis.types import Module
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.catalogue import Catalogue
from nosyncio.config import Config, compile_globs
from nosyncio.model import AsyncLibrary, Finding
from nosyncio.silence import Silence


class Checked(NamedTuple):
    """What checking a file gave: findings sorted by place, the comments that may suppress them, and why it failed if it did.
    `silencing`: the (line, code) of its comments that took a call out of chains."""

    path: str
    findings: list[Finding]
    comments: Sequence[Comment]
    problem: str | None = None
    silencing: frozenset[tuple[int, str]] = frozenset()


class Engine:
    """Checks files of one project. What it works out about names and types is kept between calls of `check`; what runs where
    is asked anew in each, so that a result depends on the files of its own call alone."""

    def __init__(self, files: ProjectFiles, config: Config, library: AsyncLibrary | None = None) -> None:
        """`library` is the async library of modules that import none."""
        self._config = config
        self._library = config.async_library
        self._fallback = library or AsyncLibrary.ASYNCIO
        self._linker = Linker(files, config.src, Catalogue(config))
        self._verdicts = Verdicts(self._linker)
        self._fates = Fates(self._linker, self._verdicts)
        self._marked: Callable[[str], bool] = compile_globs(config.async_only).match_file

    def check(self, paths: Iterable[str], project: Iterable[str] = ()) -> Iterator[Checked]:
        """What is found in each of `paths` that has facts: all codes, nothing suppressed. Files of `project` are not reported on,
        but what they register with the loop, hand to threads and override counts as well."""
        checked = self._modules(paths)
        known = list(dict.fromkeys([*checked, *self._modules(project)]))
        contexts = Contexts(self._linker, self._verdicts, self._fates, known, self._marked, allow_init=self._config.allow_init)
        too_deep = {module for module in known if not _within_stack(partial(contexts.collect, module))}
        silence = Silence()
        reach = Reach(contexts, self._verdicts, Runs(self._linker, self._verdicts, self._fates, known), silence)
        found: dict[Module, list[Finding]] = {}
        for module in checked:
            found[module] = []
            if module not in too_deep and not _within_stack(partial(self._judge, module, contexts, reach, found[module])):
                too_deep.add(module)
                found[module] = []
        too_deep.update(reach.too_deep)
        for module in checked:
            assert module.path is not None
            in_order = sorted(found[module], key=lambda finding: finding.sort_key)
            problem = "its types are nested too deeply to be followed" if module in too_deep else None
            yield Checked(module.path, in_order, module.facts.comments, problem, silence.used(module.path))

    def _modules(self, paths: Iterable[str]) -> list[Module]:
        return [module for module in map(self._linker.modules.at, paths) if module is not None]

    def _judge(self, module: Module, contexts: Contexts, reach: Reach, found: list[Finding]) -> None:
        library = self._async_library(module)
        for context, operation in counted(module, contexts, self._verdicts):
            found.append(findings.of_operation(operation, context, library))
        found += [findings.of_chain(chain, library) for chain in reach.chains(module)]

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
