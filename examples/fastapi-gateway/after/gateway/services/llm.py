"""The language model."""

from collections.abc import AsyncIterator

from openai import AsyncOpenAI

from gateway.settings import Settings


class LLMService:
    def __init__(self, client: AsyncOpenAI, settings: Settings) -> None:
        self.client = client
        self.model = settings.model

    async def complete(self, prompt: str) -> str:
        completion = await self.client.chat.completions.create(model=self.model, messages=[{"role": "user", "content": prompt}])
        return completion.choices[0].message.content or ""

    async def stream(self, prompt: str) -> AsyncIterator[str]:
        chunks = await self.client.chat.completions.create(
            model=self.model, messages=[{"role": "user", "content": prompt}], stream=True
        )
        async for chunk in chunks:
            yield chunk.choices[0].delta.content or ""
