"""Whether everything behind the gateway answers."""

import redis
import requests
from fastapi import APIRouter

from gateway.dependencies import Documents, get_graph, get_redis, get_settings

router = APIRouter()


def redis_is_up() -> bool:
    try:
        return bool(get_redis().ping())
    except redis.RedisError:
        return False


@router.get("/health")
async def health(documents: Documents) -> dict[str, bool]:
    return {
        "redis": redis_is_up(),  # expect: NSI308
        "graph": get_graph().is_up(),  # expect: NSI308
        "search": requests.get(f"{get_settings().search_url}/healthz", timeout=2).ok,  # expect: NSI106
        "documents": await documents.is_up(),
    }
