"""Earlier texts of notes, to go back to (pattern A: JSON load and save)."""

import json
from pathlib import Path


class RollbackManager:
    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
        self._path = state / "rollback.json"

    def remember(self, note: str, text: str) -> None:
        versions = self._load()
        versions.setdefault(note, []).append(text)
        self._save(versions)

    def roll_back(self, note: str) -> bool:
        """Write the latest version that is remembered back, if there is one."""
        versions = self._load()
        if not versions.get(note):
            return False
        (self._root / note).write_text(versions[note].pop(), encoding="utf-8")
        self._save(versions)
        return True

    def _load(self) -> dict[str, list[str]]:
        try:
            with open(self._path, encoding="utf-8") as file:
                versions: dict[str, list[str]] = json.load(file)
        except FileNotFoundError:
            return {}
        return versions

    def _save(self, versions: dict[str, list[str]]) -> None:
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(versions, file)
