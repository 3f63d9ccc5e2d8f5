"""Caches on disk: one JSON file an entry."""

import asyncio
import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiofiles
import aiofiles.os

DAY = 24 * 60 * 60


def default_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "podcasts"


class JsonCache:
    def __init__(self, cache_dir: Path, lifetime: float) -> None:
        self.cache_dir = cache_dir
        self.lifetime = lifetime

    async def get(self, key: str) -> Any | None:
        """What is kept under a key, unless it is too old."""
        cache_file = self._file(key)
        try:
            async with aiofiles.open(cache_file, encoding="utf-8") as file:
                entry = json.loads(await file.read())
        except FileNotFoundError:
            return None
        if time.time() - entry["saved"] > self.lifetime:
            await self._remove(cache_file)
            return None
        return entry["value"]

    async def set(self, key: str, value: Any) -> None:
        await aiofiles.os.makedirs(self.cache_dir, exist_ok=True)
        # A name of its own: two tasks may keep the same entry at the same time.
        temp_file = self.cache_dir / f"{uuid4()}.tmp"
        try:
            async with aiofiles.open(temp_file, "w", encoding="utf-8") as file:
                await file.write(json.dumps({"saved": time.time(), "value": value}))
            await aiofiles.os.replace(temp_file, self._file(key))
        except OSError:
            await self._remove(temp_file)
            raise

    async def clear(self) -> int:
        """Remove all entries and return how many there were."""
        return await asyncio.to_thread(self._clear)

    async def size(self) -> int:
        """The bytes of all entries."""
        return await asyncio.to_thread(self._size)

    # One trip to a thread for the whole folder, rather than one for each file.

    def _clear(self) -> int:
        cache_files = list(self.cache_dir.glob("*.json"))
        for cache_file in cache_files:
            cache_file.unlink(missing_ok=True)
        return len(cache_files)

    def _size(self) -> int:
        return sum(cache_file.stat().st_size for cache_file in self.cache_dir.glob("*.json"))

    async def _remove(self, path: Path) -> None:
        """Remove a file that another task may have removed already."""
        with suppress(FileNotFoundError):
            await aiofiles.os.remove(path)

    def _file(self, key: str) -> Path:
        return self.cache_dir / f"{hashlib.sha256(key.encode()).hexdigest()}.json"


class TranscriptCache(JsonCache):
    """Transcripts by their address."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__((folder or default_folder()) / "transcripts", lifetime=30 * DAY)


class ExtractionCache(JsonCache):
    """What a model said, by template and transcript."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__((folder or default_folder()) / "extractions", lifetime=90 * DAY)
