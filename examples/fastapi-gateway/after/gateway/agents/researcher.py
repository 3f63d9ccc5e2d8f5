"""Looks a topic up."""

from gateway.agents.base import Agent
from gateway.services.graph import KnowledgeGraph
from gateway.services.llm import LLMService
from gateway.services.search import SearchService


class Researcher(Agent):
    instructions = "Write down what these sources say about the topic."

    def __init__(self, llm: LLMService, search: SearchService, graph: KnowledgeGraph) -> None:
        super().__init__(llm)
        self.search = search
        self.graph = graph

    async def run(self, task: str) -> str:
        topics = await self.graph.related(task)
        sources = await self.search.find_all([task, *topics])
        return await self.ask("\n\n".join([task, *sources]))
