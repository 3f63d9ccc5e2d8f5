"""The calls that made a receiver, and which blocking call an operation began with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments, Operand
from nosyncio.analysis.facts import Expr, Flag
from nosyncio.analysis.origins import Origin, origins
from nosyncio.analysis.types import Frame, candidates
from nosyncio.catalogue import Verdict
from nosyncio.catalogue.schema import Blocking

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts


class Makers:
    """Looks from a receiver back to where it was made."""

    def __init__(self, linker: Linker, verdicts: Verdicts) -> None:
        self._linker = linker
        self._verdicts = verdicts

    def of(self, frame: Frame, receiver: Expr | None) -> list[Arguments]:
        """The arguments of the calls that made a receiver; empty where that is not known."""
        if receiver is None:
            return []
        found = origins(self._linker, frame, receiver, elsewhere=True)
        return [self._arguments(origin) for origin in found if not origin.is_generator]

    def lineage(self, frame: Frame, receiver: Expr | None) -> list[Arguments]:
        """The same, and the arguments of the calls that made what those calls were methods of."""
        return [self._arguments(origin) for origin in self._lineage(frame, receiver)]

    def _arguments(self, origin: Origin) -> Arguments:
        return Arguments.of_call(self._linker, origin.frame, origin.call)

    def _lineage(self, frame: Frame, receiver: Expr | None) -> list[Origin]:
        found: dict[Origin, None] = {}
        pending: list[tuple[Frame, Expr]] = [] if receiver is None else [(frame, receiver)]
        while pending:
            for origin in origins(self._linker, *pending.pop(), elsewhere=True):
                if not origin.is_generator and origin not in found:
                    found[origin] = None
                    if isinstance(origin.call.function, facts.Attribute):
                        pending.append((origin.frame, origin.call.function.value))
        return list(found)

    def made_in_memory(self, frame: Frame, receiver: Expr | None) -> bool:
        """Whether a receiver comes from a call that was harmless because its argument is in memory."""
        for origin in self._lineage(frame, receiver):
            for item in candidates(self._linker.values.value(origin.frame, origin.call.function)):
                for verdict in self._verdicts.told(item):
                    if isinstance(verdict, Verdict) and verdict.entry.in_memory is not None:
                        where = verdict.entry.in_memory
                        operand = self._arguments(origin).at(where.position, where.argument)
                        if operand is not None and self._verdicts.is_in_memory(operand.type):
                            return True
        return False

    # ------------------------------------------------------------------------------------------------------------ operations

    def operation(self, frame: Frame, site: facts.Site, entry: Blocking) -> int | None:
        """The blocking call of the same scope whose operation a site goes on with."""
        value = self._continued(frame, site, entry)
        if value is None:
            return None
        for origin in origins(self._linker, frame, value, parts=True):
            if not origin.is_generator and origin.frame == frame:
                found = self._beginning(origin, entry)
                if found is not None:
                    return found
        return self._earlier_on(frame, site, value) if entry.continues else None

    def _continued(self, frame: Frame, site: facts.Site, entry: Blocking) -> Expr | None:
        """The value that a site works on, if what made it may be part of the same operation."""
        if isinstance(site, facts.Call):
            consumed = self._verdicts.consumed_argument(frame, site)
            if consumed is not None:
                return consumed
            if entry.handle is not None:
                arguments = Arguments.of_call(self._linker, frame, site)
                return _expression(arguments.at(entry.handle.position, entry.handle.argument), frame)
            if entry.continues and isinstance(site.function, facts.Attribute):
                return self._handle_behind(frame, site.function.value, entry) or site.function.value
            return None
        if not entry.continues and not entry.lazy:
            return None
        if isinstance(site, facts.Iterate):
            return site.iterable
        return site.manager if isinstance(site, facts.Enter) else site.value

    def _handle_behind(self, frame: Frame, receiver: Expr, entry: Blocking) -> Expr | None:
        """The handle that the maker of a receiver was given: the file of a `csv.writer`."""
        if entry.handle_made is not None:
            for made in self.of(frame, receiver):
                found = _expression(made.at(entry.handle_made.position, entry.handle_made.argument), frame)
                if found is not None:
                    return found
        return None

    def _beginning(self, origin: Origin, entry: Blocking) -> int | None:
        call = origin.call
        if call.flags & Flag.AWAITED:
            return None
        for part in self._verdicts.passed(origin.frame, call):
            for further in origins(self._linker, origin.frame, part):
                found = None if further.is_generator else self._beginning(further, entry)
                if found is not None:
                    return found
        verdict = self._verdicts.verdict(origin.frame, origin.site)
        if verdict is None:
            return None
        return self.operation(origin.frame, call, verdict.entry) if verdict.entry.lazy else origin.site

    def _earlier_on(self, frame: Frame, site: facts.Site, receiver: Expr) -> int | None:
        """An earlier blocking call on the same receiver that starts an operation of its own (`execute` before `fetchall`)."""
        for index, earlier in enumerate(frame.scope.sites):
            if earlier == site:
                return None
            if isinstance(earlier, facts.Call) and isinstance(earlier.function, facts.Attribute):
                if frame.scope.root(earlier.function.value) == frame.scope.root(receiver):
                    verdict = self._verdicts.verdict(frame, index)
                    if verdict is not None and not verdict.entry.continues and not verdict.entry.lazy:
                        return index
        return None


def _expression(operand: Operand | None, frame: Frame) -> Expr | None:
    """The expression of an argument, if it stands in `frame`."""
    return operand.expr if operand is not None and operand.frame == frame else None
