"""The files that lie beside the formats: style and script are not written in Python."""

from __future__ import annotations

from pathlib import Path


def text_of(name: str) -> str:
    """A file of this package, by its path in it."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
