"""What the tests in a function ask about its parameters and its receiver, in itself and in what it hands them to.

What nothing asks about makes no difference, and is not kept of a call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.forwarded import own_keywords
from nosyncio.analysis.nodes import ValueTest, value_tests
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.slots import Slot, asked_slot
from nosyncio.analysis.types import ClassType, Frame, FunctionSymbol, FunctionType, Instance, Type, alternatives
from nosyncio.analysis.undecided import is_not_run_by

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_FARTHEST = 5
"""How many calls an argument is followed through to the test that asks about it."""
_FARTHEST_INSTALLED = 8
"""The same in installed packages, which hand what they are given through more layers."""


class Asked(NamedTuple):
    """What tests ask about a value: with what it is compared, and whether its class matters."""

    literals: frozenset[facts.Constant] = frozenset()
    prefixes: frozenset[str] = frozenset()
    classes: bool = False

    def merged(self, other: Asked) -> Asked:
        return Asked(self.literals | other.literals, self.prefixes | other.prefixes, self.classes or other.classes)


class Wanted(NamedTuple):
    """Of what an answer would make a difference, beside a function's parameters. attributes: the attributes of its receiver.
    first: its first parameter, where that is not the receiver."""

    attributes: bool
    first: bool

    def is_about(self, slot: Slot | None) -> bool:
        """Whether a slot is one that is asked about."""
        return self.attributes if isinstance(slot, str) else slot is not None and (self.first or slot != 0)


class _Found(NamedTuple):
    """What is asked within a function. height: how many calls below it that was found out through; None where more may be asked
    further down than was looked."""

    asked: dict[Slot, Asked]
    height: int | None


class Questions:
    """Reads them off the guards of sites; of each function once."""

    def __init__(self, linker: Linker, never_runs: Callable[[Frame, facts.Call], bool]) -> None:
        """never_runs: whether a call runs nothing, whatever the function around it is called with."""
        self._linker = linker
        self._never_runs = never_runs
        self._known: Kept[tuple[FunctionSymbol, Wanted, int], _Found] = Kept(linker.reads)
        self._whole: Kept[tuple[FunctionSymbol, Wanted], _Found] = Kept(linker.reads)

    def about(self, symbol: FunctionSymbol, wanted: Wanted) -> Mapping[Slot, Asked]:
        """What is asked when a call runs a function: no more than is wanted."""
        return self._asked_within(symbol, wanted, _FARTHEST if symbol.is_project else _FARTHEST_INSTALLED).asked

    def _asked_within(self, symbol: FunctionSymbol, wanted: Wanted, depth: int) -> _Found:
        """What tests ask about the parameters of a function, in itself and in what it hands them to."""
        symbol.frame.scope.read()  # the signature with the body, not twice
        if not wanted.attributes and len(symbol.frame.scope.parameters) <= (0 if wanted.first else 1):
            return _NOTHING
        whole = self._whole.get((symbol, wanted))
        if whole is not None and whole.height is not None and whole.height <= depth:
            return whole
        # It goes no deeper than `depth` says, and so ends in circles, too.
        key = (symbol, wanted, depth)
        found = self._known.once(key, lambda: self._found(symbol.frame, wanted, depth))
        if found.height is not None:
            self._whole.once((symbol, wanted), lambda: self._known.once(key, lambda: found))
        return found

    def _found(self, frame: Frame, wanted: Wanted, depth: int) -> _Found:
        asked: dict[Slot, Asked] = {}
        heights: list[int | None] = [0]
        for slot, need in self._asks(frame, wanted, depth, heights):
            asked[slot] = asked.get(slot, Asked()).merged(need)
        known = [height for height in heights if height is not None]
        return _Found(asked, max(known) if len(known) == len(heights) else None)

    def _asks(self, frame: Frame, wanted: Wanted, depth: int, heights: list[int | None]) -> Iterator[tuple[Slot, Asked]]:
        """The same, one by one. `heights` is told how far each call was followed."""
        for guard in frame.scope.guards:
            for test in value_tests(guard.test):
                slot = asked_slot(frame, test.value)
                if slot is not None and wanted.is_about(slot):
                    yield slot, self._need(frame, test)
        calls = [site for site in frame.scope.sites if isinstance(site, facts.Call)] if frame.scope.parameters else []
        if calls and depth == 0:
            heights.append(None)
        for call in calls if depth > 0 else ():
            yield from self._handed_on(frame, call, wanted, depth, heights)

    def _need(self, frame: Frame, test: ValueTest) -> Asked:
        literal = self._linker.values.literal
        if isinstance(test, facts.Equal):
            found = (literal(frame, other) for other in test.others)
            return Asked(literals=frozenset(item for item in found if item is not None))
        if isinstance(test, facts.StartsWith):
            prefix = literal(frame, test.prefix)
            is_text = prefix is not None and isinstance(prefix.value, str)
            return Asked(prefixes=frozenset([str(prefix.value)] if prefix is not None and is_text else ()))
        is_bool = isinstance(test, facts.Same) and (other := literal(frame, test.other)) is not None and other.type_name == "bool"
        return Asked(classes=is_bool or isinstance(test, facts.InstanceOf))

    def _handed_on(
        self, frame: Frame, call: facts.Call, wanted: Wanted, depth: int, heights: list[int | None]
    ) -> Iterator[tuple[Slot, Asked]]:
        """What is asked of parameters that a call hands on as they are, and of the receiver of a call on itself."""
        on_itself = wanted.attributes and _is_on_itself(frame, call)
        own = own_keywords(frame) if any(not keyword.name for keyword in call.keywords) else None
        if not on_itself and own is None and not any(wanted.is_about(asked_slot(frame, expr)) for expr in call.passed):
            return
        if self._never_runs(frame, call):
            return
        for item in alternatives(self._linker.values.value(frame, call.function)):
            target = self._target(item)
            if target is None or target.frame == frame or is_not_run_by(call, target):
                continue
            skip = not isinstance(item, FunctionType) or self._linker.calls.has_receiver(item, target)
            asked, height = self._asked_within(target, Wanted(on_itself, not skip), depth - 1)
            heights.append(None if height is None else height + 1)
            if not asked:
                continue
            parameters = target.frame.scope.parameters
            by_name = {parameters[slot].name: need for slot, need in asked.items() if isinstance(slot, int)}
            yield from ((slot, need) for slot, need in asked.items() if isinstance(slot, str))
            if own is not None and by_name:
                yield own, Asked()
            arguments = Arguments.of_call(self._linker, frame, call)
            for parameter, operand in arguments.bind(target, skip_receiver=skip) or ():
                slot = None if operand.expr is None else asked_slot(frame, operand.expr)
                if slot is not None and wanted.is_about(slot) and parameter.name in by_name:
                    yield slot, by_name[parameter.name]

    def _target(self, callee: Type) -> FunctionSymbol | None:
        """The function whose parameters a call's arguments become."""
        if isinstance(callee, ClassType):
            made = self._linker.members.method(callee.symbol, "__init__")
            return made if made is not None and made.frame.module.is_installed else None
        if not isinstance(callee, FunctionType):
            return None
        cls = callee.receiver.symbol if isinstance(callee.receiver, (Instance, ClassType)) else None
        return self._linker.sources.body(callee.symbol, cls)


_NOTHING = _Found({}, 0)


def _is_on_itself(frame: Frame, call: facts.Call) -> bool:
    """Whether a call is of a method of the function's own receiver."""
    return isinstance(call.function, facts.Attribute) and is_receiver(frame, frame.scope.root(call.function.value))
