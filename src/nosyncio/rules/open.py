from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Open(KindRule):
    """Opening a file blocks the event loop.

    ## What it does
    Reports calls that open a file: `open`, `io.open`, `Path.open`, `gzip.open`, `os.fdopen`, `tempfile.NamedTemporaryFile` and
    their like. Reading and writing through the handle in the same function belongs to the same finding.

    ## Why is this bad
    Opening a file waits for the disk, or for whatever else answers for the path: a network share, a FUSE mount, a fifo. Until it
    answers, no other task of the loop runs.

    ## Example
    ```python
    import json

    async def load(path: str) -> object:
        with open(path) as handle:  # expect: NSI102
            return json.load(handle)
    ```

    ## Use instead
    ```python
    import asyncio
    import json
    from pathlib import Path

    async def load(path: Path) -> object:
        return json.loads(await asyncio.to_thread(path.read_text))
    ```
    `aiofiles.open`, `anyio.open_file` and `trio.open_file` do the same one call at a time.

    ## What it does not see
    A handle whose type is not known: an unannotated parameter, the result of a library that has no types.
    """

    kind = Kind.OPEN
    noun = "opening a file"
