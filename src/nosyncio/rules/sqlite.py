from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Sqlite(KindRule):
    """Using an SQLite database blocks the event loop.

    ## What it does
    Reports `sqlite3.connect`, the `execute` and `fetch` methods of connections and cursors, iterating a cursor, `commit`,
    `rollback`, `backup` and blobs.

    ## Why is this bad
    SQLite has no server: the query runs in the calling thread, on a file. While another connection holds the write lock,
    `sqlite3` retries for five seconds before it gives up (`timeout=5.0`), and a commit waits for the disk.

    ## Example
    ```python
    import sqlite3

    async def names(path: str) -> list[str]:
        connection = sqlite3.connect(path)  # expect: NSI107
        rows = connection.execute("SELECT name FROM people")  # expect: NSI107
        return [name for (name,) in rows]
    ```

    ## Use instead
    ```python
    import aiosqlite

    async def names(path: str) -> list[str]:
        async with aiosqlite.connect(path) as connection:
            cursor = await connection.execute("SELECT name FROM people")
            return [name for (name,) in await cursor.fetchall()]
    ```
    `aiosqlite` needs asyncio. Under trio, put connection and queries in one function and hand that to `trio.to_thread.run_sync`:
    by default a connection may be used only in the thread that made it.

    ## What it does not see
    `sqlite3.connect(":memory:")` and `execute` on such a connection. A connection whose type is not known, such as an unannotated
    parameter.
    """

    kind = Kind.SQLITE
    noun = "using an SQLite database"
