"""What analysis saw of functions that have to become async, as the items of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nosyncio.analysis import facts
from nosyncio.analysis.conversions import Family, Use
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.mentions import Mention
from nosyncio.analysis.obstacles import Obstacles
from nosyncio.analysis.types import FunctionSymbol, Module
from nosyncio.findings import advice_for, hop
from nosyncio.model import AsyncLibrary, Finding, Hop, Related
from nosyncio.plan import Change, Conversion, Form, Keeper, Kept, Obstacle, Replacement, Site, Twin

_BY_SYNTAX = {facts.Iterate: Change.ASYNC_FOR, facts.Enter: Change.ASYNC_WITH}
_BY_FORM = {
    Form.GENERATOR: Change.ASYNC_FOR,
    Form.ITERATION: Change.ASYNC_FOR,
    Form.CONTEXT_MANAGER: Change.ASYNC_WITH,
    Form.PROPERTY: Change.METHOD,
    Form.SPECIAL: Change.METHOD,
}


class Items:
    """Makes them. library_of: whose replacements to name in a module."""

    def __init__(self, obstacles: Obstacles, library_of: Callable[[Module], AsyncLibrary]) -> None:
        self._obstacles = obstacles
        self._library_of = library_of

    def conversion(self, symbol: FunctionSymbol, family: Family, group: int, twin: Twin | None) -> Conversion:
        """A function that becomes async; of one that is async already, beside the sync one, only that."""
        frame = symbol.frame
        is_there = twin is not None and twin.existing is not None
        uses = [] if is_there else [use for step, use in family.uses.items() if step.frame.function == frame]
        takes = [] if is_there else [step for step in family.takes if step.frame.function == frame]
        awaits = [*(site for use in uses for site in self.sites(use)), *(Site(hop(*step), Change.AWAIT, ()) for step in takes)]
        own = [] if is_there else [operation for operation in family.operations if operation.frame.function == frame]
        return Conversion(
            name=symbol.qualified_name,
            hop=hop(frame, frame.scope.place),
            form=self._obstacles.form(symbol),
            operations=tuple(sorted(map(self.replaced, own), key=_hop_of)),
            awaits=tuple(sorted(awaits, key=_hop_of)),
            twin=twin,
            decorators=tuple(self._obstacles.unknown_decorators(symbol)),
            group=group,
        )

    def twin(self, symbol: FunctionSymbol, family: Family, keepers: Iterable[Keeper], until: int | None) -> Twin:
        in_order = sorted(dict.fromkeys(keepers), key=lambda keeper: (keeper.hop, keeper.hands_over))
        return Twin(family.twins.get(symbol), tuple(in_order), until)

    def sites(self, use: Use) -> Iterator[Site]:
        """What changes at a place that runs functions which are async by then, or are handed to a thread."""
        place = hop(*use.step)
        if use.runs:
            names = {symbol.qualified_name for symbol in use.runs.values()}
            yield Site(place, self._change(use), tuple(sorted(names)))
        for symbol, obstacle in sorted(use.offloads.items(), key=lambda item: item[0].qualified_name):
            yield Site(place, Change.THREAD, (symbol.qualified_name,), obstacle)

    def _change(self, use: Use) -> Change:
        function = use.step.frame.function
        if use.on_loop and function is not None and not function.scope.is_async:
            return Change.TASK
        if not isinstance(use.site, facts.Call):
            return _BY_SYNTAX.get(type(use.site), Change.METHOD)
        forms = map(self._obstacles.form, use.runs.values())
        plain = Change.AWAIT if use.site.generator < 0 else Change.IN_LIST
        return next((_BY_FORM[form] for form in forms if form in _BY_FORM), plain)

    def kept(self, symbol: FunctionSymbol, obstacle: Obstacle, behind: Iterable[Operation]) -> Kept:
        blocks = sorted(map(self.replaced, behind), key=_hop_of)
        return Kept(symbol.qualified_name, hop(symbol.frame, symbol.frame.scope.place), obstacle, tuple(blocks))

    def edge(self, mention: Mention) -> Site:
        """A place outside of loop code that has to do without the sync version."""
        change = Change.FACTORY if self._obstacles.is_constructor(mention.step.frame) else Change.RUN
        if mention.hands_over:
            change = Change.HAND_OVER
        names = sorted(member.qualified_name for member in mention.family.members)
        return Site(hop(*mention.step), change, tuple(names))

    def replaced(self, operation: Operation) -> Replacement:
        first = operation.first
        advice = advice_for(operation.kind, first.verdict, self._library_of(operation.frame.module))
        further = sorted(Related(item.place[0], item.place[1], item.verdict.name) for item in operation.further)
        place = hop(operation.frame, first.place)
        return Replacement(place, first.verdict.name, _plain(" or ".join(advice)), (), None, tuple(further))


def in_place(found: list[Finding], obstacle: Obstacle | None) -> Replacement:
    """What findings of one place are about: a call that is replaced where it stands."""
    first = found[0]
    place = Hop(first.path, first.span, first.function)
    codes = tuple(sorted({finding.code for finding in found}))
    return Replacement(place, first.callee or "", first.instead or "", codes, obstacle, first.related)


def _plain(advice: str) -> str:
    return advice.replace("`", "")


def _hop_of(item: Site | Replacement) -> Hop:
    return item.hop
