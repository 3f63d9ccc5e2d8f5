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
        self.core.graph.connect()  # expect: NSI301 NSI308
        self.tools = {tool.name: tool for tool in self.core.tools.create_all(QUERIES)}  # expect: NSI301

    async def call(self, tool: str, name: str) -> list[dict[str, Any]]:
        chosen = self.tools[tool]
        return chosen.graph.query(chosen.query, name=name)  # expect: NSI301 NSI308
