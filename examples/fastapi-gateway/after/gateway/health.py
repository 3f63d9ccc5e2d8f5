"""Whether everything behind the gateway answers."""

import asyncio

from fastapi import APIRouter

from gateway.dependencies import AllServices

router = APIRouter()


@router.get("/health")
async def health(services: AllServices) -> dict[str, bool]:
    checks = {
        "redis": services.sessions.is_up(),
        "graph": services.graph.is_up(),
        "search": services.search.is_up(),
        "documents": services.documents.is_up(),
    }
    return dict(zip(checks, await asyncio.gather(*checks.values())))
