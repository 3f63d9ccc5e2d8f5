"""What was made of earlier suggestions (pattern A: JSON load and save)."""

import json
from pathlib import Path
from typing import TypedDict


class Outcome(TypedDict):
    kind: str
    accepted: bool


class LearningDataManager:
    def __init__(self, state: Path) -> None:
        self._path = state / "learning.json"

    def add(self, kind: str, accepted: bool) -> None:
        self._save([*self._load(), Outcome(kind=kind, accepted=accepted)])

    def acceptance(self, kind: str) -> float:
        """The share of suggestions of a kind that was accepted."""
        outcomes = [outcome["accepted"] for outcome in self._load() if outcome["kind"] == kind]
        return sum(outcomes) / len(outcomes) if outcomes else 0.5

    def _load(self) -> list[Outcome]:
        try:
            with open(self._path, encoding="utf-8") as file:
                outcomes: list[Outcome] = json.load(file)
        except FileNotFoundError:
            return []
        return outcomes

    def _save(self, outcomes: list[Outcome]) -> None:
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(outcomes, file)
