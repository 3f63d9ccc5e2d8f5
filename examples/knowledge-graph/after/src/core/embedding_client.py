"""Texts as vectors, made by another service."""

import asyncio
from collections.abc import Sequence

import httpx


class EmbeddingClient:
    def __init__(self, client: httpx.AsyncClient, url: str, attempts: int = 3) -> None:
        self._client = client
        self._url = url
        self._attempts = attempts

    async def is_up(self) -> bool:
        try:
            answer = await self._client.head(self._url)
        except httpx.TransportError:
            return False
        return answer.is_success

    async def models(self) -> list[str]:
        answer = await self._client.get(f"{self._url}/models")
        return [model["name"] for model in answer.json()]

    async def embed(self, text: str) -> list[float]:
        for attempt in range(self._attempts):
            answer = await self._client.post(f"{self._url}/embed", json={"text": text})
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            await asyncio.sleep(2**attempt)
        vector: list[float] = answer.raise_for_status().json()["vector"]
        return vector

    async def embed_all(self, texts: Sequence[str]) -> list[list[float]]:
        calls = [self._client.post(f"{self._url}/embed", json={"text": text}) for text in texts]
        return [answer.json()["vector"] for answer in await asyncio.gather(*calls)]
