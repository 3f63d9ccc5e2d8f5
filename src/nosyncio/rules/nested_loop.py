from __future__ import annotations

from nosyncio.model import Context, Kind
from nosyncio.rules.base import PREFIX, Code, KindRule


class NestedLoop(KindRule):
    """An event loop is started inside a running one.

    ## What it does
    Reports `asyncio.run`, `asyncio.Runner.run`, `loop.run_until_complete`, `loop.run_forever`, `anyio.run`, `trio.run`,
    `uvloop.run`, `uvicorn.run`, `aiohttp.web.run_app`, tornado's `IOLoop.run_sync` and `IOLoop.start`, and asgiref's
    `async_to_sync(f)()`, in code that runs on the event loop or in a sync function that it calls.

    ## Why is this bad
    A thread has one running loop. The second one raises `RuntimeError: asyncio.run() cannot be called from a running event
    loop`, and the coroutine that it was given never runs. Where a patch such as nest_asyncio allows it, the caller waits all
    the same.

    ## Example
    ```python
    import asyncio

    async def fetch(name: str) -> str:
        await asyncio.sleep(1)
        return name

    def fetch_now(name: str) -> str:
        return asyncio.run(fetch(name))

    async def handle(name: str) -> str:
        return fetch_now(name)  # expect: NSI402
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

    ## What it does not see
    A loop whose type is not known. Functions that ask whether a loop is running (`asyncio.get_running_loop`,
    `loop.is_running`), and what they call: they are taken to know what they do. So is a program that calls
    `nest_asyncio.apply`.
    """

    kind = Kind.NESTED_LOOP
    noun = "starting an event loop inside a running one"
    effect = "cannot run inside"
    instead = ("await",)

    @classmethod
    def _code_in(cls, context: Context) -> Code | None:
        """One code wherever a loop is running; in sync code that no loop runs, starting one is what to do."""
        if context is Context.ASYNC_ONLY:
            return None
        return Code(f"{PREFIX}402", cls.kind.label, cls.title().rstrip("."), cls.kind, None, cls.default, cls.published())
