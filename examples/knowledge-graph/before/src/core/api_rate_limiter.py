"""How fast clients may ask, and how fast we ask others."""

import time


class RateLimiter:
    def __init__(self, interval: float, spacing: float = 0.1, cool_down: float = 30.0) -> None:
        self._interval = interval
        self._spacing = spacing
        self._cool_down = cool_down
        self._free_at: dict[str, float] = {}

    def wait_for_slot(self, client: str) -> None:
        """Wait until it is the client's turn."""
        while (wait := self._free_at.get(client, 0.0) - time.monotonic()) > 0:
            time.sleep(wait)  # expect: NSI201
        self._free_at[client] = time.monotonic() + self._interval

    def wait_for_burst(self, client: str, size: int) -> None:
        """Wait for several slots, with some air between them."""
        for _ in range(size):
            self.wait_for_slot(client)
            time.sleep(self._spacing)  # expect: NSI201

    def back_off(self, retry_after: float | None) -> None:
        """Wait because the other side said that it is too much."""
        time.sleep(self._cool_down if retry_after is None else retry_after)  # expect: NSI201
