"""Not more at once than the database takes."""

import asyncio
import time

ROWS_A_SECOND = 500


def pause(rows: int) -> None:
    """For the nightly export. It sleeps, which is fine as long as no coroutine gets here."""
    time.sleep(rows / ROWS_A_SECOND)


async def pause_async(rows: int) -> None:
    """The same for coroutines."""
    await asyncio.sleep(rows / ROWS_A_SECOND)
