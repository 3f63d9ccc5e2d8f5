"""What routes ask for."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from gateway.agents.team import Team
from gateway.services import Services
from gateway.services.documents import DocumentStore
from gateway.services.graph import KnowledgeGraph
from gateway.services.sessions import SessionStore

REQUESTS_A_MINUTE = 60


async def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


AllServices = Annotated[Services, Depends(get_services)]


async def get_sessions(services: AllServices) -> SessionStore:
    return services.sessions


async def get_graph(services: AllServices) -> KnowledgeGraph:
    return services.graph


async def get_documents(services: AllServices) -> DocumentStore:
    return services.documents


async def get_team(services: AllServices) -> Team:
    return Team(services.llm, services.search, services.graph)


async def limit_rate(request: Request, services: AllServices) -> None:
    """Turn clients away that ask too much."""
    key = f"rate:{request.client.host if request.client else ''}"
    asked = await services.redis.incr(key)
    if asked == 1:
        await services.redis.expire(key, 60)
    if asked > REQUESTS_A_MINUTE:
        raise HTTPException(429, "too many requests")


Sessions = Annotated[SessionStore, Depends(get_sessions)]
Graph = Annotated[KnowledgeGraph, Depends(get_graph)]
Agents = Annotated[Team, Depends(get_team)]
Documents = Annotated[DocumentStore, Depends(get_documents)]
