"""The titles of the issues that commits mention."""

import httpx

from githistory.bridge import AsyncCLIBridge


class IssueTracker:
    def __init__(self, url: str) -> None:
        self._url = url
        self._bridge = AsyncCLIBridge()

    def title(self, number: str) -> str:
        """For commands."""
        return self._bridge.run_async(self.fetch_title(number))

    async def fetch_title(self, number: str) -> str:
        async with httpx.AsyncClient(base_url=self._url) as client:
            response = await client.get(f"/issues/{number}")
            response.raise_for_status()
            return str(response.json()["title"])
