"""The words of findings, as far as they follow from what a finding holds."""

from __future__ import annotations

from dataclasses import replace

from nosyncio import rules
from nosyncio.model import Context, Finding, Leaf


def behind(finding: Finding, leaves: tuple[Leaf, ...]) -> Finding:
    """The finding of a chain, with `leaves` alone behind it, nearest first."""
    assert finding.kind is not None
    nearest = leaves[0]
    more = f" (and {len(leaves) - 1} more)" if len(leaves) > 1 else ""
    effect = f"{rules.rule_for(finding.kind).effect} {where(Context.REACHABLE, finding.function)}"
    return replace(
        finding,
        callee=nearest.called,
        message=f"{nearest.reached}{more} and {effect}; use {nearest.instead}",
        instead=nearest.instead.replace("`", ""),
        chain=nearest.chain,
        leaves=leaves,
    )


def where(context: Context, function: str | None) -> str:
    """Where a call that blocks for a reason does so, in words."""
    if context is Context.ASYNC_ONLY:
        return f"in {function!r}, in an async-only module" if function else "in an async-only module"
    return f"the event loop in {function!r}" if function else "the event loop"
