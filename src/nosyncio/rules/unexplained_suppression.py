from __future__ import annotations

from nosyncio.rules.base import HygieneRule


class UnexplainedSuppression(HygieneRule):
    """A `# noqa` of ours that does not say why.

    ## What it does
    Reports a `# noqa: NSI...` with no words behind its codes, and a bare `# noqa` that hides something of ours. Off by default:
    `require-reason = true` turns it on, or `nosyncio gate --require-reason`.

    ## Why is this bad
    Whoever reads the line next cannot tell whether the call is harmless there or was left for later.

    ## Example
    ```python
    import time

    async def pause() -> None:
        time.sleep(0)  # noqa: NSI101  # expect: NSI903
    ```

    ## Use instead
    ```python
    import time

    async def pause() -> None:
        time.sleep(0)  # noqa: NSI101 -- gives way to other threads, does not wait
    ```

    ## What it does not see
    Whether the words are a reason. What other tools are told (`# pragma: no cover`, `# type: ignore`) does not count as one; a
    comment on the line above does not, either. Under flake8 it says nothing, which does the suppressing itself.
    """

    code = "NSI903"
    name = "unexplained-suppression"
    default = False
