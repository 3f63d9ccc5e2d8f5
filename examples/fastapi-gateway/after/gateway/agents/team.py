"""The agents, one after the other and side by side."""

import asyncio
from collections.abc import AsyncIterator

from gateway.agents.planner import Planner
from gateway.agents.researcher import Researcher
from gateway.agents.writer import Writer
from gateway.services.graph import KnowledgeGraph
from gateway.services.llm import LLMService
from gateway.services.search import SearchService


class Team:
    def __init__(self, llm: LLMService, search: SearchService, graph: KnowledgeGraph) -> None:
        self.planner = Planner(llm)
        self.researcher = Researcher(llm, search, graph)
        self.writer = Writer(llm)

    async def answer(self, question: str, history: list[str]) -> str:
        return await self.writer.run(await self._notes(question, history))

    async def stream(self, question: str, history: list[str]) -> AsyncIterator[str]:
        async for part in self.writer.stream(await self._notes(question, history)):
            yield part

    async def _notes(self, question: str, history: list[str]) -> str:
        topics = (await self.planner.run("\n".join([*history, question]))).splitlines()
        notes = await asyncio.gather(*(self.researcher.run(topic) for topic in topics))
        return "\n\n".join([question, *notes])
