from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Subprocess(KindRule):
    """Starting a process or waiting for one blocks the event loop.

    ## What it does
    Reports `subprocess.run` and its kin, `subprocess.Popen` and its `wait` and `communicate`, `os.system`, `os.popen`,
    `os.waitpid`, `os.spawn*`, `webbrowser.open` and `psutil.Process.wait`.

    ## Why is this bad
    `run` returns when the other program has ended, whenever that is. `Popen` alone waits too: for the fork, and until the child
    has started its program. A program that needs an answer from this very loop never ends.

    ## Example
    ```python
    import subprocess

    async def branch() -> str:
        done = subprocess.run(["git", "branch", "--show-current"], capture_output=True, text=True)  # expect: NSI109
        return done.stdout.strip()
    ```

    ## Use instead
    ```python
    import asyncio

    async def branch() -> str:
        process = await asyncio.create_subprocess_exec("git", "branch", "--show-current", stdout=asyncio.subprocess.PIPE)
        output, _ = await process.communicate()
        return output.decode().strip()
    ```
    `anyio.run_process` and `trio.run_process` do it in one call.

    ## What it does not see
    A `Popen` whose type is not known. Calls that only look, and so do not wait: `Popen.poll`, `wait(timeout=0)`, and `os.waitpid`
    with options other than `0`, which are taken to be `os.WNOHANG`.
    """

    kind = Kind.SUBPROCESS
    noun = "starting or waiting for a process"
