"""Answers that were given lately, in Redis."""

import json
from typing import Any

from redis.asyncio import Redis


class AnswerCache:
    def __init__(self, redis: Redis, lifetime: int = 3600) -> None:
        self._redis = redis
        self._lifetime = lifetime

    async def get(self, question: str) -> Any | None:
        kept = await self._redis.get(question)
        if kept is None:
            await self._redis.incr("answers:missed")
            return None
        await self._redis.incr("answers:found")
        return json.loads(kept)

    async def put(self, question: str, answer: Any) -> None:
        await self._redis.set(question, json.dumps(answer), ex=self._lifetime)
        await self._redis.sadd("answers", question)

    async def forget(self, question: str) -> None:
        await self._redis.delete(question)
        await self._redis.srem("answers", question)

    async def prolong(self, question: str) -> bool:
        if not await self._redis.exists(question):
            return False
        return bool(await self._redis.expire(question, self._lifetime))

    async def forget_all(self) -> int:
        questions = await self._redis.smembers("answers")
        for question in questions:
            await self._redis.delete(question)
        await self._redis.delete("answers")
        return len(questions)

    async def share_found(self) -> float:
        found = int(await self._redis.get("answers:found") or 0)
        missed = int(await self._redis.get("answers:missed") or 0)
        return found / (found + missed) if found + missed else 0.0
