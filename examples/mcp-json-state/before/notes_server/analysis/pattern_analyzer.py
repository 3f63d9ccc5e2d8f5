"""How often each note is read (pattern A: JSON load and save)."""

import json
from collections import Counter
from pathlib import Path


class PatternAnalyzer:
    def __init__(self, state: Path) -> None:
        self._path = state / "access.json"
        self._reads: Counter[str] = Counter(self._load())

    def record(self, note: str) -> int:
        """Count a read and return how many there were."""
        self._reads[note] += 1
        self._save()
        return self._reads[note]

    def most_read(self, limit: int) -> list[tuple[str, int]]:
        return self._reads.most_common(limit)

    def _load(self) -> dict[str, int]:
        try:
            with open(self._path, encoding="utf-8") as file:
                reads: dict[str, int] = json.load(file)
        except FileNotFoundError:
            return {}
        return reads

    def _save(self) -> None:
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(self._reads, file, indent=2)
