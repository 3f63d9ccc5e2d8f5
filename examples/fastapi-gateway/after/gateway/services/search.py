"""Web search."""

import asyncio

import httpx

from gateway.settings import Settings


class SearchService:
    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self.client = client
        self.url = settings.search_url

    async def find(self, query: str) -> list[str]:
        response = await self.client.get(f"{self.url}/search", params={"q": query, "format": "json"})
        response.raise_for_status()
        return [result["content"] for result in response.json()["results"]]

    async def find_all(self, queries: list[str]) -> list[str]:
        found = await asyncio.gather(*(self.find(query) for query in queries))
        return [text for texts in found for text in texts]

    async def is_up(self) -> bool:
        try:
            return (await self.client.get(f"{self.url}/healthz", timeout=2)).is_success
        except httpx.HTTPError:
            return False
