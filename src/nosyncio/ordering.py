"""In which order things are done that need each other. Knows nothing of what they are: numbers, and sets of them as bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


def components(needs: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected components of a graph, each after those that it needs, its members sorted.

    Tarjan's algorithm (1972), with a stack of its own: `needs[n]` are the nodes that n needs.
    """
    order = [0] * len(needs)
    low = [0] * len(needs)
    open_ = [False] * len(needs)
    stack: list[int] = []
    found: list[list[int]] = []
    count = 0
    for root in range(len(needs)):
        if order[root]:
            continue
        work = [(root, 0)]
        while work:
            node, done = work.pop()
            if not done:
                count += 1
                order[node] = low[node] = count
                stack.append(node)
                open_[node] = True
            else:
                low[node] = min(low[node], low[needs[node][done - 1]])
            following = next((i for i in range(done, len(needs[node])) if _is_ahead(needs[node][i], node, order, low, open_)), -1)
            if following >= 0:
                work += [(node, following + 1), (needs[node][following], 0)]
            elif low[node] == order[node]:
                members: list[int] = []
                while not members or members[-1] != node:
                    members.append(stack.pop())
                    open_[members[-1]] = False
                found.append(sorted(members))
    return found


def _is_ahead(other: int, node: int, order: list[int], low: list[int], open_: list[bool]) -> bool:
    """Whether a node is still to be entered; if it is on the stack, note how far back it leads."""
    if not order[other]:
        return True
    if open_[other]:
        low[node] = min(low[node], order[other])
    return False


class Goal(NamedTuple):
    """Something to be reached. needs: all that must be done for it, as bits, at least one. key: orders goals that are equal
    otherwise."""

    needs: int
    key: tuple[Any, ...]


def steps(goals: Sequence[Goal], size: Callable[[int], int]) -> list[tuple[int, list[int]]]:
    """Steps that reach all goals: what is done in each, as bits, and which goals (their numbers, sorted) it reaches.

    A step is what one goal still needs, and no other goal needs less than a part of that; so each step reaches something, and
    what several goals need is done with the first of them. Of the steps that are possible, those come first that go on with what
    is begun: part of what their goals need is done. Among these, the one that reaches the most goals; then the one with the least
    to do (`size` of its bits), then that with the first key.
    """
    left: dict[int, list[int]] = {}
    for number, goal in enumerate(goals):
        left.setdefault(goal.needs, []).append(number)
    found: list[tuple[int, list[int]]] = []
    done = 0
    while left:
        begun = {needs: any(goals[number].needs & done for number in numbers) for needs, numbers in left.items()}
        firsts = {needs: min(goals[number].key for number in numbers) for needs, numbers in left.items()}
        ranked = sorted(left, key=lambda needs: (not begun[needs], -len(left[needs]), size(needs), firsts[needs]))
        chosen = next(needs for needs in ranked if not any(other != needs and other & ~needs == 0 for other in left))
        found.append((chosen, sorted(left[chosen])))
        done |= chosen
        after: dict[int, list[int]] = {}
        for needs, numbers in left.items():
            if needs != chosen:
                after.setdefault(needs & ~chosen, []).extend(numbers)
        left = after
    return found
