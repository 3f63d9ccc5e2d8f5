"""The graph database."""

import asyncio
from typing import Any

import neo4j
from neo4j.exceptions import ServiceUnavailable, TransientError

INDEX_STATE = "show indexes yield name, state where name = $name return state"


class Neo4jManager:
    def __init__(self, url: str, attempts: int = 5, pause: float = 1.0) -> None:
        self._driver = neo4j.AsyncGraphDatabase.driver(url)
        self._attempts = attempts
        self._pause = pause

    async def connect_async(self) -> None:
        """Wait for the database to come up."""
        for _ in range(self._attempts):
            try:
                return await self._driver.verify_connectivity()
            except ServiceUnavailable:
                await asyncio.sleep(self._pause)
        raise ConnectionError("the graph database is not up")

    async def query_async(self, text: str, **parameters: Any) -> list[dict[str, Any]]:
        for attempt in range(self._attempts):
            try:
                async with self._driver.session() as session:
                    return await (await session.run(text, parameters)).data()
            except TransientError:
                await asyncio.sleep(self._pause * 2**attempt)
        raise ConnectionError("the graph database is busy")

    async def wait_for_index_async(self, name: str) -> None:
        """Wait until a new index is filled: queries are slow before."""
        while await self.query_async(INDEX_STATE, name=name) != [{"state": "ONLINE"}]:
            await asyncio.sleep(self._pause)
