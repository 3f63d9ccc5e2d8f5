"""Which suggestions a person has accepted (pattern A: JSON load and save)."""

import json
from pathlib import Path


class ApprovalManager:
    def __init__(self, state: Path) -> None:
        self._path = state / "approvals.json"

    def decide(self, suggestion: str, accepted: bool) -> None:
        decisions = self._load()
        decisions[suggestion] = accepted
        self._save(decisions)

    def is_approved(self, suggestion: str) -> bool:
        return self._load().get(suggestion, False)

    def _load(self) -> dict[str, bool]:
        try:
            with open(self._path, encoding="utf-8") as file:
                decisions: dict[str, bool] = json.load(file)
        except FileNotFoundError:
            return {}
        return decisions

    def _save(self, decisions: dict[str, bool]) -> None:
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(decisions, file, indent=2)
