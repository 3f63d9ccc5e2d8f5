"""Reports on disk: paths that only their types tell apart from strings."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Reports:
    folder: Path

    async def newest(self) -> dict[str, float]:
        found = sorted(self.folder.glob("*.json"))
        with open(found[-1]) as file:
            return json.load(file)

    async def total_size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())

    async def text(self, name: str) -> str:
        return await asyncio.to_thread((self.folder / name).read_text)
