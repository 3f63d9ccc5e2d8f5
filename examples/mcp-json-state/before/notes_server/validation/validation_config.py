"""Which checks are on, and how strict they are (pattern A: JSON load and save)."""

import json
from pathlib import Path
from typing import Any

DEFAULTS: dict[str, Any] = {"strict": False, "required": ["title"], "max-length": 20_000}


class ValidationConfig:
    def __init__(self, state: Path) -> None:
        self._path = state / "validation.json"
        self._settings = DEFAULTS | self._load()

    def get(self, key: str) -> Any:
        return self._settings[key]

    def set(self, key: str, value: Any) -> None:
        self._settings[key] = value
        self._save()

    def _load(self) -> dict[str, Any]:
        try:
            with open(self._path, encoding="utf-8") as file:
                settings: dict[str, Any] = json.load(file)
        except FileNotFoundError:
            return {}
        return settings

    def _save(self) -> None:
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(self._settings, file, indent=2)
