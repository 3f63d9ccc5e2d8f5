from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class User(KindRule):
    """Calling what the project itself declares to be blocking.

    ## What it does
    Reports calls of what `[[tool.nosyncio.blocking]]` names and gives no `kind`. With a `kind`, say `kind = "http"`, an entry is
    reported under that kind's code. The keys are those of the catalogue's own files.

    ## Why is this bad
    It waits because the project says so: a company's own client library, an extension module, a driver that the catalogue lacks.

    ## Example
    ```toml
    [[tool.nosyncio.blocking]]
    functions = ["printers.spool"]
    instead = { library = ["printers.aio.spool"] }

    [[tool.nosyncio.blocking]]
    class = "printers.Printer"
    methods = ["wait"]
    unless = [{ argument = "timeout", equals = 0 }]
    ```
    With this in `pyproject.toml`, both calls are NSI120. Without it, nothing is known of them, and nothing is reported.
    ```python
    import printers

    async def send(text: str, printer: printers.Printer) -> None:
        printers.spool(text)
        printer.wait()
    ```

    ## Use instead
    ```python
    import asyncio

    import printers

    async def send(text: str, printer: printers.Printer) -> None:
        await asyncio.to_thread(printers.spool, text)
        await asyncio.to_thread(printer.wait)
    ```
    Or whatever the entry's `instead` names for asyncio, anyio or trio, which is what the message then says.

    ## What it does not see
    Another name for the same thing, such as `printers._impl.spool`, unless `[tool.nosyncio.aliases]` leads from it to the
    declared one. A method where the type of its receiver is not known. A call whose `when` is about an argument whose value
    cannot be worked out; the same for an `unless` that compares with true or false.
    """

    kind = Kind.USER
    noun = "calling what the project declares to be blocking"
