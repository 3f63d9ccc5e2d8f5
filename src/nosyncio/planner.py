"""In which steps is sync code made async? Goals are findings; what each needs is read off the call graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from nosyncio import ordering
from nosyncio.analysis.conversions import Conversions, Family, Use
from nosyncio.analysis.mentions import Mention
from nosyncio.analysis.types import FunctionSymbol
from nosyncio.findings import hop
from nosyncio.model import Context, Finding, Span
from nosyncio.plan import Conversion, Dropped, Keeper, Kept, Obstacle, Replacement, Site, Step
from nosyncio.planning import Items, in_place

_NEVER = 1 << 30


class Planner:
    """Makes one plan. The parts of it that become async at once are *units*: families of functions that call each other. Beside
    them one stands for each file whose findings are mended where they are, and for each function that stays sync.

    mentions: looks for other places that need some families. obstacle_at: what is in the way of mending a finding where it is.
    """

    def __init__(
        self,
        conversions: Conversions,
        mentions: Callable[[Iterable[Family], Iterable[Use]], Iterable[Mention]],
        items: Items,
        obstacle_at: Callable[[Finding], Obstacle | None],
        findings: Sequence[Finding],
    ) -> None:
        self._conversions = conversions
        self._items = items
        self._obstacle_at = obstacle_at
        self._findings = findings
        families = conversions.families()
        number_of = {family: number for number, family in enumerate(families)}
        needs = [[number_of[other] for other in family.needed()] for family in families]
        self._units = [[families[number] for number in members] for members in ordering.components(needs)]
        self._unit_of = {family: unit for unit, members in enumerate(self._units) for family in members}
        self._alone: dict[str | FunctionSymbol, int] = {}
        self._below = self._closures(
            lambda unit: [self._unit_of[other] for family in self._units[unit] for other in family.needed()]
        )
        self._uses = {(_path(use), Span(*use.step.place)): use for use in conversions.on_loop.values()}
        self._owners = {
            (operation.frame.module.path or "", Span(*operation.first.place)): self._unit_of[family]
            for family in families
            for operation in family.operations
        }
        self._used_by: dict[Family, list[tuple[Use, int | None]]] = {family: [] for family in families}
        self._stay: dict[Family, list[Use]] = {}
        """The places that need a sync version, in a thread, although it becomes async elsewhere."""
        for use in self._uses.values():
            self._note_users(use, None)
        for unit, members in enumerate(self._units):
            for use in (use for family in members for use in family.uses.values()):
                self._note_users(use, unit)
        self._must_go = {
            self._owners[item.path, item.span]
            for item in findings
            if item.context is Context.ASYNC_ONLY and (item.path, item.span) in self._owners
        }
        """The units whose sync version may not stay: it stands in an async-only module."""
        self._goals = [self._goal(finding) for finding in findings]
        wanted = _union(goal.needs for goal in self._goals)
        self._planned = [unit for unit in range(len(self._units)) if wanted >> unit & 1]
        self._order = ordering.steps(self._goals, self._size)
        self._step_of = {unit: number for number, (bits, _) in enumerate(self._order, 1) for unit in _bits(bits)}
        self._mentions: dict[int, list[Mention]] = {unit: [] for unit in self._planned}
        in_plan = [family for unit in self._planned for family in self._units[unit]]
        known = [*self._uses.values(), *(use for family in families for use in family.uses.values())]
        for mention in mentions(in_plan, known):
            self._mentions[self._unit_of[mention.family]].append(mention)
        self._gone: dict[int, int] = {}
        for unit in reversed(self._planned):
            self._gone[unit] = max([self._step_of[unit], *(until for _, until in self._users(unit))])

    # ---------------------------------------------------------------------------------------------------------- what is needed

    def _closures(self, ahead: Callable[[int], Iterable[int]]) -> list[int]:
        """For each unit the bits of all that it needs, itself included; units come after those that they need."""
        found: list[int] = []
        for unit in range(len(self._units)):
            found.append(_union(found[other] for other in ahead(unit) if other != unit) | 1 << unit)
        return found

    def _goal(self, finding: Finding) -> ordering.Goal:
        place = (finding.path, finding.span)
        needs = 0
        if finding.context is Context.REACHABLE and place in self._uses:
            use = self._uses[place]
            needs = self._needs_of(use) or _union(1 << self._number_of(symbol) for symbol in use.offloads)
        elif finding.context is Context.ASYNC_ONLY and place in self._owners:
            needs = self._needs_to_go(self._owners[place])
        return ordering.Goal(needs or 1 << self._number_of(finding.path), finding.sort_key)

    def _number_of(self, alone: str | FunctionSymbol) -> int:
        """The number of the unit that stands for a file, or for a function that stays sync."""
        return self._alone.setdefault(alone, len(self._units) + len(self._alone))

    def _needs_of(self, use: Use) -> int:
        return _union(self._below[self._unit_of[family]] for family in use.runs)

    def _needs_to_go(self, unit: int) -> int:
        """What is needed for the sync version of a unit to go: that all that needs it has moved over."""
        above = [other for other in range(len(self._units)) if self._below[other] >> unit & 1]
        callers = _union(1 << other for other in above)
        uses = (use for use in self._uses.values() if any(callers >> self._unit_of[family] & 1 for family in use.runs))
        return _union([*(self._below[other] for other in above), *map(self._needs_of, uses)])

    def _size(self, bits: int) -> int:
        return sum(len(family.members) for unit in _bits(bits) if unit < len(self._units) for family in self._units[unit])

    # ------------------------------------------------------------------------------------------------------ what needs a unit

    def _changes_in(self, use: Use) -> int:
        """The step in which a place of loop code changes."""
        needed = [self._unit_of[family] for family in use.runs] or [self._number_of(symbol) for symbol in use.offloads]
        return max((self._step_of.get(unit, _NEVER) for unit in needed), default=_NEVER)

    def _note_users(self, use: Use, unit: int | None) -> None:
        for family in use.runs:
            self._used_by[family].append((use, unit))
        for symbol in use.offloads:
            if (stays := self._conversions.family(symbol)) in self._used_by:
                self._stay.setdefault(stays, []).append(use)

    def _users(self, unit: int) -> Iterator[tuple[Keeper, int]]:
        """The places that need the sync version of a unit, each with the step after which it does not."""
        for use, caller in (user for family in self._units[unit] for user in self._used_by[family]):
            if caller is None:
                yield _keeper(use), self._changes_in(use)
            elif caller != unit:
                yield _keeper(use), self._gone.get(caller, _NEVER)
        for use in (use for family in self._units[unit] for use in self._stay.get(family, ())):
            yield _keeper(use), _NEVER
        if unit not in self._must_go:
            for mention in self._mentions[unit]:
                yield Keeper(hop(*mention.step), mention.hands_over), _NEVER

    # --------------------------------------------------------------------------------------------------------------- the steps

    def steps(self) -> Iterator[Step]:
        left = len(self._findings)
        for number, (bits, reached) in enumerate(self._order, 1):
            frees = tuple(self._findings[goal] for goal in reached)
            left -= len(frees)
            units = [unit for unit in _bits(bits) if unit < len(self._units)]
            sites = [*self._sites(number), *(self._items.edge(item) for unit in units for item in self._edges(unit))]
            yield Step(
                number=number,
                conversions=tuple(conversion for group, unit in enumerate(units) for conversion in self._converted(unit, group)),
                kept=tuple(self._kept(bits)),
                operations=tuple(sorted(self._operations(reached), key=lambda item: item.hop)),
                sites=tuple(sorted(sites, key=lambda site: (site.hop, site.runs))),
                dropped=tuple(self._dropped(number)),
                frees=frees,
                left=left,
            )

    def _converted(self, unit: int, group: int) -> Iterator[Conversion]:
        step, gone = self._step_of[unit], self._gone[unit]
        keepers = [keeper for keeper, until in self._users(unit) if until > step]
        until = None if gone >= _NEVER else gone
        for family in self._units[unit]:
            for symbol in family.members:
                twin = self._items.twin(symbol, family, keepers, until) if gone > step else None
                yield self._items.conversion(symbol, family, group, twin)

    def _kept(self, bits: int) -> Iterator[Kept]:
        for symbol, number in self._alone.items():
            if not isinstance(symbol, str) and bits >> number & 1:
                obstacle = next(use.offloads[symbol] for use in self._uses.values() if symbol in use.offloads)
                yield self._items.kept(symbol, obstacle, self._conversions.behind[symbol].values())

    def _operations(self, reached: Iterable[int]) -> Iterator[Replacement]:
        """What is mended where it stands."""
        alone: dict[tuple[str, Span], list[Finding]] = {}
        for goal in reached:
            finding = self._findings[goal]
            number = self._alone.get(finding.path)
            if number is not None and self._goals[goal].needs == 1 << number:
                alone.setdefault((finding.path, finding.span), []).append(finding)
        for found in alone.values():
            yield in_place(found, self._obstacle_at(found[0]))

    def _sites(self, number: int) -> Iterator[Site]:
        for use in self._uses.values():
            if self._changes_in(use) == number:
                yield from self._items.sites(use)

    def _edges(self, unit: int) -> Iterable[Mention]:
        return self._mentions[unit] if unit in self._must_go else ()

    def _dropped(self, number: int) -> Iterator[Dropped]:
        for unit in self._planned:
            if self._gone[unit] == number > self._step_of[unit]:
                for symbol in (symbol for family in self._units[unit] for symbol in family.members):
                    yield Dropped(symbol.qualified_name, hop(symbol.frame, symbol.frame.scope.place))


def _keeper(use: Use) -> Keeper:
    return Keeper(hop(*use.step))


def _path(use: Use) -> str:
    return use.step.frame.module.path or ""


def _union(sets: Iterable[int]) -> int:
    found = 0
    for bits in sets:
        found |= bits
    return found


def _bits(bits: int) -> Iterator[int]:
    number = 0
    while bits:
        if bits & 1:
            yield number
        bits >>= 1
        number += 1
