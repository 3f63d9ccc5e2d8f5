"""Judging on several cores: each process judges a share of the modules, in the light of all of them.

The others are copies of this one (`fork`), made once the indexes are: nothing is sent to them, and what several need that is
worked out by then is there. What a module gives does not depend on what was judged before it, so neither on who judges it.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Hashable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from nosyncio.analysis.families import Families
from nosyncio.analysis.graph import News
from nosyncio.analysis.sets import Numbers, packed
from nosyncio.analysis.types import Module
from nosyncio.asked import Answers
from nosyncio.judging import REACHED, Judged, Judging, within_stack

FEWEST = 75
"""A copy, and what it works out for itself although this process does so too, costs about what judging this many does."""

_DEALT = 32
"""Neighbours have much in common, so they are dealt out together; many hands of them, so that all take about as long."""


class _Share(NamedTuple):
    """What a process found: by the module's place among those that are judged. names: what it was the first to read, so that
    only it has numbers for them. answers, settled: what it knows by now of what there is. too_deep: the paths of modules that it
    could not follow. has_looked_through: as in `References`. news, families: what else it knows by now."""

    judged: dict[int, Judged]
    names: list[Hashable]
    answers: Answers
    settled: set[str]
    too_deep: list[str]
    has_looked_through: bool
    news: News
    families: Families


def judged(judging: Judging, modules: Sequence[Module], jobs: int, answers: Answers | None = None) -> dict[Module, Judged]:
    """What is found in each of `modules`, with `jobs` processes where that pays and can be done. answers: where it is noted what
    the files are asked, if it is."""
    jobs = min(jobs, len(modules) // FEWEST)
    answers = Answers({}, {}, {}) if answers is None else answers
    if jobs <= 1 or sys.platform != "linux" or threading.active_count() > 1:
        return {module: judging.judged(module) for module in modules}
    places = range(len(modules))
    shares = [[place for place in places if place // _DEALT % jobs == number] for number in range(jobs)]
    forking = multiprocessing.get_context("fork")
    others: list[tuple[Connection, BaseProcess, list[int]]] = []
    for share in shares[1:]:
        mine, theirs = forking.Pipe(duplex=False)
        process: BaseProcess = forking.Process(target=_send, args=(theirs, judging, modules, share, answers), daemon=True)
        process.start()
        theirs.close()
        others.append((mine, process, share))
    known = len(judging.linker.reads.names)
    found = {place: judging.judged(modules[place]) for place in shares[0]}
    for connection, process, share in others:
        try:
            taken: _Share = connection.recv()
            answers.add(taken.answers)
            found.update(_taken(judging, taken, known))
        except EOFError:  # the process is gone: killed, for want of memory perhaps
            found.update({place: judging.judged(modules[place]) for place in share})
        process.join()
    return {modules[place]: found[place] for place in places}


def _send(connection: Connection, judging: Judging, modules: Sequence[Module], share: list[int], answers: Answers) -> None:
    """Judge a share. Whatever goes wrong goes wrong again, and is told of, where the share is judged when nothing is sent."""
    try:
        linker = judging.linker
        graph, families = judging.lasting
        known, first, states, before = len(linker.reads.names), len(graph), bytes(graph.states), families.copy()
        found = {place: judging.judged(modules[place]) for place in share}
        pack = linker.reads.packed
        found = {place: Judged(item.findings, pack(item.numbers)) for place, item in found.items()}
        too_deep = [module.path for module in {*judging.too_deep, *judging.reach.too_deep} if module.path]
        names, settled = linker.reads.names[known:], linker.modules.settled
        has_looked_through, news = judging.references.has_looked_through, graph.news(first, states, pack)
        connection.send(_Share(found, names, answers, settled, too_deep, has_looked_through, news, families.news(before, pack)))
    except BaseException:
        connection.close()


def _taken(judging: Judging, share: _Share, known: int) -> dict[int, Judged]:
    """A share, in the numbers that this process has for what is read."""
    reads, known_modules = judging.linker.reads, judging.linker.modules
    nodes = judging.lasting.graph.numbers_of(share.news)
    numbers = [reads.number(_renumbered(name, nodes)) for name in share.names]
    known_modules.settled |= share.settled
    judging.too_deep.update(filter(None, map(known_modules.at, share.too_deep)))
    if share.has_looked_through:
        within_stack(judging.references.offloaded)  # later states must know what the results there hang on

    def here(numbers_there: Numbers | bytes) -> bytes:
        return packed(one if one < known else numbers[one - known] for one in reads.members(numbers_there))

    judging.lasting.graph.take(share.news, nodes, here)
    judging.lasting.families.take(share.families, here)
    return {place: Judged(item.findings, here(item.numbers)) for place, item in share.judged.items()}


def _renumbered(name: Hashable, nodes: Sequence[int]) -> Hashable:
    """What was read, if that is an answer on a node by the number that the node has here."""
    return (REACHED, nodes[name[1]]) if isinstance(name, tuple) and name[0] == REACHED else name
