from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class ImportLoad(KindRule):
    """Importing a module blocks the event loop.

    ## What it does
    Reports imports that are calls: `importlib.import_module`, `importlib.reload`, `__import__`, `runpy.run_path`,
    `EntryPoint.load`, and `importlib.util.find_spec`. Off by default, because the second import of a module only looks into
    `sys.modules`: select it with `extend-select = ["NSI114"]`.

    ## Why is this bad
    The first import searches `sys.path`, reads and perhaps compiles the file, and runs the module's body. That body imports
    further modules and does whatever else its author put at the top level.

    ## Example
    ```python
    import importlib
    from types import ModuleType

    async def plugin(name: str) -> ModuleType:
        return importlib.import_module(f"plugins.{name}")  # expect: NSI114
    ```

    ## Use instead
    ```python
    import asyncio
    import importlib
    from types import ModuleType

    async def plugin(name: str) -> ModuleType:
        return await asyncio.to_thread(importlib.import_module, f"plugins.{name}")
    ```
    Or `anyio.to_thread.run_sync`, or `trio.to_thread.run_sync`. What is known when the program starts is better imported before
    the loop runs.

    ## What it does not see
    `import` statements in a coroutine. Imports that libraries put off until they are first used. Whether the module is in
    `sys.modules` already: such a call is reported, too.
    """

    kind = Kind.IMPORT_LOAD
    noun = "importing a module"
    default = False
