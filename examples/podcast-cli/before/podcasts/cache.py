"""Caches on disk: one JSON file an entry."""

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

DAY = 24 * 60 * 60


def default_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "podcasts"


class JsonCache:
    def __init__(self, cache_dir: Path, lifetime: float) -> None:
        self.cache_dir = cache_dir
        self.lifetime = lifetime

    def get(self, key: str) -> Any | None:
        """What is kept under a key, unless it is too old."""
        cache_file = self._file(key)
        if not cache_file.exists():
            return None
        with open(cache_file, encoding="utf-8") as file:
            entry = json.load(file)
        if time.time() - entry["saved"] > self.lifetime:
            cache_file.unlink()
            return None
        return entry["value"]

    def set(self, key: str, value: Any) -> None:
        self.cache_dir.mkdir(parents=True, exist_ok=True)
        cache_file = self._file(key)
        temp_file = cache_file.with_suffix(".tmp")
        try:
            with open(temp_file, "w", encoding="utf-8") as file:
                json.dump({"saved": time.time(), "value": value}, file)
            temp_file.replace(cache_file)
        except OSError:
            temp_file.unlink(missing_ok=True)
            raise

    def clear(self) -> int:
        """Remove all entries and return how many there were."""
        cache_files = list(self.cache_dir.glob("*.json"))
        for cache_file in cache_files:
            cache_file.unlink()
        return len(cache_files)

    def size(self) -> int:
        """The bytes of all entries."""
        return sum(cache_file.stat().st_size for cache_file in self.cache_dir.glob("*.json"))

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
