"""What was made of earlier suggestions (pattern A: JSON load and save)."""

import asyncio
import json
from pathlib import Path
from typing import TypedDict

import aiofiles


class Outcome(TypedDict):
    kind: str
    accepted: bool


class LearningDataManager:
    def __init__(self, state: Path) -> None:
        self._path = state / "learning.json"
        self._lock = asyncio.Lock()

    async def add(self, kind: str, accepted: bool) -> None:
        async with self._lock:
            await self._save([*await self._load(), Outcome(kind=kind, accepted=accepted)])

    async def acceptance(self, kind: str) -> float:
        """The share of suggestions of a kind that was accepted."""
        async with self._lock:
            outcomes = [outcome["accepted"] for outcome in await self._load() if outcome["kind"] == kind]
        return sum(outcomes) / len(outcomes) if outcomes else 0.5

    async def _load(self) -> list[Outcome]:
        try:
            async with aiofiles.open(self._path, encoding="utf-8") as file:
                outcomes: list[Outcome] = json.loads(await file.read())
        except FileNotFoundError:
            return []
        return outcomes

    async def _save(self, outcomes: list[Outcome]) -> None:
        async with aiofiles.open(self._path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(outcomes))
