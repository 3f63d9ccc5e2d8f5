"""The model that reads the transcripts."""

import httpx


class LanguageModel:
    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    async def complete(self, prompt: str) -> str:
        response = await self._http.post(self._url, json={"prompt": prompt}, timeout=120)
        response.raise_for_status()
        return str(response.json()["text"])
