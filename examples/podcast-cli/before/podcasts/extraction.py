"""What a language model finds in a transcript."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from podcasts.cache import ExtractionCache
from podcasts.language_model import LanguageModel


@dataclass(frozen=True)
class Template:
    name: str
    question: str


TEMPLATES = (
    Template("summary", "Summarise this episode in five sentences."),
    Template("quotes", "List the sentences worth quoting, one a line."),
    Template("key-ideas", "List the key ideas, one a line."),
    Template("tools", "List the tools and books that are mentioned, one a line."),
)


class ExtractionEngine:
    def __init__(self, model: LanguageModel, cache: ExtractionCache | None = None) -> None:
        self.model = model
        self.cache = cache or ExtractionCache()

    async def extract(self, template: Template, transcript: str) -> str:
        """The answer to one template's question; the model is asked once for each transcript."""
        key = f"{template.name}\n{template.question}\n{transcript}"
        cached = self.cache.get(key)  # expect: NSI302 NSI305
        if cached is not None:
            return str(cached)
        answer = await self.model.complete(f"{template.question}\n\n{transcript}")
        self.cache.set(key, answer)  # expect: NSI302 NSI305
        return answer

    async def extract_all(self, transcript: str, templates: Sequence[Template] = TEMPLATES) -> dict[str, str]:
        """The answers to several templates, asked at the same time."""
        answers = await asyncio.gather(*(self.extract(template, transcript) for template in templates))
        return {template.name: answer for template, answer in zip(templates, answers)}
