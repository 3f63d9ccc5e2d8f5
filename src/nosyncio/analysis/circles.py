"""Types that may hang on themselves, or on others a long way off: each is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from nosyncio.analysis.reads import Reads
from nosyncio.analysis.sets import Numbers
from nosyncio.analysis.types import NEVER, Reason, Type, Unknown

_DEEPEST = 48
"""So many are worked out on top of each other, each asked for by the one before, to keep within Python's own stack."""

_MOST_DROPPED = 500
"""So many types are worked out for one question, and not kept, before those in its circle are taken as they are the first time:
there are as many ways round a circle as there are orders of what is in it."""

_Work: TypeAlias = Callable[[], Type]


class _TooFar(Exception):
    """A type that is too many steps from the one that was asked for. It comes first then."""

    def __init__(self, key: Hashable, compute: _Work) -> None:
        self.key = key
        self.compute = compute


class Circles:
    """Keeps types, by what they are of.

    One that is asked for while it is worked out is `Never` for that purpose. What was derived from such an answer is not kept, so
    that results do not depend on the order of questions. known: those that are kept, each with what it hangs on.
    """

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self.known: dict[Hashable, tuple[Type, Numbers]] = {}
        reads.watch(self.known)
        self._active: dict[Hashable, int] = {}
        self._unsettled = _DEEPEST + 1
        self._waiting: dict[Hashable, _Work] = {}
        self._dropped = 0
        self._meanwhile: dict[Hashable, tuple[Type, Numbers]] = {}

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is being worked out was asked for since the last settled type."""
        return self._unsettled > _DEEPEST

    def once(self, key: Hashable, compute: _Work) -> Type:
        """`compute()`, kept under `key` once it does not depend on a type that is still being worked out."""
        known = self.known.get(key)
        if known is not None:
            self._reads.seen |= known[1]
            return known[0]
        if key in self._active:
            self._unsettled = min(self._unsettled, self._active[key])
            return NEVER
        if not self._active:
            return self._from_below(key, compute)
        known = self._meanwhile.get(key)
        if known is not None:
            self._unsettled = 0
            self._reads.seen |= known[1]
            return known[0]
        if len(self._active) >= _DEEPEST:
            if key not in self._waiting:
                raise _TooFar(key, compute)
            self._unsettled = 0
            return Unknown(Reason.TOO_FAR)
        return self._worked_out(key, compute)

    def _from_below(self, key: Hashable, compute: _Work) -> Type:
        """A type that nothing else waits for. What is too far from it is worked out before it, by itself; in a circle that is so
        long it is unknown."""
        waiting = self._waiting
        waiting[key] = compute
        try:
            while True:
                try:
                    found = self._worked_out(*next(reversed(waiting.items())))
                except _TooFar as far:
                    waiting[far.key] = far.compute
                    continue
                finally:
                    self._unsettled = _DEEPEST + 1
                    self._dropped = 0
                    self._meanwhile.clear()
                waiting.popitem()
                if not waiting:
                    return found
        finally:
            waiting.clear()

    def _worked_out(self, key: Hashable, compute: _Work) -> Type:
        depth = self._active[key] = len(self._active)
        before = self._reads.begin()
        try:
            result = compute()
        finally:
            del self._active[key]
            own = self._reads.end(before)
        if self._unsettled >= depth:
            self._unsettled = _DEEPEST + 1
        if self._unsettled > _DEEPEST or depth == 0:
            self.known[key] = (result, own)
        else:
            self._dropped += 1
            if self._dropped > _MOST_DROPPED:
                self._meanwhile[key] = (result, own)
        return result
