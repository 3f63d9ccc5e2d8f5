"""Makes the tools that a client may call."""

import time
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

    def create_all(self, queries: dict[str, str]) -> list[Tool]:
        return [self._create(name, query) for name, query in queries.items()]

    def _create(self, name: str, query: str) -> Tool:
        tool = Tool(name, query, self._graph)
        time.sleep(self._settle)  # expect: NSI201
        return tool
