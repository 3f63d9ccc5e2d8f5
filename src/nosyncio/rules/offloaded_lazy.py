from __future__ import annotations

from nosyncio.model import Misuse
from nosyncio.rules.base import MisuseRule


class OffloadedLazy(MisuseRule):
    """A lazy iterator is made in a thread and consumed on the event loop.

    ## What it does
    Reports where loop code iterates what a thread gave, if that does its work only then: `Path.glob`, `os.walk`, a generator
    function of the project that blocks.

    ## Why is this bad
    Making the iterator takes no time at all, so the thread has nothing to do. Each step of the loop then reads the disk on
    the event loop's own thread, as it would without any other.

    ## Example
    ```python
    import asyncio
    from pathlib import Path

    async def names(root: Path) -> list[str]:
        found = await asyncio.to_thread(root.rglob, "*.py")
        return [path.name for path in found]  # expect: NSI403
    ```

    ## Use instead
    ```python
    import asyncio
    from pathlib import Path

    async def names(root: Path) -> list[str]:
        found = await asyncio.to_thread(lambda: list(root.rglob("*.py")))
        return [path.name for path in found]
    ```
    With anyio, `async for path in anyio.Path(root).rglob("*.py")`.

    ## What it does not see
    Iterators that are kept in an attribute or a container on the way. Generator expressions that a thread makes. What is
    handed to another function, which then iterates it.
    """

    misuse = Misuse.OFFLOADED_LAZY
    message = "{callee} is lazy: iterating what it gave blocks {loop}, not the thread that made it; make a list in the thread"
