"""What was taken in, and how far it got, in SQLite."""

from pathlib import Path

import aiosqlite

TABLE = "create table if not exists jobs (name text primary key, state text not null)"


class JobJournal:
    def __init__(self, path: Path) -> None:
        self._path = path

    async def prepare(self) -> None:
        async with aiosqlite.connect(self._path) as database:
            await database.execute(TABLE)
            await database.commit()

    async def begin(self, name: str) -> None:
        async with aiosqlite.connect(self._path) as database:
            await database.execute("insert or replace into jobs values (?, 'begun')", (name,))
            await database.commit()

    async def end(self, name: str) -> None:
        async with aiosqlite.connect(self._path) as database:
            await database.execute("update jobs set state = 'done' where name = ?", (name,))
            await database.commit()

    async def unfinished(self) -> list[str]:
        async with aiosqlite.connect(self._path) as database:
            cursor = await database.execute("select name from jobs where state = 'begun' order by name")
            return [name for (name,) in await cursor.fetchall()]

    async def forget(self, name: str) -> None:
        async with aiosqlite.connect(self._path) as database:
            await database.execute("delete from jobs where name = ?", (name,))
            await database.commit()

    async def is_done(self, name: str) -> bool:
        async with aiosqlite.connect(self._path) as database:
            cursor = await database.execute("select 1 from jobs where name = ? and state = 'done'", (name,))
            return await cursor.fetchone() is not None
