"""What the process says by its exit code."""

from __future__ import annotations

CLEAN, FINDINGS, FAILED = 0, 1, 2
