"""Judging on several cores: each process judges a share of the modules, in the light of all of them.

The others are copies of this one (`fork`), made once the indexes are: nothing is sent to them, and what several need that is
worked out by then is there. What a module gives does not depend on what was judged before it, so neither on who judges it.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from nosyncio.analysis.types import Module
from nosyncio.judging import Judged, Judging

FEWEST = 75
"""A copy, and what it works out for itself although this process does so too, costs about what judging this many does."""

_DEALT = 32
"""Neighbours have much in common, so they are dealt out together; many hands of them, so that all take about as long."""


class _Share(NamedTuple):
    """What a process found: by the module's place among those that are judged. names: what it was the first to read, so that
    only it has numbers for them. too_deep: the paths of modules that it could not follow."""

    judged: dict[int, Judged]
    names: list[object]
    too_deep: list[str]


def judged(judging: Judging, modules: Sequence[Module], jobs: int) -> dict[Module, Judged]:
    """What is found in each of `modules`, with `jobs` processes where that pays and can be done."""
    jobs = min(jobs, len(modules) // FEWEST)
    if jobs <= 1 or sys.platform != "linux" or threading.active_count() > 1:
        return {module: judging.judged(module) for module in modules}
    places = range(len(modules))
    shares = [[place for place in places if place // _DEALT % jobs == number] for number in range(jobs)]
    forking = multiprocessing.get_context("fork")
    others: list[tuple[Connection, BaseProcess, list[int]]] = []
    for share in shares[1:]:
        mine, theirs = forking.Pipe(duplex=False)
        process: BaseProcess = forking.Process(target=_send, args=(theirs, judging, modules, share), daemon=True)
        process.start()
        theirs.close()
        others.append((mine, process, share))
    known = len(judging.reads.names)
    found = {place: judging.judged(modules[place]) for place in shares[0]}
    for connection, process, share in others:
        try:
            found.update(_taken(judging, connection.recv(), known))
        except EOFError:  # the process is gone: killed, for want of memory perhaps
            found.update({place: judging.judged(modules[place]) for place in share})
        process.join()
    return {modules[place]: found[place] for place in places}


def _send(connection: Connection, judging: Judging, modules: Sequence[Module], share: list[int]) -> None:
    """Judge a share. Whatever goes wrong goes wrong again, and is told of, where the share is judged when nothing is sent."""
    try:
        known = len(judging.reads.names)
        found = {place: judging.judged(modules[place]) for place in share}
        too_deep = {*judging.too_deep, *judging.reach.too_deep}
        connection.send(_Share(found, judging.reads.names[known:], [module.path for module in too_deep if module.path]))
    except BaseException:
        connection.close()


def _taken(judging: Judging, share: _Share, known: int) -> dict[int, Judged]:
    """A share, in the numbers that this process has for what is read."""
    reads = judging.reads
    numbers = [reads.bit(name) for name in share.names]
    judging.too_deep.update(module for module in judging.modules if module.path in share.too_deep)

    def here(numbers_there: int) -> int:
        own = numbers_there & ((1 << known) - 1)
        further = numbers_there >> known
        while further:
            last = further & -further
            own |= numbers[last.bit_length() - 1]
            further ^= last
        return reads.shared(own)

    return {place: Judged(item.findings, here(item.numbers)) for place, item in share.judged.items()}
