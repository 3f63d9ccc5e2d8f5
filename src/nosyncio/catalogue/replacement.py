"""What to use instead of a blocking call, in the async library that the code is written for."""

from __future__ import annotations

from nosyncio.catalogue import Verdict
from nosyncio.catalogue.schema import Instead
from nosyncio.model import AsyncLibrary

_THREAD = {
    AsyncLibrary.ASYNCIO: "asyncio.to_thread",
    AsyncLibrary.ANYIO: "anyio.to_thread.run_sync",
    AsyncLibrary.TRIO: "trio.to_thread.run_sync",
}


def thread(library: AsyncLibrary) -> str:
    """What hands a call to a thread."""
    return _THREAD[library]


def replacements(verdict: Verdict, library: AsyncLibrary) -> tuple[str, ...]:
    """The advice for one blocking call, as qualified names: the library's own twin, else a package for it, else a thread."""
    instead = verdict.instead or Instead()
    own = {AsyncLibrary.ASYNCIO: instead.asyncio, AsyncLibrary.ANYIO: instead.anyio, AsyncLibrary.TRIO: instead.trio}[library]
    name = verdict.name.rpartition(".")[2]
    if own is not None:
        return (own.format(name=name),)
    beside = instead.library[:1] if library is not AsyncLibrary.TRIO else ()
    return (*(item.format(name=name) for item in beside), _THREAD[library])
