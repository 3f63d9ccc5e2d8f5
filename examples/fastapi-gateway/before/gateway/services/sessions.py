"""Conversations, in Redis."""

import redis


class SessionStore:
    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    def history(self, session_id: str) -> list[str]:
        return [str(line) for line in self.client.lrange(f"session:{session_id}", 0, -1)]

    def append(self, session_id: str, *lines: str) -> None:
        key = f"session:{session_id}"
        pipeline = self.client.pipeline()
        pipeline.rpush(key, *lines)
        pipeline.expire(key, 24 * 60 * 60)
        pipeline.execute()
