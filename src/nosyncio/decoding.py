"""What bytes hold that were kept, or sent by another process: whatever is wrong with them, nothing."""

from __future__ import annotations

from typing import TypeVar

import msgspec

Value = TypeVar("Value")


def decoded(decoder: msgspec.msgpack.Decoder[Value], data: bytes | msgspec.Raw) -> Value | None:
    """What `data` holds; None for other bytes, and for such as nest deeper than what is left of the stack."""
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return None
