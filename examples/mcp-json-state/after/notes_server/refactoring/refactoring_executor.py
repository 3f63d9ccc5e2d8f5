"""Carries suggestions out and keeps a history of them (pattern B: JSON history)."""

import asyncio
import json
from datetime import datetime, timezone
from pathlib import Path

import aiofiles

from notes_server.refactoring.rollback_manager import RollbackManager


class RefactoringExecutor:
    def __init__(self, root: Path, state: Path, rollbacks: RollbackManager) -> None:
        self._root = root
        self._history = state / "history.json"
        self._rollbacks = rollbacks
        self._lock = asyncio.Lock()

    async def replace_text(self, note: str, text: str) -> None:
        async with self._lock:
            async with aiofiles.open(self._root / note, encoding="utf-8") as file:
                await self._rollbacks.remember(note, await file.read())
            async with aiofiles.open(self._root / note, "w", encoding="utf-8") as file:
                await file.write(text)
            await self._add_to_history(f"replaced {note}")

    async def history(self) -> list[str]:
        try:
            async with aiofiles.open(self._history, encoding="utf-8") as file:
                entries: list[str] = json.loads(await file.read())
        except FileNotFoundError:
            return []
        return entries

    async def _add_to_history(self, what: str) -> None:
        entries = [*await self.history(), f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} {what}"]
        async with aiofiles.open(self._history, "w", encoding="utf-8") as file:
            await file.write(json.dumps(entries, indent=2))
