"""The inventory as the JSON document that other tools read. Keys are only ever added; docs/report.md says what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nosyncio.catalogue.patterns import patterns
from nosyncio.inventory import Group, Inventory, IoOperation, Standing
from nosyncio.model import as_text
from nosyncio.report import json
from nosyncio.report.style import excerpt


def document(inventory: Inventory, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    """The inventory as plain data. `source_line(path, line)` gives a line of a file, empty if it can't."""
    return {
        "version": json.VERSION,
        "summary": {"files": inventory.files, **_counts(inventory.whole)},
        "by_kind": list(map(_group, inventory.by_kind)),
        "by_package": list(map(_group, inventory.by_package)),
        "by_module": list(map(_group, inventory.by_module)),
        "by_pattern": list(map(_pattern, inventory.by_pattern)),
        "operations": [_operation(operation, source_line) for operation in inventory.operations],
        "not_analysed": [json.not_analysed(item) for item in inventory.not_analysed],
    }


def render(inventory: Inventory, source_line: Callable[[str, int], str]) -> str:
    return json.dumped(document(inventory, source_line))


def _group(group: Group) -> dict[str, Any]:
    return {"name": as_text(group.name), **_counts(group)}


def _counts(group: Group) -> dict[str, Any]:
    coverage = group.coverage
    return {
        "operations": len(group.operations),
        "done": coverage.done,
        "left": group.left,
        "allowed": group.allowed,
        "coverage": json.share(coverage),
        "standings": {standing.value: group.standing(standing) for standing in Standing},
    }


def _pattern(group: Group) -> dict[str, Any]:
    pattern = patterns().named(group.name)
    return {
        "name": pattern.name,
        "title": pattern.title,
        "what": pattern.what,
        "group": pattern.group,
        "left": group.left,
        "modules": list(map(as_text, group.paths)),
        "rewrites": list(group.rewrites),
    }


def _operation(operation: IoOperation, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    span = operation.span
    return {
        "path": as_text(operation.path),
        **json.stretch(span),
        "function": operation.function,
        "kind": operation.kind.label,
        "callee": operation.callee,
        "source": excerpt(span, source_line(operation.path, span.line)),
        "standing": operation.standing.value,
        "done": operation.standing.is_done,
        "allowed": operation.is_allowed,
        "pattern": operation.pattern,
        "hops": operation.hops,
        "chain": [json.sourced_hop(hop, source_line) for hop in operation.chain],
        "callers": list(operation.callers),
        "instead": operation.instead,
        "rewrite": operation.rewrite,
        "related": [json.related(item) for item in operation.related],
    }
