"""What the process says by its exit code."""

from __future__ import annotations

CLEAN, FINDINGS, FAILED, STALE = 0, 1, 2, 3
