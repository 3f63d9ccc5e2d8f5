"""Web search."""

import requests

from gateway.settings import Settings


class SearchService:
    def __init__(self, settings: Settings) -> None:
        self.url = settings.search_url
        self.session = requests.Session()

    def find(self, query: str) -> list[str]:
        response = self.session.get(f"{self.url}/search", params={"q": query, "format": "json"}, timeout=10)
        response.raise_for_status()
        return [result["content"] for result in response.json()["results"]]

    async def find_all(self, queries: list[str]) -> list[str]:
        found: list[str] = []
        for query in queries:
            found += self.find(query)  # expect: NSI306
        return found
