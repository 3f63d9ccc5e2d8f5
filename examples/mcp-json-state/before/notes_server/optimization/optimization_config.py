"""How long notes and summaries may be (pattern A: JSON load and save)."""

import json
from pathlib import Path

DEFAULTS = {"token-budget": 100_000, "summary-words": 80, "split-above": 4_000}


class OptimizationConfig:
    def __init__(self, state: Path) -> None:
        self._path = state / "optimization.json"
        self._limits = DEFAULTS | self._load()

    def limit(self, name: str) -> int:
        return self._limits[name]

    def change(self, name: str, value: int) -> None:
        if name not in DEFAULTS:
            raise KeyError(name)
        self._limits[name] = value
        self._save()

    def _load(self) -> dict[str, int]:
        try:
            with open(self._path, encoding="utf-8") as file:
                limits: dict[str, int] = json.load(file)
        except FileNotFoundError:
            return {}
        return limits

    def _save(self) -> None:
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(self._limits, file, indent=2)
