"""The nodes of a `Graph`: each as bytes that say what it is wherever they are read, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from nosyncio.analysis import facts
from nosyncio.analysis.bodies import Node
from nosyncio.analysis.facts import Scalar, ScopeKind
from nosyncio.analysis.graph import Graph
from nosyncio.analysis.slots import Known, Slot
from nosyncio.analysis.types import ClassSymbol, Module

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker

_Scope: TypeAlias = tuple[str, int]
"""A scope, by what its module is called (`Modules.called`)."""
_Class: TypeAlias = str | _Scope | None
"""A class by its scope, or by a name: a class of which nothing else is known has the name after a space."""
_FUNCTIONS = (ScopeKind.FUNCTION, ScopeKind.LAMBDA)


class _Given(msgspec.Struct, array_like=True):
    slot: Slot
    literal: tuple[str, Scalar] | None
    symbol: _Class
    truth: bool | None


class _Key(msgspec.Struct, array_like=True):
    symbol: _Scope
    receiver: _Scope | None
    is_exact: bool
    given: list[_Given]
    depth: int


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Key)
_UNSAID = b"\xc1"
"""No message begins so: what begins so stands for what none can say."""


class Numbering:
    """Gives nodes the numbers that they have in a graph."""

    def __init__(self, linker: Linker, graph: Graph) -> None:
        self._linker = linker
        self._graph = graph
        self._numbers: dict[Node, int] = {}
        self._nodes: dict[int, Node] = {}
        self._modules: dict[int, Module] = {}

    def forget(self) -> None:
        """Know no nodes any more: their functions may stand in files that are others now."""
        self._numbers.clear()
        self._nodes.clear()
        self._modules.clear()

    def unsaid(self) -> set[int]:
        """The numbers from which no node can be told: these are known as long as their nodes are at hand."""
        return {number for number in self._graph.all_known() if self._graph.keys[number].startswith(_UNSAID)}

    def number(self, node: Node) -> int:
        """The number of a node."""
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = self._graph.number(self._key(node))
            self._nodes[number] = node
        return number

    def node(self, number: int) -> Node | None:
        """The node that has a number; None if its function, or the class that it runs for, is there no more."""
        node = self._nodes.get(number)
        key = self._graph.keys[number]
        if node is None and not key.startswith(_UNSAID):
            node = self._node(_DECODER.decode(key))
            if node is not None:
                self._nodes[number] = node
                self._numbers[node] = number
        return node

    def module(self, number: int) -> Module:
        """The module of a node's function; its facts are not asked for."""
        node = self._nodes.get(number)
        if node is not None:
            return node.symbol.frame.module
        module = self._modules.get(number)
        if module is None:
            module = self._linker.modules.known_as(_DECODER.decode(self._graph.keys[number]).symbol[0])
            assert module is not None
            self._modules[number] = module
        return module

    # ------------------------------------------------------------------------------------------------------------ and back

    def _key(self, node: Node) -> bytes:
        frame, receiver = node.symbol.frame, node.receiver
        given = [self._given(slot, known) for slot, known in node.given]
        symbol = (self._linker.modules.called(frame.module), frame.number)
        key = _Key(symbol, None if receiver is None else self._scope(receiver), node.exact, given, node.depth)
        try:
            return _ENCODER.encode(key)
        except (UnicodeEncodeError, OverflowError):  # a path or a literal that is no text, a large number
            return _UNSAID + ascii(key).encode()

    def _given(self, slot: Slot, known: Known) -> _Given:
        literal = None if known.literal is None else (known.literal.type_name, known.literal.value)
        symbol: _Class
        if isinstance(known.symbol, ClassSymbol):
            symbol = self._scope(known.symbol) or f" {known.symbol.qualified_name}"
        else:
            symbol = known.symbol
        return _Given(slot, literal, symbol, known.truth)

    def _scope(self, cls: ClassSymbol) -> _Scope | None:
        return None if cls.frame is None else (self._linker.modules.called(cls.frame.module), cls.frame.number)

    def _node(self, key: _Key) -> Node | None:
        module = self._module(key.symbol, *_FUNCTIONS)
        if module is None:
            return None
        receiver = None if key.receiver is None else self._class(key.receiver)
        if receiver is None and key.receiver is not None:
            return None
        given: list[tuple[Slot, Known]] = []
        for item in key.given:
            symbol = self._class(item.symbol) if isinstance(item.symbol, tuple) else item.symbol
            if symbol is None and item.symbol is not None:
                return None
            if isinstance(symbol, str) and symbol.startswith(" "):
                symbol = self._linker.classes.named_class(symbol[1:])
            literal = None if item.literal is None else facts.Constant(*item.literal)
            given.append((item.slot, Known(literal, symbol, item.truth)))
        function = self._linker.names.function_symbol(module, key.symbol[1])
        return Node(function, receiver, key.is_exact, tuple(given), key.depth)

    def _class(self, scope: _Scope) -> ClassSymbol | None:
        module = self._module(scope, ScopeKind.CLASS)
        return None if module is None else self._linker.names.class_symbol(module, scope[1])

    def _module(self, scope: _Scope, *kinds: ScopeKind) -> Module | None:
        """The module of a scope, if that is there and of such a kind."""
        module = self._linker.modules.known_as(scope[0])
        return module if module is not None and module.facts.has(scope[1], *kinds) else None
