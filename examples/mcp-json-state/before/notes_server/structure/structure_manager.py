"""The folders that the notes are sorted into (pattern A: JSON load and save)."""

import json
from pathlib import Path


class StructureManager:
    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
        self._path = state / "structure.json"
        self._folders: dict[str, str] | None = None

    def folders(self) -> dict[str, str]:
        """Each folder with what belongs into it. Read once."""
        if self._folders is None:
            self._folders = self._load()
        return self._folders

    def add_folder(self, name: str, purpose: str) -> None:
        folders = self.folders()
        folders[name] = purpose
        (self._root / name).mkdir(exist_ok=True)
        self._save(folders)

    def _load(self) -> dict[str, str]:
        try:
            with open(self._path, encoding="utf-8") as file:
                folders: dict[str, str] = json.load(file)
        except FileNotFoundError:
            return {}
        return folders

    def _save(self, folders: dict[str, str]) -> None:
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(folders, file, indent=2)
