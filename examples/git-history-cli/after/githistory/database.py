"""The indexed history, in SQLite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from githistory.models import Entry

SCHEMA = """
create table if not exists commits (id text primary key, author text, message text, issues text);
create table if not exists files (commit_id text, name text);
"""


class HistoryDatabase:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> "AsyncIterator[HistoryDatabase]":
        async with aiosqlite.connect(path) as connection:
            await connection.executescript(SCHEMA)
            yield cls(connection)

    async def known(self) -> set[str]:
        async with self._connection.execute("select id from commits") as rows:
            return {row[0] async for row in rows}

    async def add(self, entry: Entry) -> None:
        commit = entry.commit
        await self._connection.execute(
            "insert into commits values (?, ?, ?, ?)", (commit.id, entry.author, commit.message, "\n".join(entry.issues))
        )
        await self._connection.executemany("insert into files values (?, ?)", [(commit.id, name) for name in entry.files])
        await self._connection.commit()

    async def search(self, text: str) -> list[tuple[str, str]]:
        query = "select id, message from commits where message like ?"
        async with self._connection.execute(query, (f"%{text}%",)) as rows:
            return [(row[0], row[1]) async for row in rows]
