"""Which blocking operations a module has, and why they count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nosyncio.analysis.contexts import Contexts
from nosyncio.analysis.facts import Place
from nosyncio.analysis.types import Frame, Module
from nosyncio.analysis.verdicts import Blocked, Verdicts
from nosyncio.model import Context, Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """One blocking operation: the site that starts it and those that go on with it."""

    frame: Frame
    first: Blocked
    further: tuple[Blocked, ...]

    @property
    def kind(self) -> Kind:
        return Kind.from_label(self.first.verdict.entry.kind)


def counted(module: Module, contexts: Contexts, verdicts: Verdicts) -> Iterator[tuple[Context, Operation]]:
    """The blocking operations of a module that count where they stand, with the reason, in source order within each scope."""
    whole = contexts.is_async_only(module)
    for index in range(len(module.facts.scopes)):
        frame = Frame(module, index)
        if frame.scope.sites and (whole or contexts.on_loop(frame)):
            reasons = {site: contexts.of_site(frame, frame.scope.sites[site]) for site in contexts.running(frame)}
            for operation in operations(frame, [site for site, reason in reasons.items() if reason is not None], verdicts):
                context = reasons[operation.first.site]
                assert context is not None
                yield context, operation


def operations(frame: Frame, sites: Iterable[int], verdicts: Verdicts) -> Iterator[Operation]:
    """The blocking operations among some sites of a scope."""
    blocked: dict[int, Blocked] = {}
    for index in sites:
        found = verdicts.blocked(frame, index)
        if found is not None:
            blocked[index] = found
    groups: dict[int, list[Blocked]] = {}
    first_at: dict[Place, int] = {}
    for index, item in blocked.items():
        begins = _beginning(blocked, index)
        begins = first_at.setdefault(blocked[begins].place, begins)
        groups.setdefault(begins, []).append(item)
    for index, items in sorted(groups.items()):
        further = tuple(item for item in items if item.site != index and item.place != blocked[index].place)
        yield Operation(frame, blocked[index], further)


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
