"""Not more at once than the database takes."""

import time

ROWS_A_SECOND = 500


def pause(rows: int) -> None:
    time.sleep(rows / ROWS_A_SECOND)
