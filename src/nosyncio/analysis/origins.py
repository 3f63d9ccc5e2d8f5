"""Where a value was made: the call behind a variable, an attribute, a `with`, a chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, ScopeKind
from nosyncio.analysis.types import ClassSymbol, ClassType, Frame, Instance, Named

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_FARTHEST = 12
_NONE = facts.Constant("NoneType", None)


class Origin(NamedTuple):
    """A call site, or a generator expression, that a value comes from."""

    frame: Frame
    site: int
    is_generator: bool = False

    @property
    def call(self) -> facts.Call:
        site = self.frame.scope.sites[self.site]
        assert isinstance(site, facts.Call)
        return site


class _Search:
    """One search for origins. elsewhere: follow attributes and globals to the scope that assigns them. parts: what is taken out
    of a value counts as coming from it."""

    def __init__(self, linker: Linker, *, elsewhere: bool, parts: bool) -> None:
        self._linker = linker
        self._elsewhere = elsewhere
        self._parts = parts
        self._seen: dict[tuple[Frame, Expr], int] = {}
        self.found: dict[Origin, None] = {}
        self.is_complete = True
        """Whether the value can come from nothing else; None is no value."""

    def follow(self, frame: Frame, expr: Expr, depth: int = 0) -> None:
        if depth > _FARTHEST:
            self.is_complete = False
        elif isinstance(expr, facts.Result):
            if isinstance(frame.scope.sites[expr.site], facts.Call):
                self.found[Origin(frame, expr.site)] = None
        elif isinstance(expr, facts.GeneratorRef):
            self.found[Origin(frame, expr.generator, True)] = None
        elif isinstance(expr, facts.Local):
            if self._is_news(frame, expr, 0):
                self.follow(frame, frame.scope.bindings[expr.binding], depth + 1)
        elif isinstance(expr, facts.Name):
            self._follow_name(frame, expr, depth)
        elif isinstance(expr, facts.Attribute) and self._elsewhere:
            if self._is_news(frame, expr, depth):
                self._follow_attribute(frame, expr, depth)
        else:
            inside = list(self._inside(expr))
            if not inside and expr != _NONE:
                self.is_complete = False
            for inner in inside:
                self.follow(frame, inner, depth + 1)

    def _is_news(self, frame: Frame, expr: Expr, depth: int) -> bool:
        """Whether an expression was not followed yet, or from farther away alone. Attributes that are assigned to each other are
        as many ways as there are orders of them."""
        known = self._seen.get((frame, expr))
        if known is not None and known <= depth:
            return False
        self._seen[frame, expr] = depth
        return True

    def _inside(self, expr: Expr) -> Iterable[Expr]:
        """The expressions that `expr` has its value from."""
        if isinstance(expr, facts.Phi):
            return [facts.Local(binding) for binding in expr.bindings]
        if isinstance(expr, facts.Either):
            return expr.values
        if isinstance(expr, facts.Entered):
            return [expr.manager]
        if isinstance(expr, (facts.Narrowed, facts.Awaited, facts.Starred)):
            return [expr.value]
        if isinstance(expr, facts.Declared) and expr.value is not None:
            return [expr.value]
        if self._parts and isinstance(expr, (facts.Attribute, facts.Subscript, facts.Unpacked)):
            return [expr.value]
        if self._parts and isinstance(expr, facts.Element):
            return [expr.iterable]
        return []

    def _follow_attribute(self, frame: Frame, expr: facts.Attribute, depth: int) -> None:
        receiver = self._linker.values.value(frame, expr.value)
        is_found = False
        if isinstance(receiver, (Instance, ClassType)):
            for cls, _ in self._linker.classes.order(receiver.symbol):
                for holder, value in self._assigned(cls, expr.name):
                    is_found = True
                    self.follow(holder, value, depth + 1)
        self.is_complete = self.is_complete and is_found

    def _assigned(self, cls: ClassSymbol, name: str) -> Iterator[tuple[Frame, Expr]]:
        """What a class's body, and its methods, assign to an attribute."""
        if cls.frame is not None:
            scope = cls.frame.scope
            for binding in scope.bindings_of(name):
                value = cls.frame.scope.bindings[binding]
                if not isinstance(value, facts.Declared) or value.value is not None:
                    self.is_complete = self.is_complete and not self._may_be_descriptor(cls.frame, value)
                    yield cls.frame, value
        yield from self._linker.members.assigned(cls, name)

    def _may_be_descriptor(self, frame: Frame, value: Expr) -> bool:
        """Whether an attribute of a class may give something else than what its body assigns."""
        site = frame.scope.sites[value.site] if isinstance(value, facts.Result) else None
        if not isinstance(site, facts.Call):
            return value != _NONE
        made = self._linker.values.value(frame, site.function)
        return not isinstance(made, ClassType) or self._linker.members.find(made.symbol, "__get__", instance=False) is not None

    def _follow_name(self, frame: Frame, expr: facts.Name, depth: int) -> None:
        for index in frame.module.facts.around(frame.number):
            scope = frame.module.facts.scopes[index]
            visible = index == frame.number or (self._elsewhere and scope.kind is not ScopeKind.CLASS)
            if visible and expr.id in scope.names:
                for binding in scope.names[expr.id]:
                    self.follow(Frame(frame.module, index), facts.Local(binding), depth + 1)
                return
        self.is_complete = False


def origins(linker: Linker, frame: Frame, expr: Expr, *, elsewhere: bool = False, parts: bool = False) -> list[Origin]:
    """The calls and generator expressions that `expr` can be the value of. With `elsewhere`, attributes and globals are
    followed to the scope that assigns them; with `parts`, an item or attribute of a value counts as coming from it."""
    search = _Search(linker, elsewhere=elsewhere, parts=parts)
    search.follow(frame, expr)
    return list(search.found)


def is_made_here(linker: Linker, frame: Frame, expr: Expr) -> bool:
    """Whether `expr` can be nothing but what calls of classes made, so that its class is known for sure."""
    search = _Search(linker, elsewhere=True, parts=False)
    search.follow(frame, expr)
    return search.is_complete and bool(search.found) and all(_constructs(linker, origin) for origin in search.found)


def maker(linker: Linker, frame: Frame, expr: Expr) -> Origin | None:
    """The one call of a class that `expr` can be nothing but the value of, if there is one."""
    search = _Search(linker, elsewhere=True, parts=False)
    search.follow(frame, expr)
    found = list(search.found)
    return found[0] if search.is_complete and len(found) == 1 and _constructs(linker, found[0]) else None


def _constructs(linker: Linker, origin: Origin) -> bool:
    if origin.is_generator:
        return False
    callee = linker.values.value(origin.frame, origin.call.function)
    return isinstance(callee, (ClassType, Named))
