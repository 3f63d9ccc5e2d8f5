from __future__ import annotations

from nosyncio.model import Misuse
from nosyncio.rules.base import MisuseRule


class NeverAwaited(MisuseRule):
    """A coroutine is made and never awaited.

    ## What it does
    Reports calls that are a statement of their own, in any function and at module level, where the callee is surely an `async
    def` of the project, or of asyncio.

    ## Why is this bad
    Calling a coroutine function runs nothing of it. The save, the notification or the clean-up does not happen, and all that
    is to be seen is a RuntimeWarning, some time later. It is what is left behind when a helper becomes async and one of its
    callers does not.

    ## Example
    ```python
    import asyncio

    class Store:
        async def save(self) -> None:
            await asyncio.sleep(1)

    async def close(store: Store) -> None:
        store.save()  # expect: NSI405
    ```

    ## Use instead
    ```python
    import asyncio

    class Store:
        async def save(self) -> None:
            await asyncio.sleep(1)

    async def close(store: Store) -> None:
        await store.save()
    ```
    What should go on beside the caller is a task: `asyncio.create_task(store.save())`, kept in a variable, or one of an
    `asyncio.TaskGroup`. A sync function cannot await: it has to become async, too.

    ## What it does not see
    A coroutine that is put into a variable and then forgotten. Functions behind decorators that are not known to keep them
    coroutine functions, and methods that a subclass overrides with a sync one.
    """

    misuse = Misuse.NEVER_AWAITED
    message = "{callee} is a coroutine function: without `await` this call does nothing; await it"
