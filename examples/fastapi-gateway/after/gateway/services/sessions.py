"""Conversations, in Redis."""

from redis.asyncio import Redis
from redis.exceptions import RedisError


class SessionStore:
    def __init__(self, client: Redis) -> None:
        self.client = client

    async def history(self, session_id: str) -> list[str]:
        return [str(line) for line in await self.client.lrange(f"session:{session_id}", 0, -1)]

    async def append(self, session_id: str, *lines: str) -> None:
        key = f"session:{session_id}"
        pipeline = self.client.pipeline()
        pipeline.rpush(key, *lines)
        pipeline.expire(key, 24 * 60 * 60)
        await pipeline.execute()

    async def forget(self) -> int:
        """Remove all conversations and return how many there were."""
        removed = 0
        async for key in self.client.scan_iter("session:*"):
            removed += await self.client.delete(key)
        return removed

    async def is_up(self) -> bool:
        try:
            return bool(await self.client.ping())
        except RedisError:
            return False
