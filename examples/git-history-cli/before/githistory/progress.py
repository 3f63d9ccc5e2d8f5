"""How far the indexing is, with a log of the files that were looked at."""

import asyncio
from collections.abc import Callable
from pathlib import Path


class Progress:
    def __init__(self, log: Path) -> None:
        self.done = 0
        self._log = log

    def advance(self, name: str) -> None:
        self.done += 1
        with open(self._log, "a", encoding="utf-8") as file:  # expect: NSI102
            file.write(f"{name}\n")

    def from_threads(self) -> Callable[[str], None]:
        """A callback for threads. It only asks the loop to `advance`, so that no two threads count at once."""
        loop = asyncio.get_running_loop()

        def report(name: str) -> None:
            loop.call_soon_threadsafe(self.advance, name)

        return report
