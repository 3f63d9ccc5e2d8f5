"""Questions to the graph."""

from typing import Any

from src.core.container import Core
from src.core.tool_factory import Tool

QUERIES = {
    "about": "match (:Thing {name: $name})-[says:SAYS]->(other) return says.verb as verb, other.name as name",
    "mentions": "match (other)-[says:SAYS]->(:Thing {name: $name}) return other.name as name, says.verb as verb",
}


class SearchService:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.tools: dict[str, Tool] = {}

    async def start(self) -> None:
        await self.core.graph.connect_async()
        self.tools = {tool.name: tool for tool in await self.core.tools.create_all_async(QUERIES)}

    async def call(self, tool: str, name: str) -> list[dict[str, Any]]:
        chosen = self.tools[tool]
        return await chosen.graph.query_async(chosen.query, name=name)
