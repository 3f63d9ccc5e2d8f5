"""Who else needs a function as it is: calls of it that are no part of a plan, and places that give it away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import every_argument
from nosyncio.analysis.conversions import Family, Use
from nosyncio.analysis.facts import Flag, Place
from nosyncio.analysis.fates import functions_in, last_word
from nosyncio.analysis.types import Frame, FunctionSymbol, Module, Step

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.runs import Runs


class Mention(NamedTuple):
    """A place that runs a function, or (`hands_over`) gives it to something that may."""

    family: Family
    step: Step
    hands_over: bool


class Mentions:
    """Looks for functions by name, as cheaply as that goes, and confirms by what the name means."""

    def __init__(self, linker: Linker, runs: Runs, families: Iterable[Family], uses: Iterable[Use]) -> None:
        """`uses`: the places that are known already."""
        self._linker = linker
        self._runs = runs
        self._families: Mapping[FunctionSymbol, Family] = {member: family for family in families for member in family.members}
        self._words = {symbol.name for symbol in self._families}
        self._special = any(name.startswith("__") for name in self._words) or any(
            symbol.frame.scope.is_generator for symbol in self._families
        )
        self._known: dict[Frame, list[Use]] = {}
        for use in uses:
            self._known.setdefault(use.step.frame, []).append(use)

    def of(self, module: Module) -> Iterator[Mention]:
        """The mentions in a module, each once, in the order of the source within each scope."""
        for number, scope in enumerate(module.facts.scopes):
            frame = Frame(module, number)
            found: dict[Mention, None] = {}
            for index, site in enumerate(scope.sites):
                if not site.flags & (Flag.ASYNC | Flag.AWAITED):
                    for mention in self._of_site(frame, index, site):
                        if not self._is_known(mention):
                            found.setdefault(mention)
            yield from found

    def _of_site(self, frame: Frame, index: int, site: facts.Site) -> Iterator[Mention]:
        step = Step(frame, site.place)
        if isinstance(site, facts.Call):
            if last_word(frame.module, frame.number, site.function) in self._words:
                yield from self._mentions(frame, site.function, step, hands_over=False)
            for expr in every_argument(site):
                if not isinstance(expr, facts.Attribute) and last_word(frame.module, frame.number, expr) in self._words:
                    yield from self._mentions(frame, expr, step, hands_over=True)
        elif isinstance(site, (facts.Read, facts.Write)):
            if site.name in self._words:
                ran = self._ran(frame, index)
                yield from (Mention(family, step, False) for family in ran)
                if not ran and isinstance(site, facts.Read):
                    yield from self._mentions(frame, facts.Attribute(site.value, site.name), step, hands_over=True)
        elif self._special:
            yield from (Mention(family, step, False) for family in self._ran(frame, index))

    def _ran(self, frame: Frame, index: int) -> list[Family]:
        """The families of the functions that a site runs."""
        try:
            ran = self._runs.functions(frame, index)
        except RecursionError:  # types are nested too deeply to be followed
            return []
        return list(dict.fromkeys(self._families[symbol] for symbol in ran if symbol in self._families))

    def _mentions(self, frame: Frame, expr: facts.Expr, step: Step, *, hands_over: bool) -> Iterator[Mention]:
        try:
            named = list(functions_in(self._linker.values.value(frame, expr)))
        except RecursionError:  # types are nested too deeply to be followed
            return
        for symbol in named:
            if symbol in self._families:
                yield Mention(self._families[symbol], step, hands_over)

    def _is_known(self, mention: Mention) -> bool:
        """Whether a mention is part of a place that is known to run the function, or makes the generator that one there runs."""
        generates = any(member.frame.scope.is_generator for member in mention.family.members)
        return any(
            mention.family in use.runs and (generates or _contains(use.step.place, mention.step.place))
            for use in self._known.get(mention.step.frame, ())
        )


def mentions(
    linker: Linker, runs: Runs, modules: Iterable[Module], families: Iterable[Family], uses: Iterable[Use]
) -> Iterator[Mention]:
    """The mentions of some families in some modules, but for those in `uses`."""
    looking = Mentions(linker, runs, families, uses)
    for module in modules:
        yield from looking.of(module)


def _contains(outer: Place, inner: Place) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
