"""One look at all I/O of a project, as every front end that reports on it takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nosyncio import fingerprints, rules
from nosyncio.config import Located
from nosyncio.engine import Stocked
from nosyncio.inventory import Inventory, IoOperation, Standing
from nosyncio.model import Context, Finding, Kind, NotAnalysed
from nosyncio.run import Moved
from nosyncio.sources import Sources
from nosyncio.store import Store
from nosyncio.suppress import Selection, apply_comments


def inventory(
    located: Located,
    targets: Iterable[Path],
    *,
    base: Path,
    store: Store | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Inventory:
    """All I/O below `targets`, of the kinds that the project has selected. Paths are relative to `base`; store: where it is kept
    what runs found; `progress` is told how many files of how many are read. A baseline hides nothing here: what it lists is left
    to do."""
    sources = Sources(located, targets, store)
    sources.read(jobs, progress)
    sources.files.store_all(sources.project)
    moving = Moved(located.root, base)
    found: list[IoOperation] = []
    failures: list[NotAnalysed] = list(sources.unlisted)
    for stocked in sources.engine.inventory(sources.paths, sources.project):
        found += map(moving.operation, wanted(stocked, sources.selection))
        if stocked.problem is not None:
            failures.append(NotAnalysed(stocked.path, None, stocked.problem))
    marked = map(fingerprints.marked_failure, sources.reported(failures, sources.files.failures.values()))
    return Inventory(
        operations=tuple(sorted(found, key=lambda operation: operation.sort_key)),
        not_analysed=tuple(sorted((moving.failure(item) for item in marked), key=lambda item: item.path)),
        files=len(sources.paths),
    )


def wanted(stocked: Stocked, selection: Selection) -> Iterator[IoOperation]:
    """The operations of the kinds that count in a file, those that a comment allows marked."""
    counts: dict[Kind, bool] = {}
    for operation in stocked.operations:
        kind = operation.kind
        if kind not in counts:
            codes = {code.code for context in Context if (code := rules.code_for(kind, context)) is not None}
            counts[kind] = any(selection.includes(code, stocked.path) for code in codes)
        if counts[kind]:
            yield replace(operation, is_allowed=True) if _is_suppressed(operation, stocked) else operation


def _is_suppressed(operation: IoOperation, stocked: Stocked) -> bool:
    """Whether a comment suppresses what `check` would report of an operation where it stands."""
    if operation.standing is Standing.ON_LOOP:
        context = Context.ASYNC_BODY
    elif operation.standing is Standing.UNREACHED and stocked.is_done:
        context = Context.ASYNC_ONLY
    else:
        return False
    code = rules.code_for(operation.kind, context)
    if not stocked.comments or code is None:
        return False
    finding = Finding(
        code.code,
        code.name,
        operation.kind,
        context,
        operation.path,
        operation.span,
        operation.function,
        operation.callee,
        message="",
    )
    return finding not in apply_comments(stocked.path, [finding], stocked.comments, lambda code: False)
