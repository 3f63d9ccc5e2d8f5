"""What the gateway knows."""

from fastapi import APIRouter

from gateway.dependencies import Graph

router = APIRouter(prefix="/topics")


@router.get("/")
def topics(graph: Graph) -> list[str]:
    """A `def` route: FastAPI runs it in a thread."""
    return graph.topics()


@router.get("/{topic}/related")
async def related(topic: str, graph: Graph) -> list[str]:
    return graph.related(topic)  # expect: NSI308
