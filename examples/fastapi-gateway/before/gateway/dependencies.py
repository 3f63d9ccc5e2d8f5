"""What routes ask for."""

from functools import lru_cache
from typing import Annotated

import neo4j
import redis
from fastapi import Depends, HTTPException, Request

from gateway.agents.team import Team
from gateway.services.documents import DocumentStore
from gateway.services.graph import KnowledgeGraph
from gateway.services.llm import LLMService
from gateway.services.search import SearchService
from gateway.services.sessions import SessionStore
from gateway.settings import Settings


@lru_cache
def get_settings() -> Settings:
    return Settings()


@lru_cache
def get_redis() -> redis.Redis:
    return redis.Redis.from_url(get_settings().redis_url, decode_responses=True)


@lru_cache
def get_graph() -> KnowledgeGraph:
    return KnowledgeGraph(neo4j.GraphDatabase.driver(get_settings().neo4j_url))


def get_sessions() -> SessionStore:
    return SessionStore(get_redis())


@lru_cache
def get_team() -> Team:
    settings = get_settings()
    return Team(LLMService(settings), SearchService(settings), get_graph())


async def get_documents(request: Request) -> DocumentStore:
    return DocumentStore(request.app.state.pool)


async def limit_rate(request: Request, client: Annotated[redis.Redis, Depends(get_redis)]) -> None:
    """Turn clients away that ask too much."""
    key = f"rate:{request.client.host if request.client else ''}"
    asked = client.incr(key)  # expect: NSI108
    if asked == 1:
        client.expire(key, 60)  # expect: NSI108
    if asked > get_settings().requests_a_minute:
        raise HTTPException(429, "too many requests")


Sessions = Annotated[SessionStore, Depends(get_sessions)]
Graph = Annotated[KnowledgeGraph, Depends(get_graph)]
Agents = Annotated[Team, Depends(get_team)]
Documents = Annotated[DocumentStore, Depends(get_documents)]
