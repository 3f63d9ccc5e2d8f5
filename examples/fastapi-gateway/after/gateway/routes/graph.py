"""What the gateway knows."""

from fastapi import APIRouter

from gateway.dependencies import Graph

router = APIRouter(prefix="/topics")


@router.get("/")
async def topics(graph: Graph) -> list[str]:
    return await graph.topics()


@router.get("/{topic}/related")
async def related(topic: str, graph: Graph) -> list[str]:
    return await graph.related(topic)
