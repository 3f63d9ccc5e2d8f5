"""Settings, from the environment."""

import os
from dataclasses import dataclass, field


def _from_environment(name: str, default: str) -> str:
    return field(default_factory=lambda: os.environ.get(name, default))


@dataclass(frozen=True)
class Settings:
    database_url: str = _from_environment("DATABASE_URL", "postgresql://localhost/gateway")
    redis_url: str = _from_environment("REDIS_URL", "redis://localhost:6379/0")
    neo4j_url: str = _from_environment("NEO4J_URL", "neo4j://localhost:7687")
    search_url: str = _from_environment("SEARCH_URL", "http://localhost:8888")
    model: str = _from_environment("MODEL", "gpt-4o-mini")
