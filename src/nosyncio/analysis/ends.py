"""Where does the trail of a function end that the loop does not get to? Its callers are followed up to where nothing leads on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments, every_argument
from nosyncio.analysis.facts import Expr, Flag
from nosyncio.analysis.fates import Fate, functions_in, last_word
from nosyncio.analysis.trails import Way, step_key
from nosyncio.analysis.types import Frame, FunctionSymbol, Module, Step, Type, Unknown, candidates
from nosyncio.model import Top

if TYPE_CHECKING:
    from nosyncio.analysis.bodies import Node
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.runs import Runs

_RUN_BY_CLASS = frozenset(("__init__", "__new__", "__post_init__", "__attrs_post_init__"))
_ANY_FATE = Fate.CALLED | Fate.OFFLOADED | Fate.ON_LOOP
_SAYS_NOTHING = ("builtins.", "abc.", "functools.", "typing.", "typing_extensions.")


class Ends:
    """Looks through all modules for what becomes of a function. What a call does with what it is given, and what only runs in a
    thread, is asked of others. is_reached: whether loop code reaches a function."""

    def __init__(
        self,
        linker: Linker,
        contexts: Contexts,
        runs: Runs,
        modules: Iterable[Module],
        is_reached: Callable[[FunctionSymbol], bool],
    ) -> None:
        self._linker = linker
        self._contexts = contexts
        self._is_reached = is_reached
        self._callers: dict[FunctionSymbol, list[tuple[Step, FunctionSymbol | None]]] = {}
        self._offloaded: dict[FunctionSymbol, list[Step]] = {}
        self._calls: dict[str, list[tuple[Frame, facts.Call]]] = {}
        self._read: dict[str, list[tuple[Frame, facts.Read]]] = {}
        self._passed: dict[str, list[tuple[Frame, facts.Call, Expr]]] = {}
        for module in modules:
            for number in range(len(module.facts.scopes)):
                self._note(Frame(module, number), runs)

    def ways(self, symbol: FunctionSymbol) -> list[Way]:
        """The ways to a function that begin outside loop code, the nearest first; guesses come last."""
        found: list[Way] = []
        below: dict[FunctionSymbol, tuple[Step, ...]] = {symbol: ()}
        waiting = deque([symbol])
        while waiting:
            function = waiting.popleft()
            callers = sorted(self._callers.get(function, ()), key=lambda caller: step_key(caller[0]))
            tops = list(self._tops(function, is_called=bool(callers)))
            for step, caller in callers:
                if caller is None:
                    tops.append(Way(Top.MAIN if _is_main(step) else Top.MODULE, (step,)))
                elif self._is_reached(caller):
                    tops.append(Way(Top.OTHER_CLASS, (step,), caller))
                elif caller not in below and not self._contexts.on_loop(caller.frame):
                    below[caller] = (step, *below[function])
                    waiting.append(caller)
            if not callers and all(top.top is Top.MAYBE for top in tops):
                tops.append(Way(Top.NOT_CALLED, (), function, self._may_be_called_by(function)))
            found += [way._replace(steps=(*way.steps, *below[function])) for way in tops]
        if all(way.top is Top.MAYBE for way in found):
            found.append(Way(Top.NOT_CALLED, (), symbol, "only by itself"))
        return sorted(found, key=lambda way: (way.top is Top.MAYBE, way.sort_key, way.top.value))

    def _tops(self, function: FunctionSymbol, *, is_called: bool) -> Iterator[Way]:
        """What is known of a function beside its callers."""
        offloaded = dict.fromkeys(self._offloaded.get(function, ()))
        for step in offloaded:
            yield Way(Top.THREAD, (step,))
        if not is_called and not offloaded:
            if self._contexts.only_offloaded(function):
                yield Way(Top.THREAD, (), function, self._may_be_called_by(function))
                return
            for step in self._called_in_vain(function):
                detail = "it is a generator function, and nothing is seen to iterate what it gives"
                yield Way(Top.NOT_RUN, (step,), detail=detail if function.frame.scope.is_generator else "")
        for step in self._passed_on(function):
            if step not in offloaded:
                yield Way(Top.PASSED, (step,))
        for step, reason in self._perhaps_called(function):
            yield Way(Top.MAYBE, (step,), detail=reason)

    # --------------------------------------------------------------------------------------------------------------- mentions

    def _note(self, frame: Frame, runs: Runs) -> None:
        """Take in what a scope says of functions."""
        if not frame.scope.sites:
            return
        around = self._linker.names.function_around(frame)
        for step, node in dict.fromkeys(_steps_of(frame, self._contexts, runs)):
            self._callers.setdefault(node.symbol, []).append((step, around))
        handing = self._contexts.references.handing()
        for site in frame.scope.sites:
            if isinstance(site, facts.Read):
                self._read.setdefault(site.name, []).append((frame, site))
            elif isinstance(site, facts.Call):
                word = last_word(frame.module, frame.number, site.function)
                self._calls.setdefault(word, []).append((frame, site))
                for expr in every_argument(site):
                    passed = last_word(frame.module, frame.number, expr)
                    if passed:
                        self._passed.setdefault(passed, []).append((frame, site, expr))
                if word in handing:
                    for symbol in self._contexts.references.handed_over(frame, site, Fate.OFFLOADED):
                        self._offloaded.setdefault(symbol, []).append(Step(frame, site.place))

    def _called_in_vain(self, function: FunctionSymbol) -> Iterator[Step]:
        """The calls of a function that run nothing of it."""
        for frame, call in self._calls.get(function.name, ()):
            if function in functions_in(self._value(frame, call.function)):
                yield Step(frame, call.place)

    def _passed_on(self, function: FunctionSymbol) -> Iterator[Step]:
        """The calls that are given a function, of which it is not known what they do with it."""
        for frame, call, expr in self._passed.get(function.name, ()):
            if function in functions_in(self._value(frame, expr)):
                if function not in self._contexts.references.handed_over(frame, call, _ANY_FATE):
                    yield Step(frame, call.place)

    def _perhaps_called(self, function: FunctionSymbol) -> Iterator[tuple[Step, str]]:
        """The calls on the loop of something unknown that has a function's name and is given its arguments, and why it is
        unknown; the reads, if it is a property."""
        name, skip = function.name, function.owner is not None
        if function.owner is not None and name in _RUN_BY_CLASS:
            name = function.owner.qualified_name.rpartition(".")[2]
        for frame, call in self._calls.get(name, ()):
            reason = self._unknown_on_loop(frame, call.function)
            if reason and Arguments.of_call(self._linker, frame, call).bind(function, skip_receiver=skip) is not None:
                yield Step(frame, call.place), reason
        if self._linker.calls.is_property(function):
            for frame, read in self._read.get(name, ()):
                reason = self._unknown_on_loop(frame, read.value)
                if reason:
                    yield Step(frame, read.place), reason

    def _unknown_on_loop(self, frame: Frame, expr: Expr) -> str:
        """Why it is not known what an expression is that runs on the loop; empty for any other."""
        around = self._linker.names.function_around(frame)
        if around is None or not (self._contexts.on_loop(frame) or self._is_reached(around)):
            return ""
        return next((item.reason.value for item in candidates(self._value(frame, expr)) if isinstance(item, Unknown)), "")

    def _may_be_called_by(self, function: FunctionSymbol) -> str:
        """What outside the code under check may call a function."""
        for name in self._linker.calls.decorators(function):
            if name.strip(".") and not name.startswith((*_SAYS_NOTHING, ".")):
                return f"decorated with `{name}`"
        if function.owner is not None:
            for base, _ in self._linker.classes.order(function.owner):
                if base.frame is None and base.qualified_name != "?":
                    return f"a method of a class that derives from `{base.qualified_name}`"
                if not base.is_project and base.frame is not None and function.name in base.frame.scope.names:
                    return f"overrides `{base.qualified_name}.{function.name}`"
        return ""

    def _value(self, frame: Frame, expr: Expr) -> Type:
        return self._linker.values.value(frame, expr)


def _is_main(step: Step) -> bool:
    module = step.frame.module
    if any(module.facts.scopes[number].is_main for number in module.facts.around(step.frame.number)):
        return True
    return any(site.place == step.place and site.flags & Flag.MAIN for site in step.frame.scope.sites)


def _steps_of(frame: Frame, contexts: Contexts, runs: Runs) -> list[tuple[Step, Node]]:
    """The sites of a scope that run functions, with these; nothing where types are nested too deeply to be followed."""
    found: list[tuple[Step, Node]] = []
    try:
        for index in contexts.running(frame):
            step = Step(frame, frame.scope.sites[index].place)
            found += [(step, node) for run in runs.of_site(frame, index) for branch in run for node in branch]
    except RecursionError:
        return []
    return found
