"""The store is done: no sync I/O may come back, not even in a function that is not async."""

import asyncio
import sqlite3
import sys
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema.sql").read_text()


def _load(path: str) -> list[tuple[str, float]]:
    with sqlite3.connect(path) as connection:
        return connection.execute("select name, price from prices").fetchall()


async def prices(path: str) -> list[tuple[str, float]]:
    return await asyncio.to_thread(_load, path)


def backup(path: str, target: str) -> None:
    with sqlite3.connect(path) as connection, sqlite3.connect(target) as copy:
        connection.backup(copy)


if __name__ == "__main__":
    backup(sys.argv[1], sys.argv[2])
