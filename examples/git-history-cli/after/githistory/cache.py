"""The files that each commit changes, kept between runs: working them out is slow."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import diskcache

P = ParamSpec("P")
T = TypeVar("T")


class ChangesCache:
    """diskcache has no async twin: all of it runs in the executor, its constructor included."""

    def __init__(self, folder: Path, executor: Executor) -> None:
        self._folder = folder
        self._executor = executor
        self._opened: diskcache.Cache | None = None

    async def get(self, commit_id: str) -> list[str] | None:
        return await self._in_executor(self._read, commit_id)

    async def set(self, commit_id: str, files: list[str]) -> None:
        await self._in_executor(self._write, commit_id, files)

    def _read(self, commit_id: str) -> list[str] | None:
        files: list[str] | None = self._cache().get(commit_id)
        return files

    def _write(self, commit_id: str, files: list[str]) -> None:
        self._cache().set(commit_id, files)

    def _cache(self) -> diskcache.Cache:
        if self._opened is None:
            self._opened = diskcache.Cache(str(self._folder))
        return self._opened

    async def _in_executor(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, partial(function, *args, **kwargs))
