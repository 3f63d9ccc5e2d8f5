"""Writes the answer."""

from collections.abc import AsyncIterator

from gateway.agents.base import Agent


class Writer(Agent):
    instructions = "Answer the question from these notes."

    async def run(self, task: str) -> str:
        return self.ask(task)  # expect: NSI313

    async def stream(self, task: str) -> AsyncIterator[str]:
        async for part in self.llm.stream(f"{self.instructions}\n\n{task}"):
            yield part
