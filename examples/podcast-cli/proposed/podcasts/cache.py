"""Caches on disk: one JSON file an entry."""

import asyncio
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

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
        if not cache_file.exists():  # expect: NSI105
            return None
        async with aiofiles.open(cache_file, encoding="utf-8") as file:
            entry = json.loads(await file.read())
        if time.time() - entry["saved"] > self.lifetime:
            await aiofiles.os.remove(cache_file)
            return None
        return entry["value"]

    async def set(self, key: str, value: Any) -> None:
        await aiofiles.os.makedirs(self.cache_dir, exist_ok=True)
        cache_file = self._file(key)
        temp_file = cache_file.with_suffix(".tmp")
        try:
            async with aiofiles.open(temp_file, "w", encoding="utf-8") as file:
                await file.write(json.dumps({"saved": time.time(), "value": value}))
            temp_file.replace(cache_file)  # expect: NSI105
        except OSError:
            temp_file.unlink(missing_ok=True)  # expect: NSI105
            raise

    async def clear(self) -> int:
        """Remove all entries and return how many there were."""
        cache_files = list(self.cache_dir.glob("*.json"))  # expect: NSI104
        await asyncio.gather(*(aiofiles.os.remove(cache_file) for cache_file in cache_files))
        return len(cache_files)

    async def size(self) -> int:
        """The bytes of all entries."""
        total = 0
        for name in await aiofiles.os.listdir(self.cache_dir):
            path = self.cache_dir / name
            total += await asyncio.to_thread(path.stat().st_size)  # expect: NSI401 NSI105
        return total

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
