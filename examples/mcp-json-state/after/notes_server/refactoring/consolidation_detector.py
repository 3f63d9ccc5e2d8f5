"""Paragraphs that stand in several notes (pattern C: text read)."""

import asyncio
from collections import defaultdict
from pathlib import Path

import aiofiles


class ConsolidationDetector:
    def __init__(self, root: Path) -> None:
        self._root = root

    async def duplicates(self, min_length: int = 200) -> dict[str, list[str]]:
        places: defaultdict[str, list[str]] = defaultdict(list)
        for path in await asyncio.to_thread(self._notes):
            for paragraph in await self._paragraphs(path):
                if len(paragraph) >= min_length:
                    places[paragraph].append(path.stem)
        return {paragraph: notes for paragraph, notes in places.items() if len(notes) > 1}

    async def _paragraphs(self, path: Path) -> list[str]:
        async with aiofiles.open(path, encoding="utf-8") as file:
            return [paragraph.strip() for paragraph in (await file.read()).split("\n\n")]

    def _notes(self) -> list[Path]:
        """Walks the folder, so it is run in a thread."""
        return sorted(self._root.rglob("*.md"))
