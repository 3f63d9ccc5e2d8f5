"""The way from Typer's commands, which are sync, to coroutines."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class AsyncCLIBridge:
    def run_async(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end on a loop of its own."""
        return asyncio.run(coroutine)
