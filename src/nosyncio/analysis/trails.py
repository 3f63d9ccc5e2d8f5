"""How does the loop get to a function? Every call in loop code that leads to it, by the shortest way."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis.facts import Place
from nosyncio.analysis.types import Frame, FunctionSymbol, Module, Step
from nosyncio.model import Top

if TYPE_CHECKING:
    from nosyncio.analysis.bodies import Node
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.reach import Reach


class Way(NamedTuple):
    """What stands at the top of a way to a function, and the sites that lead down from there. `function` is the one that is at
    the top, where that is another."""

    top: Top
    steps: tuple[Step, ...]
    function: FunctionSymbol | None = None
    detail: str = ""

    @property
    def sort_key(self) -> tuple[int, list[tuple[str, Place]]]:
        return (len(self.steps), [step_key(step) for step in self.steps])


class Trails:
    """The call graph below loop code, walked once and kept from callee to caller. What is loop code and what a site runs is
    asked of others."""

    def __init__(self, contexts: Contexts, reach: Reach, modules: Iterable[Module]) -> None:
        self._contexts = contexts
        self._reach = reach
        self._modules = list(modules)
        self._entries: dict[Node, list[Step]] = {}
        self._callers: dict[Node, list[tuple[Node, Step]]] | None = None

    def reached(self) -> Collection[Node]:
        """The sync functions of the code under check that loop code reaches, as they run there."""
        return self._graph().keys()

    def ways(self, symbol: FunctionSymbol) -> list[Way]:
        """For each call in loop code that leads to a function a shortest way, the shortest first."""
        callers = self._graph()
        ahead: dict[Node, tuple[int, Step | None, Node | None]] = {}
        waiting: deque[Node] = deque()
        for node in callers:
            if node.symbol is symbol:
                ahead[node] = (0, None, None)
                waiting.append(node)
        while waiting:
            node = waiting.popleft()
            length = ahead[node][0] + 1
            for caller, step in callers[node]:
                known = ahead.get(caller)
                if known is None:
                    waiting.append(caller)
                if known is None or (known[0] == length and _key(step, node) < _key(*known[1:])):
                    ahead[caller] = (length, step, node)
        found: dict[Step, Way] = {}
        for node in ahead:
            for entry in self._entries.get(node, ()):
                way = Way(Top.LOOP, (entry, *_down(ahead, node)))
                known_way = found.get(entry)
                if known_way is None or way.sort_key < known_way.sort_key:
                    found[entry] = way
        return sorted(found.values(), key=lambda way: way.sort_key)

    def _graph(self) -> dict[Node, list[tuple[Node, Step]]]:
        """The callers of each function that loop code reaches."""
        if self._callers is not None:
            return self._callers
        callers: dict[Node, list[tuple[Node, Step]]] = {}
        waiting: deque[Node] = deque()
        for entry, node in self._leaving():
            self._entries.setdefault(node, []).append(entry)
            if node not in callers:
                callers[node] = []
                waiting.append(node)
        while waiting:
            node = waiting.popleft()
            for step, callee in self._reach.callees(node):
                if not self._contexts.on_loop(callee.symbol.frame):  # else its own calls lead on from there
                    if callee not in callers:
                        callers[callee] = []
                        waiting.append(callee)
                    callers[callee].append((node, step))
        self._callers = callers
        return callers

    def _leaving(self) -> Iterator[tuple[Step, Node]]:
        """The sites in loop code that run sync functions, with these."""
        for module in self._modules:
            for number, scope in enumerate(module.facts.scopes):
                frame = Frame(module, number)
                if scope.sites and self._contexts.on_loop(frame):
                    try:
                        found = list(self._reach.leaving(frame))
                    except RecursionError:  # types are nested too deeply to be followed
                        continue
                    yield from found


def step_key(step: Step) -> tuple[str, Place]:
    """Orders steps by place."""
    return (step.frame.module.path or "", step.place)


def _key(step: Step | None, node: Node | None) -> tuple[str, Place, str, str]:
    assert step is not None
    assert node is not None
    return (*step_key(step), node.symbol.qualified_name, node.receiver.qualified_name if node.receiver is not None else "")


def _down(ahead: dict[Node, tuple[int, Step | None, Node | None]], start: Node) -> Iterator[Step]:
    node: Node | None = start
    while node is not None:
        _, step, node = ahead[node]
        if step is not None:
            yield step
