"""Which checks are on, and how strict they are (pattern A: JSON load and save)."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiofiles

DEFAULTS: dict[str, Any] = {"strict": False, "required": ["title"], "max-length": 20_000}


class ValidationConfig:
    def __init__(self, state: Path) -> None:
        self._path = state / "validation.json"
        self._lock = asyncio.Lock()
        self._settings = dict(DEFAULTS)
        try:
            with open(self._path, encoding="utf-8") as file:
                self._settings |= json.load(file)
        except FileNotFoundError:
            pass

    def get(self, key: str) -> Any:
        return self._settings[key]

    async def set(self, key: str, value: Any) -> None:
        self._settings[key] = value
        await self._save()

    async def _save(self) -> None:
        async with self._lock, aiofiles.open(self._path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(self._settings, indent=2))
