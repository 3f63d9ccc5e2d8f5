"""What is so of a blocking operation beside its kind: how its file is opened, what stands around it, where its file's name comes
from, what its data goes through. Facts only; names of variables say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.facts import Expr, Flag, ScopeKind
from nosyncio.analysis.fates import last_word
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.types import Frame
from nosyncio.catalogue.patterns import Mode, Trait, patterns

if TYPE_CHECKING:
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts

_FLAGS: dict[Trait, int] = {"loop": Flag.LOOP, "while": Flag.WHILE, "retry": Flag.RETRY, "handler": Flag.HANDLER}
_GROWS = frozenset(("append", "appendleft", "extend", "insert"))
_FARTHEST = 40
"""How many expressions are looked at to learn where a value comes from."""


@dataclass(slots=True)
class Traced:
    """Where a value comes from.

    calls: those behind it. anchors: what of the class or module it is found by: attributes, globals, helpers. literals: texts
    in it. is_keyed: whether what the function is given is part of it.
    """

    calls: set[int] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    literals: set[str] = field(default_factory=set)
    is_keyed: bool = False

    def may_be(self, other: Traced) -> bool:
        """Whether two names of files, in one class or module, may be of the same file."""
        if self.is_keyed is not other.is_keyed or self.literals != other.literals:
            return False
        return not self.anchors.isdisjoint(other.anchors) or (not self.is_keyed and bool(self.literals))


class Traits:
    """Answers for one operation at a time; what it learns of a scope it keeps."""

    def __init__(self, linker: Linker, verdicts: Verdicts, contexts: Contexts) -> None:
        self._linker = linker
        self._verdicts = verdicts
        self._contexts = contexts
        self._through: dict[Frame, list[tuple[int, str]]] = {}

    def of(self, operation: Operation) -> set[Trait]:
        """What is so of the operation alone."""
        site = operation.frame.scope.sites[operation.first.site]
        found: set[Trait] = {trait for trait, flag in _FLAGS.items() if site.flags & flag}
        found |= self._mode(operation)
        symbol = self._linker.names.function_around(operation.frame)
        if symbol is not None and self._contexts.only_initialises(symbol):
            found.add("constructor")
        return found

    def _mode(self, operation: Operation) -> set[Trait]:
        told = _modes().get(operation.first.verdict.name)
        call = operation.frame.scope.sites[operation.first.site]
        if told is None or not isinstance(call, facts.Call):
            return set()
        arguments = Arguments.of_call(self._linker, operation.frame, call)
        operand = arguments.at(told.mode.position, told.mode.argument)
        literal = None if operand is None else operand.literal()
        if operand is None and not arguments.complete and told.mode.argument is not None:
            return set()
        mode = told.always if operand is None else literal.value if literal is not None else None
        if not isinstance(mode, str) or "+" in mode:
            return set()
        found: set[Trait] = {"binary"} if "b" in mode else set()
        direction: Trait = "appends" if "a" in mode else "writes" if "w" in mode or "x" in mode else "reads"
        return {*found, direction}

    # ------------------------------------------------------------------------------------------------------- what goes through

    def uses(self, operation: Operation) -> set[str]:
        """The names of the calls that go on with an operation, that take what it gives, or that make what it is given."""
        found = {item.verdict.name for item in operation.further}
        sites = {operation.first.site, *(item.site for item in operation.further)}
        through = self._going_through(operation.frame)
        if through:
            given = self._given(operation.frame, sites)
            for index, name in through:
                call = operation.frame.scope.sites[index]
                assert isinstance(call, facts.Call)
                if index in given or any(self.trace(operation.frame, part, data=True).calls & sites for part in call.passed):
                    found.add(name)
        return found

    def _given(self, frame: Frame, sites: set[int]) -> set[int]:
        """The calls that make what some sites are given."""
        found: set[int] = set()
        for index in sites:
            site = frame.scope.sites[index]
            if isinstance(site, facts.Call):
                for part in site.passed:
                    found |= self.trace(frame, part, data=True).calls
        return found - sites

    def _going_through(self, frame: Frame) -> list[tuple[int, str]]:
        """The calls of a scope that patterns ask for by name: parsers and what makes text."""
        known = self._through.get(frame)
        if known is None:
            known = self._through[frame] = []
            for index, site in enumerate(frame.scope.sites):
                if isinstance(site, facts.Call) and last_word(frame.module, frame.number, site.function) in _words():
                    name = self._linker.names.dotted(frame, site.function)
                    if name is not None and name in _names():
                        known.append((index, name))
        return known

    def is_grown(self, operation: Operation) -> bool:
        """Whether what an operation writes is a list with something added to it in the same function."""
        frame = operation.frame
        sites = {operation.first.site, *(item.site for item in operation.further)}
        for index in sites | self._given(frame, sites):
            site = frame.scope.sites[index]
            if (
                isinstance(site, facts.Call)
                and site.arguments
                and any(index == number for number, _ in self._going_through(frame))
            ):
                if self._has_grown(frame, site.arguments[0]):
                    return True
        return False

    def _has_grown(self, frame: Frame, expr: Expr) -> bool:
        root = frame.scope.root(expr)
        value = frame.scope.bindings[root.binding] if isinstance(root, facts.Local) else root
        value = value.value if isinstance(value, facts.Declared) and value.value is not None else value
        if isinstance(value, facts.Display) and value.type_name == "list":
            return any(isinstance(item, facts.Starred) for item in value.items)
        if isinstance(value, facts.Operation):
            return value.operator == "add"
        return isinstance(root, facts.Local) and any(
            isinstance(site, facts.Call)
            and isinstance(site.function, facts.Attribute)
            and site.function.name in _GROWS
            and frame.scope.root(site.function.value) == root
            for site in frame.scope.sites
        )

    # ------------------------------------------------------------------------------------------------------------------- files

    def file(self, operation: Operation) -> Traced:
        """Where the name of an operation's file comes from: the receiver of a method, or the first argument of a function."""
        call = operation.frame.scope.sites[operation.first.site]
        if not isinstance(call, facts.Call):
            return Traced()
        is_method = operation.first.verdict.entry.class_ is not None
        if is_method and isinstance(call.function, facts.Attribute):
            return self.trace(operation.frame, call.function.value)
        return self.trace(operation.frame, call.passed[0]) if call.passed else Traced()

    def trace(self, frame: Frame, expr: Expr, *, data: bool = False) -> Traced:
        """Where a value comes from, as far as the scope itself says; with `data`, no farther than to the operations that gave
        it."""
        found = Traced()
        seen: set[Expr] = set()
        pending = [expr]
        while pending and len(seen) < _FARTHEST:
            part = pending.pop()
            if part not in seen:
                seen.add(part)
                parts = self._parts(frame, part, found)
                is_end = data and isinstance(part, facts.Result) and self._verdicts.verdict(frame, part.site) is not None
                pending += () if is_end else parts
                if is_end and isinstance(part, facts.Result):
                    found.calls.add(part.site)
        return found

    def _parts(self, frame: Frame, expr: Expr, found: Traced) -> Iterator[Expr]:
        if isinstance(expr, facts.Local):
            yield frame.scope.bindings[expr.binding]
        elif isinstance(expr, facts.Parameter):
            found.is_keyed = found.is_keyed or expr.index > 0 or not _is_method(frame)
        elif isinstance(expr, facts.Attribute):
            if is_receiver(frame, expr.value):
                found.anchors.add(f".{expr.name}")
            else:
                yield expr.value
        elif isinstance(expr, facts.Result):
            found.calls.add(expr.site)
            site = frame.scope.sites[expr.site]
            if isinstance(site, facts.Call):
                yield from self._parts_of_call(frame, site, found)
        elif isinstance(expr, facts.Name):
            value = frame.module.facts.scopes[0].final.get(expr.id)
            bound = None if value is None else frame.module.facts.scopes[0].bindings[value]
            if bound is not None and not isinstance(bound, (facts.Imported, facts.ClassRef)):
                found.anchors.add(expr.id)
        elif isinstance(expr, facts.Constant):
            if expr.type_name == "str" and expr.value is None:  # made of parts, which facts do not hold
                found.is_keyed = found.is_keyed or len(frame.scope.parameters) > _is_method(frame)
            elif isinstance(expr.value, str):
                found.literals.add(expr.value)
        else:
            yield from _inside(frame, expr)

    def _parts_of_call(self, frame: Frame, call: facts.Call, found: Traced) -> Iterator[Expr]:
        function = call.function
        if isinstance(function, facts.Attribute):
            if is_receiver(frame, function.value):
                found.anchors.add(f".{function.name}()")
            else:
                yield function.value
        else:
            yield function
        if not isinstance(function, facts.Attribute) or function.name != "with_suffix":
            yield from call.passed


def _inside(frame: Frame, expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, facts.Phi):
        yield from map(facts.Local, expr.bindings)
    elif isinstance(expr, facts.Either):
        yield from expr.values
    elif isinstance(expr, facts.Operation):
        yield from (expr.left, expr.right)
    elif isinstance(expr, facts.Subscript):
        yield from (expr.value, expr.index)
    elif isinstance(expr, (facts.Narrowed, facts.Awaited, facts.Starred, facts.Unpacked)):
        yield expr.value
    elif isinstance(expr, facts.Entered):
        yield expr.manager
    elif isinstance(expr, facts.Element):
        yield expr.iterable
    elif isinstance(expr, facts.Display):
        yield from expr.items
    elif isinstance(expr, facts.GeneratorRef):
        yield frame.scope.generators[expr.generator]
    elif isinstance(expr, facts.Declared) and expr.value is not None:
        yield expr.value


def _is_method(frame: Frame) -> bool:
    scopes = frame.module.facts.scopes
    return frame.scope.parent >= 0 and scopes[frame.scope.parent].kind is ScopeKind.CLASS


@cache
def _names() -> frozenset[str]:
    """The callees that some pattern asks for by what goes through them."""
    return frozenset(name for pattern in patterns().patterns for shape in pattern.fits for name in shape.uses)


@cache
def _words() -> frozenset[str]:
    return frozenset(name.rpartition(".")[2] for name in _names())


@cache
def _modes() -> dict[str, Mode]:
    """What says how a callable opens a file."""
    return {name: told for told in patterns().modes for name in told.names}
