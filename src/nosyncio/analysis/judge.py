"""Which blocking operations a module has, and why they count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.facts import Place, ScopeKind
from nosyncio.analysis.types import Frame, Module
from nosyncio.analysis.verdicts import Blocked, Verdicts
from nosyncio.model import Context, Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """One blocking operation: the site that starts it and those that go on with it."""

    frame: Frame
    context: Context
    first: Blocked
    further: tuple[Blocked, ...]

    @property
    def kind(self) -> Kind:
        return Kind.from_label(self.first.verdict.entry.kind)

    @property
    def function(self) -> str | None:
        """The qualified name of the function around it, within its module."""
        facts = self.frame.module.facts
        for index in facts.around(self.frame.number):
            if facts.scopes[index].kind in (ScopeKind.FUNCTION, ScopeKind.LAMBDA):
                return facts.qualified_name(index)
        return None


def operations(module: Module, contexts: Contexts, verdicts: Verdicts) -> Iterator[Operation]:
    """The blocking operations of a module that count, in source order within each scope."""
    whole = contexts.is_async_only(module)
    for index in range(len(module.facts.scopes)):
        frame = Frame(module, index)
        if frame.scope.sites and (whole or contexts.on_loop(frame)):
            yield from _of_scope(frame, contexts, verdicts)


def _of_scope(frame: Frame, contexts: Contexts, verdicts: Verdicts) -> Iterator[Operation]:
    blocked: dict[int, Blocked] = {}
    reasons: dict[int, Context] = {}
    for index in contexts.running(frame):
        found = verdicts.blocked(frame, index)
        if found is not None:
            context = contexts.of_site(frame, frame.scope.sites[index])
            if context is not None:
                blocked[index] = found
                reasons[index] = context
    groups: dict[int, list[Blocked]] = {}
    first_at: dict[Place, int] = {}
    for index, item in blocked.items():
        begins = _beginning(blocked, index)
        begins = first_at.setdefault(blocked[begins].place, begins)
        groups.setdefault(begins, []).append(item)
    for index, items in sorted(groups.items()):
        further = tuple(item for item in items if item.site != index and item.place != blocked[index].place)
        yield Operation(frame, reasons[index], blocked[index], further)


def _beginning(blocked: dict[int, Blocked], index: int) -> int:
    """The site that began the operation which the site at `index` belongs to."""
    seen = {index}
    while True:
        maker = blocked[index].maker
        if maker is None or maker not in blocked or maker in seen:
            break
        index = maker
        seen.add(index)
    return index
