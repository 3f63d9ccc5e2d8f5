"""Where a value was made: the call behind a variable, an attribute, a `with`, a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, ScopeKind
from nosyncio.analysis.types import Frame, Instance

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_FARTHEST = 12


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


def origins(linker: Linker, frame: Frame, expr: Expr, *, elsewhere: bool = False) -> list[Origin]:
    """The calls and generator expressions that `expr` can be the value of. With `elsewhere`, attributes and globals are
    followed to the scope that assigns them."""
    found: dict[Origin, None] = {}
    _follow(linker, frame, expr, elsewhere, found, set(), 0)
    return list(found)


def _follow(
    linker: Linker, frame: Frame, expr: Expr, elsewhere: bool, found: dict[Origin, None], seen: set[tuple[Frame, int]], depth: int
) -> None:
    if depth > _FARTHEST:
        return

    def follow(where: Frame, inner: Expr) -> None:
        _follow(linker, where, inner, elsewhere, found, seen, depth + 1)

    if isinstance(expr, facts.Result):
        if isinstance(frame.scope.sites[expr.site], facts.Call):
            found[Origin(frame, expr.site)] = None
    elif isinstance(expr, facts.GeneratorRef):
        found[Origin(frame, expr.generator, True)] = None
    elif isinstance(expr, facts.Local):
        if (frame, expr.binding) not in seen:
            seen.add((frame, expr.binding))
            follow(frame, frame.scope.bindings[expr.binding])
    elif isinstance(expr, facts.Phi):
        for binding in expr.bindings:
            follow(frame, facts.Local(binding))
    elif isinstance(expr, (facts.Entered, facts.Declared, facts.Narrowed, facts.Awaited, facts.Starred)):
        inner = expr.manager if isinstance(expr, facts.Entered) else expr.value
        if inner is not None:
            follow(frame, inner)
    elif isinstance(expr, facts.Either):
        for value in expr.values:
            follow(frame, value)
    elif elsewhere and isinstance(expr, facts.Attribute):
        receiver = linker.values.value(frame, expr.value)
        if isinstance(receiver, Instance):
            for cls, _ in linker.members.order(receiver.symbol):
                for method, value in linker.members.assigned(cls).get(expr.name, ()):
                    follow(method, value)
    elif isinstance(expr, facts.Name):
        _follow_name(linker, frame, expr, elsewhere, follow)


def _follow_name(linker: Linker, frame: Frame, expr: facts.Name, elsewhere: bool, follow: object) -> None:
    assert callable(follow)
    for index in frame.module.facts.around(frame.index):
        scope = frame.module.facts.scopes[index]
        visible = index == frame.index or (elsewhere and scope.kind is not ScopeKind.CLASS)
        if visible and expr.id in scope.names:
            for binding in scope.names[expr.id]:
                follow(Frame(frame.module, index), facts.Local(binding))
            return
