"""Whether a site blocks: what it runs, asked of the catalogue, with the conditions that its entries set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments, Operand
from nosyncio.analysis.conditions import is_guarded, refusal
from nosyncio.analysis.facts import Expr, Flag
from nosyncio.analysis.makers import Makers
from nosyncio.analysis.origins import origins
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.sets import NOTHING, Numbers
from nosyncio.analysis.types import (
    ClassSymbol,
    ClassType,
    Frame,
    FunctionType,
    Instance,
    Named,
    Partial,
    Super,
    Type,
    candidates,
)
from nosyncio.catalogue import Harmless, Verdict
from nosyncio.catalogue.schema import Argument, Blocking

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Blocked:
    """A site that blocks.

    site: its index in the scope.
    verdict: what the catalogue says of it.
    place: where people should look: the call, or what is iterated or entered.
    maker: the blocking call, in the same scope, whose operation this one continues.
    """

    site: int
    verdict: Verdict
    place: facts.Place
    maker: int | None


class Verdicts:
    """Judges sites one by one; knows nothing of contexts."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._known: dict[tuple[Frame, int], tuple[Verdict | None, Numbers]] = {}
        linker.reads.watch(self._known)
        self._handlers: Kept[tuple[Frame, Expr], tuple[str, ...]] = Kept(linker.reads)
        self._makers = Makers(linker, self)

    def blocked(self, frame: Frame, index: int) -> Blocked | None:
        """What blocks at a site, if anything does and the site itself (not an await, not an offload) does the waiting."""
        verdict = self.verdict(frame, index)
        site = frame.scope.sites[index]
        if verdict is None or (verdict.entry.lazy and not isinstance(site, (facts.Iterate, facts.Call))):
            return None
        if verdict.entry.lazy and isinstance(site, facts.Call) and self.consumed_argument(frame, site) is None:
            return None
        return Blocked(
            index, verdict, self._place(frame, site, verdict.entry), self._makers.operation(frame, site, verdict.entry)
        )

    def _place(self, frame: Frame, site: facts.Site, entry: Blocking) -> facts.Place:
        """Where people should look: of `sorted(path.glob("*"))`, the lazy call inside."""
        argument = self.consumed_argument(frame, site) if entry.lazy and isinstance(site, facts.Call) else None
        if argument is not None:
            for origin in origins(self._linker, frame, argument):
                inner = frame.scope.sites[origin.site].place
                if not origin.is_generator and site.place[:2] <= inner[:2] and inner[2:] <= site.place[2:]:
                    return inner
        return site.place

    def verdict(self, frame: Frame, index: int) -> Verdict | None:
        """What the catalogue says of a site, lazy calls included; None where it does not block."""
        site = frame.scope.sites[index]
        if isinstance(site, facts.Write) or (isinstance(site, facts.Read) and site.name not in self._linker.catalogue.words):
            return None  # before it is noted: most sites are one of these
        key, reads = (frame, index), self._linker.reads
        known = self._known.get(key)
        if known is None:
            self._known[key] = (None, NOTHING)  # a site that is asked for while it is judged does not block by itself
            before = reads.begin()
            try:
                judged = self._judge(frame, site)
            finally:
                own = reads.end(before)
                del self._known[key]
            known = self._known[key] = (judged, own)
        else:
            reads.seen |= known[1]
        return known[0]

    def _judge(self, frame: Frame, site: facts.Site) -> Verdict | None:
        if site.flags & Flag.ASYNC:
            return None
        if isinstance(site, facts.Call):
            if site.flags & Flag.AWAITED and self._may_be_awaitable(frame, site):
                return None
            return self._of_call(frame, site) or self._of_consumed(frame, site)
        if isinstance(site, facts.Iterate):
            return self._of_iterated(frame, site.iterable)
        if isinstance(site, facts.Enter):
            verdict = self._of_method(frame, site.manager, "__enter__")
            return verdict if verdict is None or not verdict.entry.held or self._waits_inside(frame, site) else None
        if isinstance(site, facts.Operate):
            return self._of_method(frame, site.value, site.method)
        if isinstance(site, facts.Read):
            return self._of_attribute(frame, site)
        return None

    def _waits_inside(self, frame: Frame, enter: facts.Enter) -> bool:
        """Whether something in the block of a `with` awaits or blocks."""
        for index, site in enumerate(frame.scope.sites):
            if site != enter and enter.place[2:] < site.place[:2] and site.place[0] <= enter.last_line:
                if site.flags & (Flag.AWAITED | Flag.ASYNC) or self.verdict(frame, index) is not None:
                    return True
        return False

    def _may_be_awaitable(self, frame: Frame, call: facts.Call) -> bool:
        """Whether an awaited call can be right. Only a result that surely cannot be awaited shows that the call has run; and of
        a method, that its receiver is something else than it is taken for, by a wrong annotation maybe."""
        if self._linker.names.dotted(frame, call.function) is None:
            return True
        return self._linker.calls.may_be_awaited(frame, self._linker.values.value(frame, call.function), call)

    # ----------------------------------------------------------------------------------------------------------------- calls

    def _of_call(self, frame: Frame, call: facts.Call) -> Verdict | None:
        arguments = Arguments.of_call(self._linker, frame, call)
        dotted = self._linker.names.dotted(frame, call.function)
        if dotted is not None:
            told = self._linker.catalogue.verdicts(dotted)
            if told:
                return self.settle(told, frame, call.function, arguments)
        callee = self._linker.values.value(frame, call.function)
        return self._agreed(self._as_method(frame, call.function, callee), frame, call.function, arguments)

    def _as_method(self, frame: Frame, function: Expr, callee: Type) -> Type:
        """A callee; where a class of a package has a function for a method that was defined elsewhere (`parse = parse`), by the
        name that it has there."""
        if not isinstance(callee, FunctionType) or not isinstance(function, facts.Attribute):
            return callee
        symbol = callee.symbol
        if not symbol.frame.module.is_installed or symbol.frame.scope.parent != 0:  # a method, or what a decorator made
            return callee
        receiver = self._linker.values.value(frame, function.value)
        if not isinstance(receiver, Instance):
            return callee
        known = (name for name in self.method_names(receiver.symbol, function.name) if self._linker.catalogue.verdicts(name))
        return next((Named(name, receiver) for name in known), callee)

    def _agreed(self, callee: Type, frame: Frame, function: Expr | None, arguments: Arguments) -> Verdict | None:
        """The verdict on a callee; where it can be several things, only if each of them blocks."""
        agreed: Verdict | None = None
        for item in candidates(callee):
            verdict = self.settle(self.told(item), frame, function, arguments)
            if verdict is None:
                return None
            agreed = agreed or verdict
        return agreed

    def settle(
        self, told: Iterable[Verdict | Harmless], frame: Frame, function: Expr | None, arguments: Arguments
    ) -> Verdict | None:
        """The first entry whose conditions hold for this call."""
        for verdict in told:
            if isinstance(verdict, Harmless):
                return None
            if self.refusal(verdict.entry, frame, function, arguments) is None:
                return verdict
        return None

    def refusal(self, entry: Blocking, frame: Frame, function: Expr | None, arguments: Arguments) -> str | None:
        """The field of an entry that keeps a call from blocking; None if none does."""
        receiver = function.value if isinstance(function, facts.Attribute) else None
        made, lineage = partial(self._makers.of, frame, receiver), partial(self._makers.lineage, frame, receiver)
        refused = refusal(entry, arguments, made, lineage) or self._handle_refuses(entry, frame, receiver, arguments)
        if refused is None and entry.continues and self._makers.made_in_memory(frame, receiver):
            return "in_memory"
        if refused is None and receiver is not None and is_guarded(self._linker, entry, frame, receiver):
            return "unless_called"
        return refused

    def told(self, callee: Type) -> list[Verdict | Harmless]:
        """What the catalogue says of calling a value."""
        for name in self.names(callee):
            told = self._linker.catalogue.verdicts(name)
            if told:
                return told
        return []

    def names(self, callee: Type) -> Iterator[str]:
        """The qualified names under which the catalogue may know a callee, the most specific first."""
        if isinstance(callee, Partial):
            yield from self.names(callee.function)
        elif isinstance(callee, ClassType):
            yield from self._constructors(callee.symbol)
        elif isinstance(callee, FunctionType):
            receiver = callee.receiver
            if isinstance(receiver, (Instance, ClassType, Super)):
                after = receiver.symbol if isinstance(receiver, Super) else None
                yield from self.method_names(receiver.symbol, callee.symbol.name, after)
            yield callee.symbol.qualified_name
        elif isinstance(callee, Named):
            if isinstance(callee.receiver, Instance):
                yield from self.method_names(callee.receiver.symbol, callee.qualified_name.rpartition(".")[2])
            yield callee.qualified_name
        elif isinstance(callee, Instance):
            yield from self.method_names(callee.symbol, "__call__")

    def _constructors(self, symbol: ClassSymbol) -> Iterator[str]:
        for cls, _ in self._linker.classes.order(symbol):
            yield cls.qualified_name
            if cls.has_bodies and cls.frame is not None and any(map(cls.frame.scope.binds, ("__init__", "__new__"))):
                return

    def method_names(self, symbol: ClassSymbol, method: str, after: ClassSymbol | None = None) -> Iterator[str]:
        """The qualified names of `method` on each class of the resolution order, up to an override in code that is read. What is
        read behind a stub ends nothing: the catalogue is asked by what the stub says of the class, read or not."""
        waiting = after is not None
        described: ClassSymbol | None = None
        for cls, _ in self._linker.classes.order(symbol):
            if waiting:
                waiting = cls is not after
                continue
            yield f"{cls.qualified_name}.{method}"
            if cls.has_bodies and cls is not described and cls.frame is not None and cls.frame.scope.binds(method):
                return
            described = self._linker.sources.of_class(cls)

    # ----------------------------------------------------------------------------------------------------- syntax that calls

    def _of_method(self, frame: Frame, value: Expr, method: str) -> Verdict | None:
        """The verdict on a special method that syntax calls on `value`."""
        function = facts.Attribute(value, method)
        dotted = self._linker.names.dotted(frame, function)
        if dotted is not None:
            told = self._linker.catalogue.verdicts(dotted)
            if told:
                return self.settle(told, frame, function, Arguments((), {}, complete=False))
        agreed: Verdict | None = None
        for item in candidates(self._linker.values.value(frame, value)):
            if not isinstance(item, Instance):
                return None
            told = self._first(self.method_names(item.symbol, method))
            verdict = self.settle(told, frame, function, Arguments((), {}, complete=False))
            if verdict is None:
                return None
            agreed = agreed or verdict
        return agreed

    def _first(self, names: Iterator[str]) -> list[Verdict | Harmless]:
        return next((told for told in map(self._linker.catalogue.verdicts, names) if told), [])

    def _of_attribute(self, frame: Frame, site: facts.Read) -> Verdict | None:
        verdict = self._of_method(frame, site.value, site.name)
        return verdict if verdict is not None and site.name in verdict.entry.attributes else None

    def _of_iterated(self, frame: Frame, iterable: Expr) -> Verdict | None:
        """The verdict on iterating a value: by its type, or because the call that made it is lazy."""
        lazy = self._lazy_origins(frame, iterable)
        if lazy:
            return lazy[0]
        return self._of_method(frame, iterable, "__iter__") or self._of_method(frame, iterable, "__next__")

    def _lazy_origins(self, frame: Frame, iterable: Expr) -> list[Verdict]:
        """Verdicts of the lazy calls that `iterable` comes from, if it can come from nothing else."""
        found: list[Verdict] = []
        for origin in origins(self._linker, frame, iterable):
            if origin.is_generator or origin.frame != frame:
                return []
            passed = self.passed(frame, origin.call)
            if self.consumed_argument(frame, origin.call) is not None:
                return []
            if passed:
                verdict = next(filter(None, (self._of_iterated(frame, part) for part in passed)), None)
            else:
                verdict = self.verdict(frame, origin.site)
                verdict = verdict if verdict is not None and verdict.entry.lazy else None
            if verdict is None:
                return []
            found.append(verdict)
        return found

    def iterated_generators(self, frame: Frame, expr: Expr) -> Iterator[int]:
        """The generator expressions of this scope that iterating `expr` runs."""
        for origin in origins(self._linker, frame, expr):
            if origin.frame == frame:
                if origin.is_generator:
                    yield origin.site
                else:
                    for part in self.passed(frame, origin.call):
                        yield from self.iterated_generators(frame, part)

    def passed(self, frame: Frame, call: facts.Call) -> list[Expr]:
        """The arguments that the result of a call iterates as it is iterated itself."""
        told = self.told_of_callee(frame, call, self._linker.catalogue.passes)
        if told is None:
            return []
        arguments = Arguments.of_call(self._linker, frame, call)
        first = arguments.at(told.iterable.position, told.iterable.argument)
        further = arguments.positional[(told.iterable.position or 0) + 1 :] if told.rest else ()
        return [operand.expr for operand in (first, *further) if operand is not None and operand.expr is not None]

    def mapped(self, frame: Frame, call: facts.Call) -> Operand | None:
        """The argument that the result of a call calls as it is iterated, if any."""
        told = self.told_of_callee(frame, call, self._linker.catalogue.passes)
        if told is None or told.callable is None:
            return None
        return Arguments.of_call(self._linker, frame, call).at(told.callable.position, told.callable.argument)

    def consumed_argument(self, frame: Frame, call: facts.Call) -> Expr | None:
        """The argument that a call iterates before it returns, if it does."""
        return self._argument(frame, call, self._linker.catalogue.consumes)

    def entered_argument(self, frame: Frame, call: facts.Call) -> Expr | None:
        """The argument that a call enters as `with` does, if it does."""
        return self._argument(frame, call, self._linker.catalogue.enters)

    def _argument(self, frame: Frame, call: facts.Call, table: Callable[[str], Argument | None]) -> Expr | None:
        told = self.told_of_callee(frame, call, table)
        operand = None if told is None else Arguments.of_call(self._linker, frame, call).at(told.position, told.argument)
        return None if operand is None else operand.expr

    def called_method(self, frame: Frame, call: facts.Call) -> tuple[Expr, str] | None:
        """The argument of which a call runs a method before it returns, and that method (`len(x)`)."""
        told = self.told_of_callee(frame, call, self._linker.catalogue.calls)
        if told is None or told.method is None:
            return None
        operand = Arguments.of_call(self._linker, frame, call).at(told.callable.position, told.callable.argument)
        return None if operand is None or operand.expr is None else (operand.expr, told.method)

    def told_of_callee(self, frame: Frame, call: facts.Call, table: Callable[[str], _Told | None]) -> _Told | None:
        """What a table of the catalogue says of the callee, under the first of its names that the table has."""
        for name in self.handling_names(frame, call):
            told = table(name)
            if told is not None:
                return told
        return None

    def handling_names(self, frame: Frame, call: facts.Call) -> tuple[str, ...]:
        """The names of a callee that any table on arguments has. They are asked for several times for each call."""
        if not call.arguments and not call.keywords:
            return ()
        key = (frame, call.function)
        known = self._handlers.get(key)
        if known is not None:
            return known
        names, own = self._linker.reads.during(lambda: self._handled_names(frame, call))
        if self._linker.values.is_settled:
            self._handlers.keep(key, names, own)
        return names

    def _handled_names(self, frame: Frame, call: facts.Call) -> tuple[str, ...]:
        handles = self._linker.catalogue.handles
        items = candidates(self._linker.values.value(frame, call.function))
        return tuple([name for item in items for name in self.names(item) if handles(name)])

    def _of_consumed(self, frame: Frame, call: facts.Call) -> Verdict | None:
        argument = self.consumed_argument(frame, call)
        return None if argument is None else self._of_iterated(frame, argument)

    # --------------------------------------------------------------------------------------------------------------- handles

    def _handle_refuses(self, entry: Blocking, frame: Frame, receiver: Expr | None, arguments: Arguments) -> str | None:
        """The field of an entry that hangs on an argument which does not block."""
        if entry.in_memory is not None:
            operand = arguments.at(entry.in_memory.position, entry.in_memory.argument)
            if operand is not None and self.is_in_memory(operand.type):
                return "in_memory"
        if entry.handle is not None:
            operand = arguments.at(entry.handle.position, entry.handle.argument)
            if operand is None or not self._operand_blocks(operand, entry.handle.method):
                return "handle"
        if entry.handle_made is not None:
            handle = entry.handle_made
            operands = [made.at(handle.position, handle.argument) for made in self._makers.of(frame, receiver)]
            if not operands or not all(operand and self._operand_blocks(operand, handle.method) for operand in operands):
                return "handle_made"
        return None

    def _operand_blocks(self, operand: Operand, method: str) -> bool:
        if operand.frame is None or operand.expr is None:
            return False
        return self._of_method(operand.frame, operand.expr, method) is not None

    def is_in_memory(self, type_: Type) -> bool:
        """Whether a value is bytes, or of a class whose reading the catalogue calls harmless."""
        items = candidates(type_)
        for item in items:
            if not isinstance(item, Instance):
                return False
            if item.symbol.qualified_name in ("builtins.bytes", "builtins.bytearray"):
                continue
            told = self._first(self.method_names(item.symbol, "read"))
            if not told or not isinstance(told[0], Harmless):
                return False
        return bool(items)
