"""Stands before every request."""

from src.core.container import Core


class Gatekeeper:
    def __init__(self, core: Core) -> None:
        self.core = core

    async def admit(self, user: str, key: str, requests: int = 1) -> bool:
        """Whether the user may ask, once it is their turn."""
        if not await self.core.auth.authenticate_async(user, key):
            return False
        if requests > 1:
            await self.core.limiter.wait_for_burst_async(user, requests)
        else:
            await self.core.limiter.wait_for_slot_async(user)
        return True
