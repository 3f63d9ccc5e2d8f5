"""The inventory as Markdown tables, for an issue or a wiki."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nosyncio.catalogue.patterns import patterns
from nosyncio.inventory import Group, Inventory, IoOperation
from nosyncio.model import as_text
from nosyncio.report.inventory_text import STANDINGS, percent
from nosyncio.report.style import shown


def render(inventory: Inventory) -> str:
    blocks = ["# I/O operations", *_summary(inventory)]
    if inventory.operations:
        blocks += ["## By kind", _groups("kind", inventory.by_kind), "## By package", _groups("package", inventory.by_package)]
    if inventory.by_pattern:
        blocks += ["## By pattern", _patterns(inventory.by_pattern), "## By module"]
        for group in inventory.by_module:
            left = [operation for operation in group.operations if operation.is_left]
            if left:
                blocks += [f"### {_cell(group.name)}", _operations(left)]
    if inventory.not_analysed:
        rows = [(_cell(item.path), str(item.line or ""), _cell(item.reason)) for item in inventory.not_analysed]
        blocks += ["## Not analysed", _table(("file", "line", "why"), rows)]
    return "\n\n".join(blocks) + "\n"


def _summary(inventory: Inventory) -> Iterator[str]:
    whole = inventory.whole
    coverage = whole.coverage
    if not inventory.operations:
        yield f"No I/O in {inventory.files} files."
        return
    yield f"Async coverage: **{percent(coverage)}**, {coverage.done} of {coverage.total} in {inventory.files} files."
    numbers = [str(whole.standing(standing)) for standing in STANDINGS]
    yield _table((*(standing.value for standing in STANDINGS), "allowed"), [(*numbers, str(whole.allowed))])


def _groups(noun: str, groups: Iterable[Group]) -> str:
    rows = [(_cell(group.name), str(group.left), str(group.coverage.done), percent(group.coverage)) for group in groups]
    return _table((noun, "left", "done", "coverage"), rows)


def _patterns(groups: Iterable[Group]) -> str:
    rows = []
    for group in groups:
        pattern = patterns().named(group.name)
        instead = "<br>".join(map(_code, group.rewrites))
        rows.append((pattern.title, pattern.group, str(group.left), str(len(group.paths)), instead))
    return _table(("pattern", "group", "left", "modules", "instead"), rows)


def _operations(operations: Iterable[IoOperation]) -> str:
    rows = [
        (
            str(operation.span.line),
            _code(operation.function) if operation.function else "",
            _code(operation.callee),
            operation.kind.label,
            "" if operation.pattern is None else patterns().named(operation.pattern).title,
            operation.standing.value if not operation.hops else f"{operation.standing.value}, {operation.hops}",
            "<br>".join(map(_code, operation.callers)),
            _cell(operation.instead or ""),
        )
        for operation in operations
    ]
    return _table(("line", "function", "call", "kind", "pattern", "loop", "callers", "instead"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _code(text: str) -> str:
    return f"`{shown(as_text(text)).replace('|', chr(92) + '|')}`"


def _cell(text: str) -> str:
    """Text of which nothing is markup."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|" else char for char in shown(as_text(text)))
