"""Transcripts of episodes, fetched once."""

import httpx

from podcasts.cache import TranscriptCache


class TranscriptManager:
    def __init__(self, http: httpx.AsyncClient, cache: TranscriptCache | None = None) -> None:
        self._http = http
        self.cache = cache or TranscriptCache()

    async def transcript(self, url: str) -> str:
        cached = await self.cache.get(url)
        if cached is not None:
            return str(cached)
        response = await self._http.get(url, follow_redirects=True)
        response.raise_for_status()
        await self.cache.set(url, response.text)
        return response.text
