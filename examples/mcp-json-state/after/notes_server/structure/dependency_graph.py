"""Which note links to which (pattern C: text read)."""

import asyncio
import re
from pathlib import Path

import aiofiles

_LINK = re.compile(r"\[\[([^\]|#]+)")


class DependencyGraph:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._links: dict[str, set[str]] = {}

    async def rebuild(self) -> int:
        """Read all notes again and return how many links they have."""
        links: dict[str, set[str]] = {}
        for path in await asyncio.to_thread(self._notes):
            async with aiofiles.open(path, encoding="utf-8") as file:
                links[path.stem] = set(_LINK.findall(await file.read()))
        self._links = links
        return sum(len(targets) for targets in links.values())

    def linked_from(self, note: str) -> list[str]:
        return sorted(source for source, targets in self._links.items() if note in targets)

    def _notes(self) -> list[Path]:
        """Walks the folder, so it is run in a thread."""
        return sorted(self._root.rglob("*.md"))
