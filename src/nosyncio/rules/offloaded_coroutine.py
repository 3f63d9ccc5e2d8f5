from __future__ import annotations

from nosyncio.model import Misuse
from nosyncio.rules.base import MisuseRule


class OffloadedCoroutine(MisuseRule):
    """A coroutine function is handed to a thread.

    ## What it does
    Reports `asyncio.to_thread(fetch)`, `run_in_executor`, `Thread(target=fetch)` and the like where `fetch` is an `async
    def`: by name, as a method, in a `functools.partial`, or in a lambda that returns its coroutine.

    ## Why is this bad
    The thread calls it, and calling a coroutine function runs nothing of it. The result is a coroutine that nobody awaits, so
    the work is not done, in the thread or anywhere else.

    ## Example
    ```python
    import asyncio

    async def fetch(name: str) -> str:
        await asyncio.sleep(1)
        return name

    async def handle(name: str) -> str:
        return await asyncio.to_thread(fetch, name)  # expect: NSI404
    ```

    ## Use instead
    ```python
    import asyncio

    async def fetch(name: str) -> str:
        await asyncio.sleep(1)
        return name

    async def handle(name: str) -> str:
        return await fetch(name)
    ```
    A coroutine that must run in another thread needs a loop there: `asyncio.to_thread(lambda: asyncio.run(fetch(name)))`.

    ## What it does not see
    Coroutine functions behind decorators that are not known to keep them so. Offloads that take both, such as Starlette's
    `BackgroundTasks.add_task`, are right.
    """

    misuse = Misuse.OFFLOADED_COROUTINE
    message = "{callee} is a coroutine function: {offload} only makes a coroutine of it, which does not run; await it instead"
