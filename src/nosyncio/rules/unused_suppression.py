from __future__ import annotations

from nosyncio.rules.base import HygieneRule


class UnusedSuppression(HygieneRule):
    """A `# noqa` of ours that suppresses nothing.

    ## What it does
    Reports a `# noqa: NSI...` on a statement where that code finds nothing.

    ## Why is this bad
    It hides the next blocking call that somebody writes there, and it says that something is wrong where nothing is.

    ## Example
    ```python
    import asyncio

    async def pause() -> None:
        await asyncio.sleep(1)  # noqa: NSI101  # expect: NSI901
    ```

    ## Use instead
    ```python
    import asyncio

    async def pause() -> None:
        await asyncio.sleep(1)
    ```

    ## What it does not see
    A bare `# noqa`, which may be there for another linter, and codes of other linters. Under flake8 and pylint it says nothing,
    because they do the suppressing themselves.
    """

    code = "NSI901"
    name = "unused-suppression"
