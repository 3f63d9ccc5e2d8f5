from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Database(KindRule):
    """Asking a database, a cache or a message broker blocks the event loop.

    ## What it does
    Reports calls that go to the server or the file behind psycopg, psycopg2, PyMySQL, mysqlclient, mysql-connector, oracledb,
    pyodbc, SQLAlchemy, SQLModel, peewee, the Django ORM, redis, pymongo, neo4j, cassandra-driver, elasticsearch, kafka, pika,
    DuckDB, `dbm` and more. SQLite has a code of its own, NSI107.

    ## Why is this bad
    Each call is at least one round trip, and a slow query or a row lock makes it a long one. Where a pool has no connection left,
    the call waits for one: 30 seconds by SQLAlchemy's default. The task that would give one back cannot run meanwhile.

    ## Example
    ```python
    import redis

    client = redis.Redis()

    async def count_visit(page: str) -> None:
        client.incr(f"visits:{page}")  # expect: NSI108
    ```

    ## Use instead
    ```python
    import redis.asyncio

    client = redis.asyncio.Redis()

    async def count_visit(page: str) -> None:
        await client.incr(f"visits:{page}")
    ```
    Most drivers have such a twin for asyncio: `psycopg.AsyncConnection`, `sqlalchemy.ext.asyncio.AsyncSession`,
    `pymongo.AsyncMongoClient`, Django's `aget` and `asave`. Without one, under trio too, run the whole transaction in a thread.

    ## What it does not see
    Attributes that load from the database when they are read, such as SQLAlchemy's lazy relationships. Connections and sessions
    whose type is not known. Not reported, because they do not wait: making a SQLAlchemy engine or a redis client, commands that a
    redis pipeline collects until `execute`, and fetching rows that the client holds already.
    """

    kind = Kind.DATABASE
    noun = "asking a database, cache or broker"
