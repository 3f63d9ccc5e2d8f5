"""Hand a folder of texts to the gateway: python -m scripts.load_documents FOLDER"""

import asyncio
import sys
from pathlib import Path

import requests

GATEWAY = "http://localhost:8000"


def upload(session: requests.Session, path: Path) -> None:
    document = {"title": path.stem, "text": path.read_text(encoding="utf-8")}
    session.post(f"{GATEWAY}/documents/", json=document, timeout=30).raise_for_status()


async def load(folder: Path) -> None:
    with requests.Session() as session:
        for path in sorted(folder.glob("*.md")):  # expect: NSI104
            upload(session, path)  # expect: NSI303 NSI306


if __name__ == "__main__":
    asyncio.run(load(Path(sys.argv[1])))
