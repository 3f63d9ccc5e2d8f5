"""Async I/O. `# async: NAME` marks each operation, by what is called; `# offloaded: NAME` what a thread does."""

import asyncio
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import aiofiles
import aiofiles.os
import aiohttp
import aiosqlite
import anyio
import anyio.to_thread
import asyncpg
import httpx
import neo4j
import redis.asyncio as redis
import trio
from elasticsearch import AsyncElasticsearch
from openai import AsyncOpenAI
from sqlalchemy.ext.asyncio import AsyncSession


async def sleeps(rest: Callable[[], None]) -> None:
    await asyncio.sleep(1)  # async: asyncio.sleep
    await asyncio.sleep(0)
    await anyio.sleep(1)  # async: anyio.sleep
    await trio.sleep(1)  # async: trio.sleep
    pause = asyncio.sleep
    await pause(1)  # async: asyncio.sleep
    await asyncio.wait_for(asyncio.sleep(1), 2)  # async: asyncio.sleep
    asyncio.sleep(1)


async def files(path: Path) -> None:
    async with aiofiles.open(path) as file:  # async: aiofiles.open
        await file.read()
    await aiofiles.os.stat(path)  # async: aiofiles.os.stat
    async with await anyio.open_file(path) as other:  # async: anyio.open_file
        await other.read()
    folder = anyio.Path(path) / "folder"
    await folder.mkdir()  # async: anyio.Path.mkdir
    async for item in folder.iterdir():  # async: anyio.Path.iterdir
        await item.read_text()  # async: anyio.Path.read_text
    await trio.Path(path).read_text()  # async: trio.Path.read_text


async def web(client: httpx.AsyncClient, session: aiohttp.ClientSession) -> None:
    await client.get("/")  # async: httpx.AsyncClient.get
    async with client.stream("GET", "/") as answer:  # async: httpx.AsyncClient.stream
        async for line in answer.aiter_lines():
            print(line)
    async with session.get("/") as response:  # async: aiohttp.ClientSession.get
        await response.json()
    async with aiohttp.ClientSession() as own:
        await own.post("/")  # async: aiohttp.ClientSession.post
    await asyncio.gather(client.get("/a"), client.get("/b"))  # async: httpx.AsyncClient.get 2
    calls = [client.put(path) for path in ("/a", "/b")]  # async: httpx.AsyncClient.put
    await asyncio.gather(*calls)
    await client.aclose()


async def databases(session: AsyncSession, path: Path) -> None:
    async with aiosqlite.connect(path) as database:  # async: aiosqlite.connect
        cursor = await database.execute("select 1")  # async: aiosqlite.Connection.execute
        await cursor.fetchall()
        await database.commit()  # async: aiosqlite.Connection.commit
    pool = await asyncpg.create_pool("postgres://")  # async: asyncpg.create_pool
    async with pool.acquire() as connection:  # async: asyncpg.Pool.acquire
        await connection.fetch("select 1")  # async: asyncpg.Connection.fetch
    await session.execute("select 1")  # async: sqlalchemy.ext.asyncio.AsyncSession.execute
    await redis.Redis().get("key")  # async: redis.asyncio.Redis.get
    await AsyncElasticsearch().search(index="all")  # async: elasticsearch.AsyncElasticsearch.search
    driver = neo4j.AsyncGraphDatabase.driver("neo4j://")
    async with driver.session() as graph:
        result = await graph.run("match (n) return n")  # async: neo4j.AsyncSession.run
        await result.data()


class Model:
    def __init__(self) -> None:
        self.client = AsyncOpenAI()

    async def ask(self) -> None:
        await self.client.chat.completions.create(model="a", messages=[])  # async: openai.AsyncOpenAI.create
        await self.answer()

    async def answer(self) -> None:
        """A coroutine of the project: what it does counts where it stands."""


async def others(queue: asyncio.Queue[int]) -> None:
    process = await asyncio.create_subprocess_exec("ls")  # async: asyncio.create_subprocess_exec
    await process.communicate()
    await queue.get()  # async: asyncio.Queue.get
    reader, writer = await asyncio.open_connection("localhost", 80)  # async: asyncio.open_connection
    await reader.readline()  # async: asyncio.StreamReader.readline
    await writer.drain()  # async: asyncio.StreamWriter.drain


# -------------------------------------------------------------------------------------------------------------------- in threads


async def in_threads(path: Path, pool: ThreadPoolExecutor) -> None:
    await asyncio.to_thread(path.read_text)  # offloaded: pathlib.Path.read_text
    await asyncio.to_thread(open, path)  # offloaded: builtins.open
    await asyncio.to_thread(partial(time.sleep, 1))  # offloaded: time.sleep
    await asyncio.to_thread(time.sleep, 0)
    await asyncio.get_running_loop().run_in_executor(pool, subprocess.run, ["ls"])  # offloaded: subprocess.run
    await anyio.to_thread.run_sync(lambda: path.unlink())  # offloaded: pathlib.Path.unlink
    await asyncio.to_thread(path.rglob, "*")
    await asyncio.to_thread(only_there, path)
    threading.Thread(target=time.sleep, args=(1,)).start()  # offloaded: time.sleep


def only_there(path: Path) -> None:
    path.write_text(helper_there(path))  # offloaded: pathlib.Path.write_text


def helper_there(path: Path) -> str:
    with open(path) as file:  # offloaded: builtins.open
        return file.read()
