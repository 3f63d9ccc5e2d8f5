"""Texts come in, are kept and made vectors of, and whoever waits for them is told."""

import asyncio

import httpx

from src.core.answer_cache import AnswerCache
from src.core.document_store import DocumentStore
from src.core.embedding_client import EmbeddingClient
from src.core.job_journal import JobJournal


class LibraryService:
    def __init__(
        self,
        documents: DocumentStore,
        embeddings: EmbeddingClient,
        journal: JobJournal,
        answers: AnswerCache,
        client: httpx.AsyncClient,
    ) -> None:
        self._documents = documents
        self._embeddings = embeddings
        self._journal = journal
        self._answers = answers
        self._client = client

    async def start(self, pause: float = 1.0) -> list[str]:
        """What was left unfinished when the service went down."""
        await self._documents.prepare()
        await self._journal.prepare()
        while not await self._embeddings.is_up():
            await asyncio.sleep(pause)
        return await self._journal.unfinished()

    async def fetch(self, name: str, url: str) -> list[float]:
        await self._journal.begin(name)
        answer = await self._client.get(url, follow_redirects=True)
        await self._documents.write(name, answer.raise_for_status().text)
        vector = await self._embeddings.embed(answer.text)
        await self._answers.forget_all()
        await self._journal.end(name)
        return vector

    async def announce(self, name: str, listeners: list[str]) -> None:
        for listener in listeners:
            await self._client.post(listener, json={"document": name})
            await asyncio.sleep(0.1)
