"""What the gateway talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
from neo4j import AsyncGraphDatabase
from openai import AsyncOpenAI
from redis.asyncio import Redis

from gateway.services.documents import DocumentStore
from gateway.services.graph import KnowledgeGraph
from gateway.services.llm import LLMService
from gateway.services.search import SearchService
from gateway.services.sessions import SessionStore
from gateway.settings import Settings


@dataclass(frozen=True)
class Services:
    redis: Redis
    sessions: SessionStore
    graph: KnowledgeGraph
    search: SearchService
    llm: LLMService
    documents: DocumentStore

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Services]:
        """All services, with one client each, closed at the end."""
        async with AsyncExitStack() as stack:
            redis = await stack.enter_async_context(Redis.from_url(settings.redis_url, decode_responses=True))
            driver = await stack.enter_async_context(AsyncGraphDatabase.driver(settings.neo4j_url))
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=10))
            openai = await stack.enter_async_context(AsyncOpenAI())
            pool = await stack.enter_async_context(asyncpg.create_pool(settings.database_url))
            yield cls(
                redis=redis,
                sessions=SessionStore(redis),
                graph=KnowledgeGraph(driver),
                search=SearchService(http, settings),
                llm=LLMService(openai, settings),
                documents=DocumentStore(pool),
            )
