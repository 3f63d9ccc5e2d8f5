"""Blocking calls that a call hands to a thread without a function of the project around them: `to_thread(path.read_text)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.facts import Place
from nosyncio.analysis.fates import last_word
from nosyncio.analysis.offloads import Offloads
from nosyncio.analysis.references import References
from nosyncio.analysis.types import Frame, candidates
from nosyncio.catalogue import Verdict

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class HandedCall:
    """A callable that blocks, at the place of the call that hands it to a thread."""

    frame: Frame
    place: Place
    verdict: Verdict


class HandedCalls:
    """Looks at the calls whose name may be that of one that offloads."""

    def __init__(self, linker: Linker, verdicts: Verdicts, references: References) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._references = references
        self._offloads = Offloads(linker, verdicts)

    def of(self, frame: Frame) -> Iterator[HandedCall]:
        """The blocking callables that a scope hands to threads, in source order."""
        words = self._references.handing()
        for site in frame.scope.sites:
            if isinstance(site, facts.Call) and last_word(frame.module, frame.number, site.function) in words:
                verdict = self._handed(frame, site)
                if verdict is not None and not verdict.entry.lazy and verdict.entry.kind != "nested-loop":
                    yield HandedCall(frame, site.place, verdict)

    def _handed(self, frame: Frame, call: facts.Call) -> Verdict | None:
        slot = self._offloads.slot(frame, call)
        if slot is None or slot.operand.frame is None:
            return None
        given = Arguments.of_call(self._linker, frame, call)
        behind = [position for position, operand in enumerate(given.positional) if operand.expr is slot.operand.expr]
        rest = given.positional[behind[0] + 1 :] if behind else ()
        arguments = Arguments(rest, given.keywords, given.complete, given.rest)
        for item in candidates(slot.operand.type):
            verdict = self._verdicts.settle(self._verdicts.told(item), slot.operand.frame, slot.operand.expr, arguments)
            if verdict is not None:
                return verdict
        return None
