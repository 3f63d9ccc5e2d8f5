"""The call graph in numbers: what each node runs, whether it blocks, and what that hangs on. So it outlives the facts.

A node has its number from the first time that somebody asks about it. What is known of one goes when something that it hangs on
is another: `forget`. Whoever has asked whether a node blocks, and how, hangs on the node and not on all that lies below it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from nosyncio.analysis.facts import Place
from nosyncio.analysis.sets import NOTHING, Numbers, Pack, hangs_on

Run: TypeAlias = tuple[tuple[int, ...], ...]
"""As in `runs`, by number."""

Runs: TypeAlias = tuple[Run, ...]
"""What a node runs, site by site."""

_KNOWN, _HAS_OWN, _SETTLED, _BLOCKS, _ASKED, _FILLED = (1 << place for place in range(6))
_NOTHING = 0


class Looked(NamedTuple):
    """What was seen of a node: what it runs, whether its own body blocks, and what that hangs on."""

    runs: Runs
    has_own: bool
    numbers: Numbers


class Spot(NamedTuple):
    """A site of a node, by scope and place. doubt: 1 where it hangs on a test of unknown outcome whether it runs, else 0."""

    scope: int
    place: Place
    doubt: int


class Shown(NamedTuple):
    """What ways through a node that blocks show of it: the sites of its runs, its own blocking operations, and a digest of all
    else."""

    steps: tuple[Spot, ...]
    own: tuple[Spot, ...]
    digest: bytes


class News(NamedTuple):
    """What a copy of a graph knows more than the other one did: `keys` of nodes from the number `first` on; what it knows of
    nodes, each as (number, runs, state, set), with sets packed; `shown` as in `Graph`."""

    first: int
    keys: list[bytes]
    nodes: list[tuple[int, Runs, int, int]]
    sets: dict[int, bytes]
    shown: dict[int, Shown]


class Graph:
    """What is known of nodes, by number.

    keys: what each node is. runs: as `Runs`, or packed. states: whether it is known, blocks, is filled beforehand. sets: what
    nodes hang on; hanging: which of these each node does. shown: of nodes that block.
    """

    def __init__(
        self,
        keys: Iterable[bytes] = (),
        runs: Iterable[Runs | bytes] = (),
        states: bytes = b"",
        sets: Iterable[Numbers | bytes] = (NOTHING,),
        hanging: Iterable[int] = (),
        shown: Mapping[int, Shown] = MappingProxyType({}),
    ) -> None:
        self.keys = list(keys)
        self.runs = list(runs)
        self.states = bytearray(states)
        self.sets = list(sets)
        self.hanging = array("I", hanging)
        self.shown = dict(shown)
        self._numbers = {key: number for number, key in enumerate(self.keys)}
        self._places: dict[Numbers | bytes, int] = {numbers: place for place, numbers in enumerate(self.sets)}

    @property
    def is_whole(self) -> bool:
        """Whether all parts speak of the same nodes."""
        lengths = {len(self._numbers), len(self.runs), len(self.states), len(self.hanging)}
        return len(lengths) == 1 and max(self.hanging, default=0) < len(self.sets)

    def __len__(self) -> int:
        return len(self.keys)

    def number(self, key: bytes) -> int:
        """The number of a node."""
        number = self._numbers.setdefault(key, len(self.keys))
        if number == len(self.keys):
            self.keys.append(key)
            self.runs.append(())
            self.states.append(0)
            self.hanging.append(_NOTHING)
        return number

    def is_known(self, number: int) -> bool:
        """Whether it is known what a node runs."""
        return bool(self.states[number] & _KNOWN)

    def blocks(self, number: int) -> bool | None:
        """Whether a node blocks; None where that is not settled."""
        state = self.states[number]
        return bool(state & _BLOCKS) if state & _SETTLED else None

    def runs_of(self, number: int) -> Runs:
        """What a node runs."""
        runs = self.runs[number]
        return _unpacked(runs) if isinstance(runs, bytes) else runs

    def callees(self, number: int) -> Iterator[int]:
        """The nodes that a node runs."""
        return (callee for run in self.runs_of(number) for branch in run for callee in branch)

    def put(self, number: int, looked: Looked) -> None:
        """Take in what was seen of a node."""
        self.runs[number] = looked.runs
        self.states[number] = _KNOWN | (_HAS_OWN if looked.has_own else 0)
        self.hang(number, looked.numbers)

    def hang(self, number: int, numbers: Numbers | bytes) -> None:
        """Note what is known of a node to hang on these."""
        place = self._places.setdefault(numbers, len(self.sets))
        if place == len(self.sets):
            self.sets.append(numbers)
        self.hanging[number] = place

    def hung_on_by(self, number: int) -> Numbers | bytes:
        """What is known of a node hangs on these."""
        return self.sets[self.hanging[number]]

    def hanging_on(self, stale: Set[int]) -> set[int]:
        """The nodes of which something is known that hangs on one of these, as `Reads.holding` gives them."""
        places = {place for place, numbers in enumerate(self.sets) if hangs_on(numbers, stale)}
        return {number for number, place in enumerate(self.hanging) if place in places}

    def forget(self, numbers: Iterable[int]) -> None:
        """Know nothing of some nodes any more."""
        for number in numbers:
            self.runs[number] = ()
            self.states[number] = 0
            self.hanging[number] = _NOTHING
            self.shown.pop(number, None)

    def news(self, first: int, states: bytes, packed: Pack) -> News:
        """What is known more than when there were `first` nodes, in these states. packed: a set in that form."""
        before = states.ljust(len(self), b"\0")
        numbers = [number for number in self.all_known() if not before[number] & _KNOWN]
        nodes = [(number, self.runs_of(number), self.states[number], self.hanging[number]) for number in numbers]
        sets = {place: packed(self.sets[place]) for place in {self.hanging[number] for number in numbers}}
        shown = {number: self.shown[number] for number in numbers if number in self.shown}
        return News(first, self.keys[first:], nodes, sets, shown)

    def numbers_of(self, news: News) -> list[int]:
        """The numbers that the nodes of a copy have here."""
        return [*range(news.first), *map(self.number, news.keys)]

    def take(self, news: News, here: Sequence[int], translated: Callable[[bytes], bytes]) -> None:
        """Take in what a copy knows more. here: as `numbers_of` says. translated: a packed set, as it is here."""
        places = {place: translated(numbers) for place, numbers in news.sets.items()}
        for number, runs, state, place in news.nodes:
            node = here[number]
            if not self.is_known(node):
                self.runs[node] = tuple([tuple([tuple([here[one] for one in branch]) for branch in run]) for run in runs])
                self.states[node] = state
                self.hang(node, places[place])
                if number in news.shown:
                    self.shown[node] = news.shown[number]

    # ------------------------------------------------------------------------------------------------------------- who blocks

    def all_blocking(self) -> set[int]:
        """The nodes that block."""
        return {number for number, state in enumerate(self.states) if state & _BLOCKS}

    def all_known(self) -> list[int]:
        """The nodes of which it is known what they run."""
        return [number for number, state in enumerate(self.states) if state & _KNOWN]

    def settle(self, region: Sequence[int], is_filled: Callable[[int], bool]) -> None:
        """Find out which nodes of a region block: all that they run is in it, too, or settled. A least fixed point, so that
        circles end. is_filled: whether the loop finds done what a node gives. That is dear to ask, and asked only of what would
        block if not."""
        self.unsettle(region)
        users = self._users(region)
        blocking = [callee for callee in users if self._is_blocking(callee)]
        for number in region:
            if self.states[number] & _HAS_OWN and not self._is_filled(number, is_filled):
                self.states[number] |= _BLOCKS
                blocking.append(number)
        while blocking:
            for user in users.get(blocking.pop(), ()):
                if not self.states[user] & _BLOCKS and self._runs_blocking(user) and not self._is_filled(user, is_filled):
                    self.states[user] |= _BLOCKS
                    blocking.append(user)
        for number in region:
            self.states[number] |= _SETTLED

    def _runs_blocking(self, number: int) -> bool:
        """Whether some run of a node blocks, as far as is known."""
        return any(map(self.blocking_in, self.runs_of(number)))

    def blocking_in(self, run: Run) -> list[int]:
        """The nodes of a run that block, if each thing that the callee can be does."""
        branches = [list(filter(self._is_blocking, branch)) for branch in run]
        return [number for branch in branches for number in branch] if all(branches) else []

    def _is_blocking(self, number: int) -> bool:
        return bool(self.states[number] & _BLOCKS)

    def _is_filled(self, number: int, ask: Callable[[int], bool]) -> bool:
        if not self.states[number] & _ASKED:
            self.states[number] |= _ASKED | (_FILLED if ask(number) else 0)
        return bool(self.states[number] & _FILLED)

    def users(self, numbers: Set[int]) -> set[int]:
        """The nodes that run one of some."""
        users = self._users(self.all_known()) if numbers else {}
        return {user for number in numbers for user in users.get(number, ())}

    def above(self, numbers: Iterable[int], counts: Callable[[int], bool]) -> set[int]:
        """Some nodes, and those that run one of them, at any remove, as far as they count."""
        users = self._users(filter(counts, self.all_known()))
        return _closure(numbers, lambda number: users.get(number, ()))

    def _users(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """For each node that some nodes run, those of them that do."""
        users: dict[int, list[int]] = {}
        for number in numbers:
            for callee in self.callees(number):
                users.setdefault(callee, []).append(number)
        return users

    def below(self, numbers: Iterable[int]) -> set[int]:
        """Some nodes, and those that they run, at any remove."""
        return _closure(numbers, self.callees)

    def unsettle(self, numbers: Iterable[int]) -> None:
        """Know no longer whether some nodes block."""
        for number in numbers:
            self.states[number] &= ~(_SETTLED | _BLOCKS)

    def packed_runs(self) -> list[bytes]:
        """`runs` of all nodes, packed."""
        return [runs if isinstance(runs, bytes) else _packed(runs) for runs in self.runs]


def _closure(numbers: Iterable[int], following: Callable[[int], Iterable[int]]) -> set[int]:
    found = set(numbers)
    waiting = list(found)
    while waiting:
        for number in following(waiting.pop()):
            if number not in found:
                found.add(number)
                waiting.append(number)
    return found


def _packed(runs: Runs) -> bytes:
    """For each run the number of its branches, for each of these the number of its nodes, and these."""
    flat = array("I")
    for run in runs:
        flat.append(len(run))
        for branch in run:
            flat.append(len(branch))
            flat.extend(branch)
    return flat.tobytes()


def _unpacked(data: bytes) -> Runs:
    flat = array("I", data)
    runs: list[Run] = []
    place = 0
    while place < len(flat):
        branches: list[tuple[int, ...]] = []
        length, place = flat[place], place + 1
        for _ in range(length):
            size = flat[place]
            branches.append(tuple(flat[place + 1 : place + 1 + size]))
            place += 1 + size
        runs.append(tuple(branches))
    return tuple(runs)
