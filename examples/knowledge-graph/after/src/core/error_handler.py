"""What happens when something fails."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from src.core.error_tracker import ErrorTracker

T = TypeVar("T")


class ErrorHandler:
    def __init__(self, tracker: ErrorTracker, attempts: int = 3, backoff: float = 1.0) -> None:
        self._tracker = tracker
        self._attempts = attempts
        self._backoff = backoff

    async def run_with_retry_async(self, component: str, operation: Callable[[], Awaitable[T]]) -> T:
        """The operation's result, after as many attempts as it takes, within reason."""
        for attempt in range(1, self._attempts):
            try:
                return await operation()
            except OSError:
                self._tracker.record(component)
                await asyncio.sleep(self._backoff * 2**attempt)
        return await operation()
