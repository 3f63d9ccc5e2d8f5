"""The inventory for people: totals, coverage, patterns with what to write instead, and each operation that is left to do."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeAlias

from nosyncio.catalogue.patterns import patterns
from nosyncio.inventory import Coverage, Group, Inventory, IoOperation, Standing
from nosyncio.report.drawing import TAB, count
from nosyncio.report.style import Paint, Part, shown

Order: TypeAlias = Literal["module", "pattern", "none"]
"""What the list of operations is sorted by; `none` for no list."""

_STANDINGS = {
    Standing.ON_LOOP: "on the loop",
    Standing.REACHED: "reached from it",
    Standing.UNREACHED: "not reached",
    Standing.OFFLOADED: "in threads",
    Standing.ASYNC: "async",
}
_MOST_CALLERS = 2
_WIDTH = 80


def render(inventory: Inventory, paint: Paint, order: Order = "module") -> str:
    lines = [*_head(inventory, paint)]
    if inventory.operations:
        lines += ["", *_table("by kind", inventory.by_kind, paint)]
        if len(inventory.by_package) > 1:
            lines += ["", *_table("by package", inventory.by_package, paint)]
    if inventory.by_pattern:
        lines += ["", *_patterns(inventory.by_pattern, paint)]
        lines += _modules(inventory, paint) if order == "module" else _by_pattern(inventory, paint) if order == "pattern" else []
    if inventory.not_analysed:
        lines += ["", *(_not_analysed(item.path, item.line, item.reason, paint) for item in inventory.not_analysed)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _head(inventory: Inventory, paint: Paint) -> Iterator[str]:
    whole = inventory.whole
    if not inventory.operations:
        yield f"no I/O in {count(inventory.files, 'file')}"
        return
    coverage = whole.coverage
    part = Part.GOOD if coverage.done == coverage.total else Part.BAD
    yield (
        f"{paint(f'async coverage {percent(coverage)}', part)}: {coverage.done} of {count(coverage.total, 'I/O operation')} in "
        + (count(inventory.files, "file"))
    )
    said = [f"{number} {word}" for standing, word in _STANDINGS.items() if (number := whole.standing(standing))]
    yield f"{TAB}{', '.join(said)}" + (f"; {whole.allowed} more allowed to stay" if whole.allowed else "")


def percent(coverage: Coverage) -> str:
    """A share for people. 100 % and 0 % are said only where they are meant."""
    if coverage.share is None:
        return "-"
    return f"{min(max(coverage.share, 0.001 if coverage.done else 0), 0.999 if coverage.done < coverage.total else 1):.1%}"


def _table(title: str, groups: Iterable[Group], paint: Paint) -> Iterator[str]:
    groups = list(groups)
    width = min(max(len(title), *(len(shown(group.name)) + len(TAB) for group in groups)), 46)
    yield f"{paint(f'{title:<{width}}', Part.PATH)}{'left':>8}{'done':>8}{'coverage':>11}"
    for group in groups:
        name = f"{TAB}{shown(group.name)}"
        numbers = f"{group.left:>8}{group.coverage.done:>8}{percent(group.coverage):>11}"
        if len(name) > width:
            yield name
            name = ""
        yield f"{name:<{width}}{numbers}"


def _patterns(groups: Iterable[Group], paint: Paint) -> Iterator[str]:
    """The patterns of what is left to do, by what they are planned together with; below each what to write instead."""
    yield f"{paint('by pattern', Part.PATH)}{'':<26}{'left':>8}{'modules':>10}"
    for group in sorted(groups, key=lambda group: _ORDER[group.name]):
        yield f"{TAB}{patterns().named(group.name).title:<32}{len(group.operations):>8}{len(group.paths):>10}"
        for rewrite in dict.fromkeys(operation.rewrite for operation in group.operations if operation.rewrite is not None):
            yield from (paint(line, Part.HINT) for line in _wrapped(rewrite))


def _wrapped(text: str) -> list[str]:
    first, further = TAB * 2, TAB * 3
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )


_ORDER = {pattern.name: number for number, pattern in enumerate(patterns().patterns)}


def _modules(inventory: Inventory, paint: Paint) -> Iterator[str]:
    width = _width(inventory)
    for group in inventory.by_module:
        left = [operation for operation in group.operations if operation.is_left]
        if left:
            yield ""
            yield f"{paint(shown(group.name), Part.PATH)}  {group.left} left, {group.coverage.done} done"
            yield from _functions(left, lambda operation: _title(operation), width, paint)


def _by_pattern(inventory: Inventory, paint: Paint) -> Iterator[str]:
    for group in inventory.by_pattern:
        yield ""
        yield f"{paint(patterns().named(group.name).title, Part.PATH)}  {group.left} left"
        by_path: dict[str, list[IoOperation]] = {}
        for operation in group.operations:
            by_path.setdefault(operation.path, []).append(operation)
        for path, operations in by_path.items():
            yield f"{TAB}{paint(shown(path), Part.PATH)}"
            yield from _functions(operations, lambda operation: "", _width(inventory), paint)


def _functions(operations: Iterable[IoOperation], title: Callable[[IoOperation], str], width: int, paint: Paint) -> Iterator[str]:
    function: str | None = ""
    for operation in operations:
        if operation.function != function:
            function = operation.function
            yield from _head_of(function or "the module", _called_by(operation))
        callee = f"{_short(operation.callee):<{width}}"
        what = f"{title(operation):<23}  " if title(operation) else ""
        yield f"{TAB}{operation.span.line:>6}  {callee}  {what}{_far(operation)}"


def _head_of(function: str, callers: str) -> Iterator[str]:
    """A function with its callers, on two lines where one would be too long."""
    if callers and len(TAB + function + callers) + 2 > _WIDTH:
        yield f"{TAB}{function}"
        yield f"{TAB}{TAB}{callers}"
    else:
        yield f"{TAB}{function}  {callers}"


def _width(inventory: Inventory) -> int:
    return min(max((len(_short(item.callee)) for item in inventory.operations if item.is_left), default=0), 22)


def _title(operation: IoOperation) -> str:
    return "" if operation.pattern is None else patterns().named(operation.pattern).title


def _short(callee: str) -> str:
    """A callee without the packages around it."""
    return ".".join(callee.removeprefix("builtins.").split(".")[-2:])


def _far(operation: IoOperation) -> str:
    if operation.standing is Standing.REACHED:
        return f"reached, {count(operation.hops or 0, 'call')}"
    return _STANDINGS[operation.standing]


def _called_by(operation: IoOperation) -> str:
    callers = [_last(caller) for caller in operation.callers]
    for most in (_MOST_CALLERS, 1):
        more = f" and {len(callers) - most} more" if len(callers) > most else ""
        text = f"called by {', '.join(callers[:most])}{more}" if callers else ""
        if len(text) + 2 * len(TAB) <= _WIDTH:
            break
    return text


def _last(name: str) -> str:
    """The end of a qualified name that tells people which function is meant."""
    parts = [part for part in name.split(".") if part != "<locals>"]
    return ".".join(parts[-2:])


def _not_analysed(path: str, line: int | None, reason: str, paint: Paint) -> str:
    return f"{paint(shown(path), Part.PATH)}:{line or 1}: not analysed: {reason}"
