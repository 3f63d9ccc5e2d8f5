"""What happens when something fails."""

import time
from collections.abc import Callable
from typing import TypeVar

from src.core.error_tracker import ErrorTracker

T = TypeVar("T")


class ErrorHandler:
    def __init__(self, tracker: ErrorTracker, attempts: int = 3, backoff: float = 1.0) -> None:
        self._tracker = tracker
        self._attempts = attempts
        self._backoff = backoff

    def run_with_retry(self, component: str, operation: Callable[[], T]) -> T:
        """The operation's result, after as many attempts as it takes, within reason."""
        for attempt in range(1, self._attempts):
            try:
                return operation()
            except OSError:
                self._tracker.record(component)
                time.sleep(self._backoff * 2**attempt)  # expect: NSI201
        return operation()
