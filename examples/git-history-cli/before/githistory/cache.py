"""The files that each commit changes, kept between runs: working them out is slow."""

from pathlib import Path

import diskcache


class ChangesCache:
    def __init__(self, folder: Path) -> None:
        self._cache = diskcache.Cache(str(folder))

    def get(self, commit_id: str) -> list[str] | None:
        files: list[str] | None = self._cache.get(commit_id)
        return files

    def set(self, commit_id: str, files: list[str]) -> None:
        self._cache.set(commit_id, files)
