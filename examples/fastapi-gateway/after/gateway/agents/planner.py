"""Splits a question into topics."""

from gateway.agents.base import Agent


class Planner(Agent):
    instructions = "Name up to five topics to look up before you answer, one a line."

    async def run(self, task: str) -> str:
        return await self.ask(task)
