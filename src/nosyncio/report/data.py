"""The files that lie beside the formats: style and script are not written in Python."""

from __future__ import annotations

from importlib import resources


def text_of(name: str) -> str:
    """A file of this package, by its path in it."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
