"""What the catalogue says of each site of a scope, whether it blocks or not: for somebody who asks why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.facts import Expr, Flag, Place
from nosyncio.analysis.linker import Linker
from nosyncio.analysis.types import ClassType, Frame, FunctionType, Instance, candidates
from nosyncio.analysis.verdicts import Verdicts
from nosyncio.catalogue import Harmless, Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """One entry that the catalogue has for a site. refused: the entry's field that keeps the site from blocking, if one does."""

    verdict: Verdict | Harmless
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A site, and what is known of it.

    callee: the qualified name of what it runs, the most specific one; None where that is not known. followed: it is the project's
    own code.
    said: what the catalogue has under that name, first the user's own. offloads, loop: it hands an argument to a thread, or to
    the loop. lazy: it blocks where its result is iterated, and not here.
    """

    place: Place
    callee: str | None
    said: tuple[Said, ...]
    followed: bool
    is_awaited: bool
    offloads: bool
    loop: bool
    lazy: bool


class Accounts:
    def __init__(self, linker: Linker, verdicts: Verdicts) -> None:
        self._linker = linker
        self._verdicts = verdicts

    def of(self, frame: Frame) -> Iterator[Account]:
        """Each call of a scope, and each other site that the catalogue speaks of, in source order."""
        for index, site in enumerate(frame.scope.sites):
            if isinstance(site, facts.Call):
                yield self._of_call(frame, index, site)
            else:
                account = self._of_syntax(frame, index, site)
                if account is not None:
                    yield account

    def _of_call(self, frame: Frame, index: int, call: facts.Call) -> Account:
        arguments = Arguments.of_call(self._linker, frame, call)
        dotted = self._linker.names.dotted(frame, call.function)
        names = [] if dotted is None else [dotted]
        names += [
            name
            for item in candidates(self._linker.values.value(frame, call.function))
            for name in self._verdicts.names(item)
            if name not in names
        ]
        return self._account(frame, index, names, call.function, arguments)

    def _is_project(self, frame: Frame, site: facts.Site) -> bool:
        callee = self._linker.values.value(frame, site.function) if isinstance(site, facts.Call) else None
        return isinstance(callee, (FunctionType, ClassType)) and callee.symbol.is_project

    def _of_syntax(self, frame: Frame, index: int, site: facts.Site) -> Account | None:
        """`with`, iteration and items, by the special methods that they run; None where the catalogue says nothing."""
        value, methods = _asked(site)
        if value is None:
            return None
        catalogue = self._linker.catalogue
        for method in methods:
            items = candidates(self._linker.values.value(frame, value))
            names = [
                name for item in items if isinstance(item, Instance) for name in self._verdicts.method_names(item.symbol, method)
            ]
            if any(map(catalogue.verdicts, names)):
                function = facts.Attribute(value, method)
                return self._account(frame, index, names, function, Arguments((), {}, complete=False))
        return None

    def _account(self, frame: Frame, index: int, names: list[str], function: Expr, arguments: Arguments) -> Account:
        catalogue, site = self._linker.catalogue, frame.scope.sites[index]
        told = next((found for found in map(catalogue.verdicts, names) if found), [])
        said = [
            Said(item, None if isinstance(item, Harmless) else self._verdicts.refusal(item.entry, frame, function, arguments))
            for item in told
        ]
        verdict = self._verdicts.verdict(frame, index)
        return Account(
            place=site.place,
            callee=next((item.name for item in told), names[0] if names else None),
            said=tuple(said),
            followed=self._is_project(frame, site),
            is_awaited=bool(site.flags & (Flag.AWAITED | Flag.ASYNC)),
            offloads=any(catalogue.offload(name) is not None for name in names),
            loop=any(catalogue.loop_call(name) is not None for name in names),
            lazy=verdict is not None and verdict.entry.lazy and self._verdicts.blocked(frame, index) is None,
        )


def _asked(site: facts.Site) -> tuple[Expr | None, tuple[str, ...]]:
    """What a site that is no call asks a special method of, and which."""
    if isinstance(site, facts.Enter):
        return site.manager, ("__enter__",)
    if isinstance(site, facts.Iterate):
        return site.iterable, ("__iter__", "__next__")
    if isinstance(site, facts.Operate):
        return site.value, (site.method,)
    if isinstance(site, facts.Read):
        return site.value, (site.name,)
    return None, ()
