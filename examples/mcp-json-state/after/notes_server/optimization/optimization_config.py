"""How long notes and summaries may be (pattern A: JSON load and save)."""

import asyncio
import json
from pathlib import Path

import aiofiles

DEFAULTS = {"token-budget": 100_000, "summary-words": 80, "split-above": 4_000}


class OptimizationConfig:
    def __init__(self, state: Path) -> None:
        self._path = state / "optimization.json"
        self._lock = asyncio.Lock()
        self._limits = dict(DEFAULTS)
        try:
            with open(self._path, encoding="utf-8") as file:
                self._limits |= json.load(file)
        except FileNotFoundError:
            pass

    def limit(self, name: str) -> int:
        return self._limits[name]

    async def change(self, name: str, value: int) -> None:
        if name not in DEFAULTS:
            raise KeyError(name)
        self._limits[name] = value
        await self._save()

    async def _save(self) -> None:
        async with self._lock, aiofiles.open(self._path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(self._limits, indent=2))
