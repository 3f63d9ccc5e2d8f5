"""nosyncio: a linter for calls that block the event loop."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
