"""Summaries of notes, kept by a hash of their text (pattern D: cache load and save)."""

import hashlib
from pathlib import Path

from notes_server.optimization.optimization_config import OptimizationConfig


class SummarizationEngine:
    def __init__(self, root: Path, state: Path, config: OptimizationConfig) -> None:
        self._root = root
        self._cache = state / "summaries"
        self._config = config

    async def summarize(self, note: str) -> str:
        text = (self._root / note).read_text(encoding="utf-8")  # expect: NSI103
        key = hashlib.sha256(text.encode()).hexdigest()
        summary = self._cached(key)  # expect: NSI302
        if summary is None:
            summary = " ".join(text.split()[: self._config.limit("summary-words")])
            self._keep(key, summary)  # expect: NSI302 NSI305
        return summary

    def _cached(self, key: str) -> str | None:
        try:
            with open(self._cache / key, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def _keep(self, key: str, summary: str) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        with open(self._cache / key, "w", encoding="utf-8") as file:
            file.write(summary)
