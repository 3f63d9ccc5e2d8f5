"""Does calling a function run its body?"""

from __future__ import annotations

from nosyncio.analysis.types import FunctionSymbol


def runs_when_called(symbol: FunctionSymbol, *, awaited: bool) -> bool:
    """Whether calling a function, and awaiting what that gives if it is `awaited`, runs its body, and nothing else reports on
    that."""
    return runs_at_once(symbol) or (awaited and _runs_awaited(symbol))


def runs_at_once(symbol: FunctionSymbol) -> bool:
    """Whether calling a function runs its body: not that of a coroutine function or a generator."""
    scope = symbol.frame.scope
    return symbol.has_body and not scope.is_async and not scope.is_generator


def _runs_awaited(symbol: FunctionSymbol) -> bool:
    """Whether awaiting what a function gives runs its body, and nothing else reports on that: an installed coroutine function."""
    scope = symbol.frame.scope
    return symbol.frame.module.is_installed and scope.is_async and not scope.is_generator
