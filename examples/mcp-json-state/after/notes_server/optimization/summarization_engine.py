"""Summaries of notes, kept by a hash of their text (pattern D: cache load and save)."""

import hashlib
from pathlib import Path

import aiofiles
import aiofiles.os

from notes_server.optimization.optimization_config import OptimizationConfig


class SummarizationEngine:
    def __init__(self, root: Path, state: Path, config: OptimizationConfig) -> None:
        self._root = root
        self._cache = state / "summaries"
        self._config = config

    async def summarize(self, note: str) -> str:
        async with aiofiles.open(self._root / note, encoding="utf-8") as file:
            text = await file.read()
        key = hashlib.sha256(text.encode()).hexdigest()
        summary = await self._cached(key)
        if summary is None:
            summary = " ".join(text.split()[: self._config.limit("summary-words")])
            await self._keep(key, summary)
        return summary

    async def _cached(self, key: str) -> str | None:
        try:
            async with aiofiles.open(self._cache / key, encoding="utf-8") as file:
                return await file.read()
        except FileNotFoundError:
            return None

    async def _keep(self, key: str, summary: str) -> None:
        await aiofiles.os.makedirs(self._cache, exist_ok=True)
        async with aiofiles.open(self._cache / key, "w", encoding="utf-8") as file:
            await file.write(summary)
