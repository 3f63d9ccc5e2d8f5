"""Which suggestions a person has accepted (pattern A: JSON load and save)."""

import asyncio
import json
from pathlib import Path

import aiofiles


class ApprovalManager:
    def __init__(self, state: Path) -> None:
        self._path = state / "approvals.json"
        # Other tools run between a load and its save now.
        self._lock = asyncio.Lock()

    async def decide(self, suggestion: str, accepted: bool) -> None:
        async with self._lock:
            decisions = await self._load()
            decisions[suggestion] = accepted
            await self._save(decisions)

    async def is_approved(self, suggestion: str) -> bool:
        async with self._lock:
            return (await self._load()).get(suggestion, False)

    async def _load(self) -> dict[str, bool]:
        try:
            async with aiofiles.open(self._path, encoding="utf-8") as file:
                decisions: dict[str, bool] = json.loads(await file.read())
        except FileNotFoundError:
            return {}
        return decisions

    async def _save(self, decisions: dict[str, bool]) -> None:
        async with aiofiles.open(self._path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(decisions, indent=2))
