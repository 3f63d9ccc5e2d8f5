"""What the history is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CommitInfo:
    id: str
    email: str
    message: str


@dataclass(frozen=True)
class Entry:
    commit: CommitInfo
    author: str
    files: list[str]
    issues: list[str]
