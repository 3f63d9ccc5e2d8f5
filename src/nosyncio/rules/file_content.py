from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class FileContent(KindRule):
    """Reading or writing a file blocks the event loop.

    ## What it does
    Reports calls that move the contents of files: `Path.read_text` and `write_bytes`, `read` and `write` of a handle that came
    from elsewhere, `json.load(handle)`, `shutil.copyfile`, `os.fsync`, `SSLContext.load_cert_chain`,
    `importlib.metadata.version`. What goes through a handle that the same function opened belongs to the finding on the opening,
    NSI102.

    ## Why is this bad
    `O_NONBLOCK` has no effect on regular files: the thread itself waits for the disk or the file server, and the more data, the
    longer. `fsync` waits until everything written to the file so far is on the disk.

    ## Example
    ```python
    from pathlib import Path
    from typing import TextIO

    async def keep(path: Path, body: bytes) -> None:
        path.write_bytes(body)  # expect: NSI103

    async def first_line(handle: TextIO) -> str:
        return handle.readline()  # expect: NSI103
    ```

    ## Use instead
    ```python
    import asyncio
    from pathlib import Path
    from typing import TextIO

    async def keep(path: Path, body: bytes) -> None:
        await asyncio.to_thread(path.write_bytes, body)

    async def first_line(handle: TextIO) -> str:
        return await asyncio.to_thread(handle.readline)
    ```
    `anyio.Path` and `trio.Path` have the same methods to be awaited, and so have the handles of `aiofiles.open`.

    ## What it does not see
    `json.load(handle)` and its like where the type of `handle` is not known. Writes to a `TextIO`, which may be stdout, and all
    writes to stdout and stderr. Page faults of an `mmap`. What the handlers of a logger write.
    """

    kind = Kind.FILE_CONTENT
    noun = "reading or writing a file"
