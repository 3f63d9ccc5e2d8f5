"""Which parts of the service have had errors lately."""

import asyncio
import time
from collections import defaultdict, deque


class ErrorTracker:
    def __init__(self, window: float = 60.0, limit: int = 5) -> None:
        self._window = window
        self._limit = limit
        self._errors: defaultdict[str, deque[float]] = defaultdict(deque)

    def record(self, component: str) -> None:
        self._errors[component].append(time.monotonic())

    def recent(self, component: str) -> int:
        errors = self._errors[component]
        while errors and errors[0] < time.monotonic() - self._window:
            errors.popleft()
        return len(errors)

    async def wait_until_stable(self, component: str) -> None:
        """Wait until a component has few errors again."""
        while self.recent(component) > self._limit:
            await asyncio.sleep(self._window / 10)
