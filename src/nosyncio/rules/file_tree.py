from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class FileTree(KindRule):
    """Working through a file tree or an archive blocks the event loop.

    ## What it does
    Reports calls whose work grows with a folder or an archive: `shutil.rmtree`, `shutil.copytree`, `shutil.move`, `os.walk`,
    `Path.rglob`, `glob.glob`, `zipfile.ZipFile`, `tarfile.open`. Lazy ones are reported where they are iterated.

    ## Why is this bad
    Each entry costs at least one system call, and an archive is decompressed on top. How many entries there are, the code does
    not say: the folder that holds ten files in a test may hold a hundred thousand later.

    ## Example
    ```python
    import shutil
    from pathlib import Path

    async def reset(root: Path) -> list[Path]:
        shutil.rmtree(root / "cache")  # expect: NSI104
        return sorted(root.rglob("*.py"))  # expect: NSI104
    ```

    ## Use instead
    ```python
    import asyncio
    import shutil
    from pathlib import Path

    def clear_and_list(root: Path) -> list[Path]:
        shutil.rmtree(root / "cache")
        return sorted(root.rglob("*.py"))

    async def reset(root: Path) -> list[Path]:
        return await asyncio.to_thread(clear_and_list, root)
    ```
    Make the list in the thread: an iterator that is only made there does its work on the loop. `anyio.Path.glob` is iterated with
    `async for`, `trio.Path.glob` is awaited.

    ## What it does not see
    An iterator that is handed on, not iterated: returned, or passed to a function that is not known to iterate it. How much there
    is to do: `shutil.move` within one file system is one rename, and reported all the same.
    """

    kind = Kind.FILE_TREE
    noun = "working through a file tree or an archive"
