"""The configuration file of a repository, `.githistory.json`."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Config:
    issues_url: str = "https://issues.example.org"
    people_url: str = "https://people.example.org"
    skip: list[str] = field(default_factory=list)
    last_indexed: str | None = None

    @classmethod
    def load(cls, path: Path) -> "Config":
        try:
            with open(path, encoding="utf-8") as file:
                return cls(**json.load(file))
        except FileNotFoundError:
            return cls()

    def save(self, path: Path) -> None:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=2)
