"""Hand a folder of texts to the gateway: python -m scripts.load_documents FOLDER"""

import asyncio
import sys
from pathlib import Path

import aiofiles
import httpx

GATEWAY = "http://localhost:8000"


def texts_in(folder: Path) -> list[Path]:
    """Reads the folder, so it is run in a thread."""
    return sorted(folder.glob("*.md"))


async def upload(client: httpx.AsyncClient, path: Path) -> None:
    async with aiofiles.open(path, encoding="utf-8") as file:
        document = {"title": path.stem, "text": await file.read()}
    (await client.post("/documents/", json=document)).raise_for_status()


async def load(folder: Path) -> None:
    async with httpx.AsyncClient(base_url=GATEWAY, timeout=30) as client:
        for path in await asyncio.to_thread(texts_in, folder):
            await upload(client, path)


if __name__ == "__main__":
    asyncio.run(load(Path(sys.argv[1])))
