"""The texts that facts come from, one file each."""

from pathlib import Path

import aiofiles
import aiofiles.os


class DocumentStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def prepare(self) -> None:
        await aiofiles.os.makedirs(self._folder, exist_ok=True)

    async def names(self) -> list[str]:
        return sorted(name for name in await aiofiles.os.listdir(self._folder) if name.endswith(".txt"))

    async def read(self, name: str) -> str:
        async with aiofiles.open(self._folder / name, encoding="utf-8") as file:
            return await file.read()

    async def write(self, name: str, text: str) -> None:
        written = self._folder / f"{name}.new"
        async with aiofiles.open(written, "w", encoding="utf-8") as file:
            await file.write(text)
        await aiofiles.os.replace(written, self._folder / name)
        await self._note(f"wrote {name}")

    async def remove(self, name: str) -> bool:
        if not await aiofiles.os.path.exists(self._folder / name):
            return False
        await aiofiles.os.remove(self._folder / name)
        await self._note(f"removed {name}")
        return True

    async def size(self) -> int:
        return sum([(await aiofiles.os.stat(self._folder / name)).st_size for name in await self.names()])

    async def _note(self, what: str) -> None:
        async with aiofiles.open(self._folder / "journal", "a", encoding="utf-8") as file:
            await file.write(f"{what}\n")
