"""How often each note is read (pattern A: JSON load and save)."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import aiofiles


class PatternAnalyzer:
    def __init__(self, state: Path) -> None:
        self._path = state / "access.json"
        self._lock = asyncio.Lock()
        self._reads: Counter[str] = Counter()
        try:
            with open(self._path, encoding="utf-8") as file:
                self._reads.update(json.load(file))
        except FileNotFoundError:
            pass

    async def record(self, note: str) -> int:
        """Count a read and return how many there were."""
        self._reads[note] += 1
        await self._save()
        return self._reads[note]

    def most_read(self, limit: int) -> list[tuple[str, int]]:
        return self._reads.most_common(limit)

    async def _save(self) -> None:
        async with self._lock, aiofiles.open(self._path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(self._reads, indent=2))
