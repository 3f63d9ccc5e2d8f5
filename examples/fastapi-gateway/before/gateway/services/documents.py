"""Documents, in Postgres."""

import asyncpg


class DocumentStore:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def add(self, title: str, text: str) -> int:
        query = "insert into documents (title, text) values ($1, $2) returning id"
        return int(await self.pool.fetchval(query, title, text))

    async def titles(self) -> list[str]:
        return [row["title"] for row in await self.pool.fetch("select title from documents order by title")]

    async def is_up(self) -> bool:
        return bool(await self.pool.fetchval("select true"))
