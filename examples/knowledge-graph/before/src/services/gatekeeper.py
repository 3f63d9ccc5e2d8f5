"""Stands before every request."""

from src.core.container import Core


class Gatekeeper:
    def __init__(self, core: Core) -> None:
        self.core = core

    async def admit(self, user: str, key: str, requests: int = 1) -> bool:
        """Whether the user may ask, once it is their turn."""
        if not self.core.auth.authenticate(user, key):  # expect: NSI301
            return False
        if requests > 1:
            self.core.limiter.wait_for_burst(user, requests)  # expect: NSI301
        else:
            self.core.limiter.wait_for_slot(user)  # expect: NSI301
        return True
