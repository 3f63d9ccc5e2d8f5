"""Checks a note's front matter against the schema of its type (pattern A: JSON load)."""

import json
from pathlib import Path

from notes_server.validation.validation_config import ValidationConfig


class SchemaValidator:
    def __init__(self, config: ValidationConfig, state: Path) -> None:
        self._config = config
        self._schemas: dict[str, list[str]] = {}
        try:
            with open(state / "schemas.json", encoding="utf-8") as file:
                self._schemas |= json.load(file)
        except FileNotFoundError:
            pass

    def problems(self, kind: str, fields: dict[str, str]) -> list[str]:
        required = [*self._config.get("required"), *self._schemas.get(kind, [])]
        problems = [f"field {field!r} is missing" for field in required if field not in fields]
        if self._config.get("strict"):
            problems += [f"field {field!r} is not in the schema" for field in fields if field not in required]
        return problems
