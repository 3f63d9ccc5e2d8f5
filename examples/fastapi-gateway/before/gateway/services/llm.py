"""The language model."""

from collections.abc import AsyncIterator

from openai import OpenAI

from gateway.settings import Settings


class LLMService:
    def __init__(self, settings: Settings) -> None:
        self.client = OpenAI()
        self.model = settings.model

    def complete(self, prompt: str) -> str:
        completion = self.client.chat.completions.create(model=self.model, messages=[{"role": "user", "content": prompt}])
        return completion.choices[0].message.content or ""

    async def stream(self, prompt: str) -> AsyncIterator[str]:
        chunks = self.client.chat.completions.create(  # expect: NSI113
            model=self.model, messages=[{"role": "user", "content": prompt}], stream=True
        )
        for chunk in chunks:
            yield chunk.choices[0].delta.content or ""
