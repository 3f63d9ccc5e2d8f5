"""Source and configuration in, findings out. Prints nothing, runs nothing of what it checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from nosyncio import rules
from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.facts import Comment
from nosyncio.analysis.judge import Operation, operations
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.modules import ProjectFiles
from nosyncio.analysis.types import Module
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.catalogue import Catalogue
from nosyncio.catalogue.replacement import replacements
from nosyncio.config import Config, compile_globs
from nosyncio.model import AsyncLibrary, Context, Finding, Related, Span


class Checked(NamedTuple):
    """What checking a file gave: findings sorted by place, the comments that may suppress them, and why it failed if it did."""

    path: str
    findings: list[Finding]
    comments: Sequence[Comment]
    problem: str | None = None


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
        self._marked: Callable[[str], bool] = compile_globs(config.async_only).match_file

    def check(self, paths: Iterable[str]) -> Iterator[Checked]:
        """What is found in each of `paths` that has facts: all codes, nothing suppressed."""
        modules = [module for module in map(self._linker.modules.at, paths) if module is not None]
        contexts = Contexts(self._linker, self._verdicts, modules, self._marked, allow_init=self._config.allow_init)
        too_deep = {module for module in modules if not _within_stack(partial(contexts.collect, module))}
        for module in modules:
            assert module.path is not None
            found: list[Finding] = []
            if module in too_deep or not _within_stack(partial(self._judge, module, contexts, found)):
                yield Checked(module.path, [], module.facts.comments, "its types are nested too deeply to be followed")
            else:
                yield Checked(module.path, sorted(found, key=lambda finding: finding.sort_key), module.facts.comments)

    def _judge(self, module: Module, contexts: Contexts, found: list[Finding]) -> None:
        found.extend(self._finding(module, operation) for operation in operations(module, contexts, self._verdicts))

    def _finding(self, module: Module, operation: Operation) -> Finding:
        kind, context = operation.kind, operation.context
        code = rules.code_for(kind, context)
        callee = operation.first.verdict.name
        instead = replacements(operation.first.verdict, self._async_library(module))
        advice = " or ".join(f"`{name}`" for name in instead)
        related = tuple(sorted(Related(item.place[0], item.place[1], item.verdict.name) for item in operation.further))
        assert module.path is not None
        return Finding(
            code=code.code,
            name=code.name,
            kind=kind,
            context=context,
            path=module.path,
            span=Span(*operation.first.place),
            function=operation.function,
            callee=callee,
            message=f"{_subject(callee)} blocks {_where(operation)}; use {advice}",
            instead=" or ".join(instead),
            related=related,
        )

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


def _subject(callee: str) -> str:
    """The blocking call as people write it: built-ins without their module, special methods as the syntax that runs them."""
    owner, _, last = callee.removeprefix("builtins.").rpartition(".")
    if last in ("__enter__", "__exit__"):
        return f"`with {owner}`"
    if last in ("__iter__", "__next__"):
        return f"iterating `{owner}`"
    if last in ("__getitem__", "__setitem__", "__delitem__"):
        return f"`{owner}[...]`"
    if last == "__contains__":
        return f"`in {owner}`"
    return f"`{owner}.{last}`" if owner else f"`{last}`"


def _where(operation: Operation) -> str:
    function = operation.function
    if operation.context is Context.ASYNC_ONLY:
        return f"in {function!r}, in an async-only module" if function else "in an async-only module"
    return f"the event loop in {function!r}" if function else "the event loop"
