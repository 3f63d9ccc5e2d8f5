from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class ThreadWait(KindRule):
    """Waiting for another thread blocks the event loop.

    ## What it does
    Reports waits on what another thread or process has to do: `Lock.acquire` and `with lock`, `Event.wait`, `queue.Queue.get`,
    `Thread.join`, `concurrent.futures.Future.result`, iterating `Executor.map`, the `multiprocessing` counterparts,
    `signal.sigwait`.

    ## Why is this bad
    Nobody knows how long the other thread takes, and if it needs the loop to go on, it takes for ever: the `result()` of
    `asyncio.run_coroutine_threadsafe`, called on the loop that is to run the coroutine, never returns.

    ## Example
    ```python
    from concurrent.futures import ThreadPoolExecutor

    POOL = ThreadPoolExecutor()

    async def total(numbers: list[int]) -> int:
        return POOL.submit(sum, numbers).result()  # expect: NSI111
    ```

    ## Use instead
    ```python
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    POOL = ThreadPoolExecutor()

    async def total(numbers: list[int]) -> int:
        return await asyncio.wrap_future(POOL.submit(sum, numbers))
    ```
    Between tasks of one loop use the `Lock`, `Event` and `Queue` of asyncio, or their like in anyio and trio; between a thread
    and the loop `call_soon_threadsafe`, `anyio.from_thread.run` or `trio.from_thread.run`, called in the thread.

    ## What it does not see
    Whether there is anything to wait for: `if future.done(): future.result()` and a lock that is never held for long are
    reported. Not reported: `blocking=False`, `timeout=0`, `get_nowait`, and `put` on a queue for which no `maxsize` is seen.
    """

    kind = Kind.THREAD_WAIT
    noun = "waiting for another thread"
