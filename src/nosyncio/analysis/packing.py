"""Facts in bytes. What stands in a scope is decoded when somebody asks for it: of most scopes of a project nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from types import GenericAlias
from typing import get_type_hints

import msgspec

from nosyncio.analysis.facts import ModuleFacts, Scope
from nosyncio.analysis.source import TooDeep, with_stack
from nosyncio.decoding import decoded

_BODY = (
    "bindings",
    "names",
    "final",
    "sites",
    "generators",
    "guards",
    "bound_under",
    "returned",
    "yielded",
)
"""The last fields of a scope: what is large, and needed only where somebody looks into it."""

_HEADER = Scope.__struct_fields__[: -len(_BODY)]
assert Scope.__struct_fields__[len(_HEADER) :] == _BODY

_HINTS = get_type_hints(Scope)
_header = attrgetter(*_HEADER)
_body = attrgetter(*_BODY)


class Closed(Scope, array_like=True):
    """A scope of which the body is not decoded yet. Its fields are not there before somebody asks for one of them."""

    packed: bytes = b""

    def __getattr__(self, name: str) -> object:
        if name not in _BODY:
            raise AttributeError(name)
        for field, value in zip(_BODY, with_stack(partial(_opened, self.packed))):
            setattr(self, field, value)
        self.packed = b""
        return getattr(self, name)


class _Packed(msgspec.Struct, array_like=True):
    """scopes: their headers. bodies: theirs. facts: all else."""

    facts: ModuleFacts
    scopes: list[Closed]
    bodies: list[bytes]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Packed)
_BODY_DECODER: msgspec.msgpack.Decoder[Sequence[object]] = msgspec.msgpack.Decoder(
    GenericAlias(tuple, tuple(_HINTS[field] for field in _BODY))
)


def packed(facts: ModuleFacts) -> bytes | None:
    """Facts in bytes, for `unpacked`; None for such as nest too deeply for that."""
    try:
        headers = [_header(scope) for scope in facts.scopes]
        bodies = [_ENCODER.encode(_body(scope)) for scope in facts.scopes]
        return _ENCODER.encode((msgspec.structs.replace(facts, scopes=[]), headers, bodies))
    except RecursionError:
        return None


def unpacked(data: bytes) -> ModuleFacts | None:
    """What `packed` was given; None where it was packed on a shallower stack than this one, or is something else."""
    kept = decoded(_DECODER, data)
    if kept is None or len(kept.scopes) != len(kept.bodies):
        return None
    for scope, body in zip(kept.scopes, kept.bodies):
        _close(scope, body)
    kept.facts.scopes = [*kept.scopes]
    return kept.facts


def _close(scope: Closed, body: bytes) -> None:
    scope.packed = body
    for field in _BODY:
        delattr(scope, field)


def _opened(data: bytes) -> Sequence[object]:
    try:
        return _BODY_DECODER.decode(data)
    except RecursionError:
        raise TooDeep from None
