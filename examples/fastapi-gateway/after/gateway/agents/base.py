"""What all agents share."""

from abc import ABC, abstractmethod

from gateway.services.llm import LLMService


class Agent(ABC):
    instructions: str

    def __init__(self, llm: LLMService) -> None:
        self.llm = llm

    @abstractmethod
    async def run(self, task: str) -> str:
        """The agent's part of the answer."""

    async def ask(self, task: str) -> str:
        return await self.llm.complete(f"{self.instructions}\n\n{task}")
