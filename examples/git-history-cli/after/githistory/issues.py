"""The titles of the issues that commits mention."""

import httpx


class IssueTracker:
    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def title(self, number: str) -> str:
        response = await self._client.get(f"{self._url}/issues/{number}")
        response.raise_for_status()
        return str(response.json()["title"])
