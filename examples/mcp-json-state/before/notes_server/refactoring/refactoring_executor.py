"""Carries suggestions out and keeps a history of them (pattern B: JSON history)."""

import json
from datetime import datetime, timezone
from pathlib import Path

from notes_server.refactoring.rollback_manager import RollbackManager


class RefactoringExecutor:
    def __init__(self, root: Path, state: Path, rollbacks: RollbackManager) -> None:
        self._root = root
        self._history = state / "history.json"
        self._rollbacks = rollbacks

    async def replace_text(self, note: str, text: str) -> None:
        path = self._root / note
        self._rollbacks.remember(note, path.read_text(encoding="utf-8"))  # expect: NSI302 NSI103
        path.write_text(text, encoding="utf-8")  # expect: NSI103
        self._add_to_history(f"replaced {note}")  # expect: NSI302

    def history(self) -> list[str]:
        try:
            with open(self._history, encoding="utf-8") as file:
                entries: list[str] = json.load(file)
        except FileNotFoundError:
            return []
        return entries

    def _add_to_history(self, what: str) -> None:
        entries = [*self.history(), f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} {what}"]
        with open(self._history, "w", encoding="utf-8") as file:
            json.dump(entries, file, indent=2)
