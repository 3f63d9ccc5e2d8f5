"""Earlier texts of notes, to go back to (pattern A: JSON load and save)."""

import asyncio
import json
from pathlib import Path

import aiofiles


class RollbackManager:
    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
        self._path = state / "rollback.json"
        self._lock = asyncio.Lock()

    async def remember(self, note: str, text: str) -> None:
        async with self._lock:
            versions = await self._load()
            versions.setdefault(note, []).append(text)
            await self._save(versions)

    async def roll_back(self, note: str) -> bool:
        """Write the latest version that is remembered back, if there is one."""
        async with self._lock:
            versions = await self._load()
            if not versions.get(note):
                return False
            async with aiofiles.open(self._root / note, "w", encoding="utf-8") as file:
                await file.write(versions[note].pop())
            await self._save(versions)
            return True

    async def _load(self) -> dict[str, list[str]]:
        try:
            async with aiofiles.open(self._path, encoding="utf-8") as file:
                versions: dict[str, list[str]] = json.loads(await file.read())
        except FileNotFoundError:
            return {}
        return versions

    async def _save(self, versions: dict[str, list[str]]) -> None:
        async with aiofiles.open(self._path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(versions))
