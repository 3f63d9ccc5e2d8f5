from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class FileMetadata(KindRule):
    """Asking or changing the file system blocks the event loop.

    ## What it does
    Reports single calls about names and properties of files: `os.stat`, `Path.exists`, `mkdir`, `unlink`, `rename`, `resolve`,
    `os.listdir`, `os.path.getsize`, `shutil.which`.

    ## Why is this bad
    On a local disk whose directories are cached such a call takes microseconds. On a network share whose server is gone it does
    not return: an NFS mount retries for ever by default. Where all files are local for certain, `ignore = ["NSI105"]` is a fair
    choice.

    ## Example
    ```python
    from pathlib import Path

    async def discard(path: Path) -> None:
        if path.exists():  # expect: NSI105
            path.unlink()  # expect: NSI105
    ```

    ## Use instead
    ```python
    import asyncio
    from pathlib import Path

    async def discard(path: Path) -> None:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    ```
    Several calls in one function make one trip to a thread. `anyio.Path` and `trio.Path` have these methods to be awaited,
    `aiofiles.os` those of `os`.

    ## What it does not see
    A path whose type is not known, or that may be a `str` as well. Paths that only compute (`joinpath`, `os.path.join`,
    `PurePath`) and `DirEntry.is_file`, which usually needs no system call, are not reported, nor is `os.path.exists` of a literal
    path in `/proc`.
    """

    kind = Kind.FILE_METADATA
    noun = "making a file-system call"
