"""The folders that the notes are sorted into (pattern A: JSON load and save)."""

import asyncio
import json
from pathlib import Path

import aiofiles
import aiofiles.os


class StructureManager:
    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
        self._path = state / "structure.json"
        self._folders: dict[str, str] | None = None
        self._lock = asyncio.Lock()

    async def folders(self) -> dict[str, str]:
        """Each folder with what belongs into it. Read once."""
        async with self._lock:
            return await self._read_once()

    async def add_folder(self, name: str, purpose: str) -> None:
        async with self._lock:
            folders = await self._read_once()
            folders[name] = purpose
            await aiofiles.os.makedirs(self._root / name, exist_ok=True)
            await self._save(folders)

    async def _read_once(self) -> dict[str, str]:
        if self._folders is None:
            self._folders = await self._load()
        return self._folders

    async def _load(self) -> dict[str, str]:
        try:
            async with aiofiles.open(self._path, encoding="utf-8") as file:
                folders: dict[str, str] = json.loads(await file.read())
        except FileNotFoundError:
            return {}
        return folders

    async def _save(self, folders: dict[str, str]) -> None:
        async with aiofiles.open(self._path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(folders, indent=2))
