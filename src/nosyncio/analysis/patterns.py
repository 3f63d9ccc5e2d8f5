"""Which pattern does a blocking operation follow? The catalogue's patterns, held against what is so of the operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.traits import Traced, Traits
from nosyncio.analysis.types import Frame
from nosyncio.catalogue.patterns import Pattern, Shape, Trait, patterns
from nosyncio.model import Kind

if TYPE_CHECKING:
    from nosyncio.analysis.contexts import Contexts
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts


_FILES = (Kind.OPEN, Kind.FILE_CONTENT)
_AGAINST: dict[str, tuple[Trait, ...]] = {"read": ("writes", "appends"), "write": ("reads",)}


@dataclass(slots=True)
class _Seen:
    """An operation with what is known of it, and its pattern so far."""

    operation: Operation
    traits: set[Trait]
    pattern: Pattern | None
    file: Traced
    home: Frame


class Recogniser:
    """Sorts the operations of a module into patterns, those that belong together with each other in mind."""

    def __init__(self, linker: Linker, verdicts: Verdicts, contexts: Contexts) -> None:
        self._traits = Traits(linker, verdicts, contexts)
        self._first = [pattern for pattern in patterns().patterns if not pattern.of]
        self._then = [pattern for pattern in patterns().patterns if pattern.of]

    def patterns(self, operations: Sequence[Operation]) -> list[Pattern | None]:
        """The pattern of each operation of a module; None for what follows none."""
        seen = [self._alone(operation) for operation in operations]
        self._pair([item for item in seen if item.pattern is not None and item.pattern.direction is not None])
        for item in seen:
            item.pattern = self._refined(item)
        return [item.pattern for item in seen]

    def _alone(self, operation: Operation) -> _Seen:
        traits = self._traits.of(operation)
        uses = self._traits.uses(operation) if operation.kind in _FILES else set()
        found = next((pattern for pattern in self._first if _fits(pattern, operation, traits, uses)), None)
        file = self._traits.file(operation) if found is not None and found.direction is not None else Traced()
        return _Seen(operation, traits, found, file, _home(operation.frame))

    def _pair(self, seen: Sequence[_Seen]) -> None:
        """Note which operations have a counterpart: the other direction, in the same class or module, on the same file."""
        by_home: dict[Frame, list[_Seen]] = {}
        for item in seen:
            by_home.setdefault(item.home, []).append(item)
            if item.file.is_keyed:
                item.traits.add("keyed")
            if _direction(item) == "write" and self._traits.is_grown(item.operation):
                item.traits.add("grown")
        for together in by_home.values():
            for item in together:
                others = [other for other in together if _are_counterparts(item, other)]
                if others:
                    item.traits.add("paired")
                if _direction(item) == "read" and any("grown" in other.traits for other in others):
                    item.traits.add("grown")

    def _refined(self, item: _Seen) -> Pattern | None:
        for pattern in self._then:
            if item.pattern is not None and item.pattern.name in pattern.of:
                if _fits(pattern, item.operation, item.traits, set()):
                    return pattern
        return item.pattern


def _are_counterparts(item: _Seen, other: _Seen) -> bool:
    """Whether one reads what the other writes. By a name that they are given, that is so of two methods of one class alone: what
    one function reads and writes is an edit."""
    if _direction(item) == _direction(other) or not item.file.may_be(other.file):
        return False
    in_class = item.home.scope.kind is ScopeKind.CLASS
    return not item.file.is_keyed or (in_class and item.operation.frame != other.operation.frame)


def _direction(item: _Seen) -> str | None:
    return None if item.pattern is None else item.pattern.direction


def _fits(pattern: Pattern, operation: Operation, traits: set[Trait], uses: set[str]) -> bool:
    if not traits.isdisjoint(_AGAINST.get(pattern.direction or "", ())):
        return False
    return any(_has_shape(shape, operation, traits, uses) for shape in pattern.fits)


def _has_shape(shape: Shape, operation: Operation, traits: set[Trait], uses: set[str]) -> bool:
    if shape.kinds and operation.kind.label not in shape.kinds:
        return False
    name = operation.first.verdict.name
    if shape.callees and not any(name == callee or name.startswith(f"{callee}.") for callee in shape.callees):
        return False
    return traits.issuperset(shape.traits) and not (shape.uses and uses.isdisjoint(shape.uses))


def _home(frame: Frame) -> Frame:
    """The class that a scope stands in, or else the module."""
    scopes = frame.module.facts.scopes
    for number in frame.module.facts.around(frame.number):
        if scopes[number].kind is ScopeKind.CLASS:
            return Frame(frame.module, number)
    return Frame(frame.module, 0)
