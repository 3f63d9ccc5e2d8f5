"""Makes the tools that a client may call."""

import asyncio
from dataclasses import dataclass

from src.core.neo4j_manager import Neo4jManager


@dataclass(frozen=True)
class Tool:
    name: str
    query: str
    graph: Neo4jManager


class ToolFactory:
    def __init__(self, graph: Neo4jManager, settle: float = 0.2) -> None:
        self._graph = graph
        self._settle = settle

    async def create_all_async(self, queries: dict[str, str]) -> list[Tool]:
        return [await self._create_async(name, query) for name, query in queries.items()]

    async def _create_async(self, name: str, query: str) -> Tool:
        tool = Tool(name, query, self._graph)
        await asyncio.sleep(self._settle)
        return tool
