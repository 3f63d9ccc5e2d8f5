"""How fast clients may ask, and how fast we ask others."""

import asyncio
import time


class RateLimiter:
    def __init__(self, interval: float, spacing: float = 0.1, cool_down: float = 30.0) -> None:
        self._interval = interval
        self._spacing = spacing
        self._cool_down = cool_down
        self._free_at: dict[str, float] = {}

    async def wait_for_slot_async(self, client: str) -> None:
        """Wait until it is the client's turn."""
        while (wait := self._free_at.get(client, 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        self._free_at[client] = time.monotonic() + self._interval

    async def wait_for_burst_async(self, client: str, size: int) -> None:
        """Wait for several slots, with some air between them."""
        for _ in range(size):
            await self.wait_for_slot_async(client)
            await asyncio.sleep(self._spacing)

    async def back_off_async(self, retry_after: float | None) -> None:
        """Wait because the other side said that it is too much."""
        await asyncio.sleep(self._cool_down if retry_after is None else retry_after)
