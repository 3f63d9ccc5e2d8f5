"""Which sync functions have to become async so that the loop is free, and what runs which of them?

The call graph again, function by function: what a function reaches is not asked, but what it would have to await.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.bodies import Node
from nosyncio.analysis.fates import functions_in
from nosyncio.analysis.judge import Operation, operations
from nosyncio.analysis.obstacles import Obstacles
from nosyncio.analysis.reach import bodies, entered
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.runs import Via
from nosyncio.analysis.types import Frame, FunctionSymbol, Module, Step
from nosyncio.plan import Obstacle

if TYPE_CHECKING:
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.reach import Reach
    from nosyncio.analysis.runs import Runs
    from nosyncio.analysis.verdicts import Verdicts


@dataclass(eq=False, slots=True)
class Family:
    """Functions that can only become async together.

    operations: those in them that block. uses: the places in them that run functions which block. takes: the places in them
    that call what they are given, which has become async. needs: functions that have to await what this one becomes, as it is
    handed to them. twins: the names of async versions that are there already.
    """

    members: tuple[FunctionSymbol, ...]
    twins: dict[FunctionSymbol, str]
    operations: list[Operation] = field(default_factory=list)
    uses: dict[Step, Use] = field(default_factory=dict)
    takes: dict[Step, None] = field(default_factory=dict)
    needs: dict[Family, None] = field(default_factory=dict)

    def needed(self) -> Iterator[Family]:
        """The families that this one awaits once it is async. One that is async already, beside the sync one, needs nothing."""
        if len(self.twins) < len(self.members):
            for use in self.uses.values():
                yield from use.runs
            yield from self.needs


@dataclass(eq=False, slots=True)
class Use:
    """A place that runs functions which block. runs: those that can be awaited there, with one of them that it names. offloads:
    those that cannot. on_loop: whether it stands in loop code as it is."""

    step: Step
    site: facts.Site
    on_loop: bool
    runs: dict[Family, FunctionSymbol] = field(default_factory=dict)
    offloads: dict[FunctionSymbol, Obstacle] = field(default_factory=dict)


class Conversions:
    """Follows what blocks from loop code down. is_wanted: whether a blocking operation is to be taken out of loop code.

    A function is looked at as if loop code ran it by itself: that is what it becomes. on_loop: what was noted in loop code.
    behind: what blocks behind functions that stay sync.
    """

    def __init__(
        self,
        linker: Linker,
        verdicts: Verdicts,
        contexts: Contexts,
        runs: Runs,
        reach: Reach,
        obstacles: Obstacles,
        is_wanted: Callable[[Operation], bool],
    ) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._contexts = contexts
        self._runs = runs
        self._reach = reach
        self._obstacles = obstacles
        self._is_wanted = is_wanted
        self._families: dict[FunctionSymbol, Family] = {}
        self._in_the_way: dict[Family, Obstacle | None] = {}
        self._seen: set[Node] = set()
        self._waiting: list[Node] = []
        self.on_loop: dict[Step, Use] = {}
        self.behind: dict[FunctionSymbol, dict[Step, Operation]] = {}

    def follow(self, modules: Iterable[Module], roots: Iterable[FunctionSymbol]) -> None:
        """Look at what the loop code of some modules runs, and at `roots`, which have to become async, too."""
        for root in roots:
            if self.obstacle(root) is Obstacle.IN_THREAD:  # not everywhere, or else it would be no root
                self._in_the_way[self._family(root)] = None
            if self.obstacle(root) is None:
                self._enter(Node(root, root.owner))
        for module in modules:
            for number, scope in enumerate(module.facts.scopes):
                frame = Frame(module, number)
                if scope.sites and self._contexts.on_loop(frame):
                    self._note_uses(frame, None, self.on_loop)
        while self._waiting:
            node = self._waiting.pop()
            family = self._families[node.symbol]
            for frame in bodies(node.symbol):
                self._note_uses(frame, node, family.uses)

    def family(self, symbol: FunctionSymbol) -> Family | None:
        """The family of a function that was come across."""
        return self._families.get(symbol)

    def families(self) -> list[Family]:
        """All families that were come across, in the order of their first members."""
        return list(dict.fromkeys(self._families[symbol] for symbol in self._families))

    def obstacle(self, symbol: FunctionSymbol) -> Obstacle | None:
        """What keeps a function, or one of its family, from becoming async."""
        family = self._family(symbol)
        if family not in self._in_the_way:
            found = (self._obstacles.of(member) for member in family.members)
            self._in_the_way[family] = next((obstacle for obstacle in found if obstacle is not None), None)
        return self._in_the_way[family]

    def _family(self, symbol: FunctionSymbol) -> Family:
        known = self._families.get(symbol)
        if known is None:
            members = tuple(self._obstacles.family(symbol))
            twins = {member: twin for member in members if (twin := self._obstacles.twin(member)) is not None}
            known = Family(members, twins)
            for member in known.members:
                self._families[member] = known
        return known

    def _enter(self, node: Node) -> Family:
        """Look at a function, and at all of its family, later."""
        family = self._family(node.symbol)
        for version in (node._replace(given=()), *(Node(member, member.owner) for member in family.members)):
            if version not in self._seen:
                self._seen.add(version)
                self._waiting.append(version)
                if not any(operation.frame.function == version.symbol.frame for operation in family.operations):
                    family.operations += self._operations(version.symbol)
        return family

    def _operations(self, symbol: FunctionSymbol) -> Iterator[Operation]:
        for frame in bodies(symbol):
            try:
                found = list(operations(frame, self._reach.running(frame), self._verdicts))
            except RecursionError:  # types are nested too deeply to be followed
                continue
            yield from filter(self._is_wanted, found)

    def _note_uses(self, frame: Frame, around: Node | None, uses: dict[Step, Use]) -> None:
        """Note what the sites of a scope run that blocks."""
        try:
            for index in self._reach.running(frame):
                for via, run in self._runs.ways_of_site(frame, index, around):
                    for target in self._reach.blocking(entered(run)):
                        if not self._contexts.on_loop(target.symbol.frame):
                            site = frame.scope.sites[index]
                            step = Step(frame, site.place)
                            self._note(uses, Use(step, site, around is None), target, via)
        except RecursionError:  # types are nested too deeply to be followed
            return

    def _note(self, uses: dict[Step, Use], use: Use, target: Node, via: Via) -> None:
        symbol = target.symbol
        if symbol.frame.module.is_installed:
            self._note_installed(uses, use, target)
            return
        leaves = self._reach.leaves(target._replace(given=()))
        behind = {leaf.steps[-1]: leaf.operation for leaf in leaves if self._is_wanted(leaf.operation)}
        if not behind:
            return
        use = uses.setdefault(use.step, use)
        awaiting = list(self._awaiting(use)) if via is Via.HANDED else []
        is_library = via is Via.LIBRARY or (via is Via.HANDED and not awaiting)
        obstacle = Obstacle.LIBRARY if is_library else self.obstacle(symbol)
        if obstacle is not None:
            use.offloads[symbol] = obstacle
            self.behind.setdefault(symbol, {}).update(behind)
            return
        family = self._enter(target)
        use.runs.setdefault(family, symbol)
        for other in awaiting:
            if not other.frame.scope.is_async:
                needed = self._enter(Node(other, other.owner))
                needed.takes.update(dict.fromkeys(_calls_of_parameters(other)))
                family.needs[needed] = None
                use.runs.setdefault(needed, other)

    def _note_installed(self, uses: dict[Step, Use], use: Use, target: Node) -> None:
        """Note a use of a function of an installed package, which stays as it is. In loop code, it is mended where it stands."""
        is_coroutine = target.symbol.frame.scope.is_async
        wanted = (leaf for leaf in self._reach.leaves(target) if self._is_wanted(leaf.operation))
        if not use.on_loop and not is_coroutine and any(True for _ in wanted):
            uses.setdefault(use.step, use).offloads[target.symbol] = Obstacle.INSTALLED

    def _awaiting(self, use: Use) -> Iterator[FunctionSymbol]:
        """The functions of the code under check that a call hands another to, and that call it."""
        if isinstance(use.site, facts.Call):
            for symbol in functions_in(self._linker.values.value(use.step.frame, use.site.function)):
                if symbol.frame.scope.is_async or self.obstacle(symbol) is None:
                    yield symbol


def _calls_of_parameters(symbol: FunctionSymbol) -> Iterator[Step]:
    """The places in a function that call what it is given."""
    scope = symbol.frame.scope
    for site in scope.sites:
        if isinstance(site, facts.Call) and not is_receiver(symbol.frame, scope.root(site.function)):
            if scope.parameter(site.function) is not None:
                yield Step(symbol.frame, site.place)
