"""How far the indexing is, with a log of the files that were looked at."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiofiles


class Progress:
    def __init__(self, log: Path) -> None:
        self.done = 0
        self._log = log
        self._names: asyncio.Queue[str | None] = asyncio.Queue()

    def advance(self, name: str) -> None:
        """The loop calls this, so it only notes the name; `write_log` does the writing."""
        self.done += 1
        self._names.put_nowait(name)

    def finish(self) -> None:
        self._names.put_nowait(None)

    async def write_log(self) -> None:
        """Write names as they come, until `finish`."""
        async with aiofiles.open(self._log, "a", encoding="utf-8") as file:
            while (name := await self._names.get()) is not None:
                await file.write(f"{name}\n")

    def from_threads(self) -> Callable[[str], None]:
        """A callback for threads. It only asks the loop to `advance`, so that no two threads count at once."""
        loop = asyncio.get_running_loop()

        def report(name: str) -> None:
            loop.call_soon_threadsafe(self.advance, name)

        return report
