"""The configuration file of a repository, `.githistory.json`."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiofiles


@dataclass
class Config:
    issues_url: str = "https://issues.example.org"
    people_url: str = "https://people.example.org"
    skip: list[str] = field(default_factory=list)
    last_indexed: str | None = None

    @classmethod
    async def load(cls, path: Path) -> "Config":
        try:
            async with aiofiles.open(path, encoding="utf-8") as file:
                return cls(**json.loads(await file.read()))
        except FileNotFoundError:
            return cls()

    async def save(self, path: Path) -> None:
        async with aiofiles.open(path, "w", encoding="utf-8") as file:
            await file.write(json.dumps(asdict(self), indent=2))
