"""How sure a way must be to be reported: the less there is to gain, the surer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nosyncio.analysis.facts import Guard
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.repeats import FirstTimes
from nosyncio.analysis.types import Step
from nosyncio.model import Kind

_SINGLE = frozenset((Kind.FILE_METADATA,))
"""What is one call of the system: it takes microseconds, if it is made."""
_SMALL = frozenset((Kind.FILE_METADATA, Kind.OPEN, Kind.THREAD_WAIT))
"""What is nothing to speak of if it is done once."""


def is_sure_enough(kind: Kind, doubt: int, steps: Sequence[Step], first_times: FirstTimes, most_doubt: int) -> bool:
    """Whether a way to a blocking call of this kind is worth a report. doubt: how many of its steps hang on a test whose outcome
    is not known. most_doubt: how many may; of a way to a single call of the system one less. A small thing that the whole
    process does once is not, nor what an installed package does then: mostly, somebody else has done it by then."""
    if doubt > (max(most_doubt - 1, 0) if kind in _SINGLE else most_doubt):
        return False
    is_little = kind in _SMALL or steps[-1].frame.module.is_installed
    return not (is_little and first_times.is_once_for_all(steps))


def decided(found: Sequence[Operation], doubts: Mapping[int, tuple[Guard, ...]]) -> Iterator[Operation]:
    """The operations of a scope that hang on one test alone, of whose two outcomes each leads to one of their kind: it does not
    matter how that comes out. doubts: for each site, the tests that leave it in doubt."""
    hanging = [(operation, doubts[operation.first.site]) for operation in found]
    alone = [(operation, guards[0]) for operation, guards in hanging if len(guards) == 1]
    for operation, guard in alone:
        if any(other.kind is operation.kind and _are_opposite(guard, opposite) for other, opposite in alone):
            yield operation


def _are_opposite(guard: Guard, other: Guard) -> bool:
    return guard.test == other.test and guard.holds is not other.holds and guard.outer == other.outer
