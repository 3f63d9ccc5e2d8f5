from __future__ import annotations

from nosyncio.model import Misuse
from nosyncio.rules.base import MisuseRule


class CalledNotPassed(MisuseRule):
    """A function is called where it should be handed to a thread.

    ## What it does
    Reports calls of `asyncio.to_thread`, `run_in_executor`, `Thread(target=...)` and the like, and of a project's own
    functions around them, whose callable is the result of a call and surely cannot be called itself: a number, a string,
    None, a coroutine.

    ## Why is this bad
    Arguments are worked out before the call. The work is done where the thread should have kept it away from, on the event
    loop, and then the thread fails: `TypeError: 'int' object is not callable`.

    ## Example
    ```python
    import asyncio

    def render(rows: list[str]) -> str:
        return "".join(f"<li>{row}</li>" for row in rows)

    async def page(rows: list[str]) -> str:
        return await asyncio.to_thread(render(rows))  # expect: NSI401
    ```

    ## Use instead
    ```python
    import asyncio

    def render(rows: list[str]) -> str:
        return "".join(f"<li>{row}</li>" for row in rows)

    async def page(rows: list[str]) -> str:
        return await asyncio.to_thread(render, rows)
    ```
    A lambda holds what is more than one call: `asyncio.to_thread(lambda: path.stat().st_size)`. A coroutine is awaited, without
    a thread.

    ## What it does not see
    Results whose type is not known, and those that may be callable, such as what a factory of callables gives. The blocking
    call that is made too early has a code of its own, on the same line.
    """

    misuse = Misuse.CALLED_NOT_PASSED
    message = "{callee} is called here, and {offload} gets what it gives; pass the function itself and its arguments"
