"""The baseline: what a project has agreed to live with for now. It may only shrink."""

from __future__ import annotations

from nosyncio.baseline.file import BaselineError, file_for, read, text_of, written
from nosyncio.baseline.matching import Entries, found_by, unknown
from nosyncio.baseline.moves import Place, updated

__all__ = [
    "BaselineError",
    "Entries",
    "Place",
    "file_for",
    "found_by",
    "read",
    "text_of",
    "unknown",
    "updated",
    "written",
]
