from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Console(KindRule):
    """Waiting for input from a person blocks the event loop.

    ## What it does
    Reports `input`, `getpass.getpass`, `sys.stdin.readline` and `read`, `code.interact`, `cmd.Cmd.cmdloop`, `msvcrt.getch`.

    ## Why is this bad
    The loop stands still until somebody types, which may be never: heartbeats are missed, and peers drop their connections while
    the prompt is on the screen. With a pipe for stdin it waits for the program at the other end.

    ## Example
    ```python
    async def confirm(question: str) -> bool:
        return input(f"{question} [y/n] ") == "y"  # expect: NSI112
    ```

    ## Use instead
    ```python
    import asyncio

    async def confirm(question: str) -> bool:
        return await asyncio.to_thread(input, f"{question} [y/n] ") == "y"
    ```
    A thread that waits in `input` cannot be cancelled: the program ends only after a line was entered. `aioconsole.ainput`
    (asyncio) reads terminals and pipes without a thread, except on Windows; `anyio.to_thread.run_sync` and
    `trio.to_thread.run_sync` can leave the thread behind (`abandon_on_cancel=True`).

    ## What it does not see
    A terminal that is opened by its path, which is NSI102, and a handle that happens to be stdin but is only known as `TextIO`,
    which is NSI103. Prompts of libraries such as click and rich.
    """

    kind = Kind.CONSOLE
    noun = "waiting for input from a person"
