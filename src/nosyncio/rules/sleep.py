from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Sleep(KindRule):
    """Sleeping blocks the event loop.

    ## What it does
    Reports timed waits: `time.sleep`, `sched.scheduler.run`, and psutil's `cpu_percent` and `cpu_times_percent` with an interval.

    ## Why is this bad
    `time.sleep` suspends the thread, not the task. Until it is over no timer of the loop fires, no socket is read, and cancelling
    the sleeping task has no effect.

    ## Example
    ```python
    import time

    async def wait_for_job(done: set[str], job: str) -> None:
        while job not in done:
            time.sleep(0.5)  # expect: NSI101
    ```

    ## Use instead
    ```python
    import asyncio

    async def wait_for_job(done: set[str], job: str) -> None:
        while job not in done:
            await asyncio.sleep(0.5)
    ```
    `anyio.sleep` and `trio.sleep` take the same argument. Waiting for an event needs no sleep at all: each library has an
    `Event`.

    ## What it does not see
    `time.sleep(0)`, which does not wait, and `scheduler.run(blocking=False)`. psutil's calls where the interval is not a number
    that can be seen. Sleeps inside a library, such as a retry decorator's pauses.
    """

    kind = Kind.SLEEP
    noun = "sleeping"
