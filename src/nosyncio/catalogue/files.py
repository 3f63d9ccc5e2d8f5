"""The files of the catalogue: which there are, which top-level modules each speaks of, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from nosyncio.catalogue.schema import Library

_MODULES = re.compile(r"^modules\s*=\s*(\[.*?\])", re.MULTILINE | re.DOTALL)


def libraries() -> Iterable[Library]:
    """Every library of the catalogue, by file name."""
    return by_file().values()


def by_file() -> dict[str, Library]:
    """Every file of the catalogue, by its name below `data/`, in order."""
    return {file: read_library(file) for file in sorted({file for files in _index().values() for file in files})}


def files_for(top: str) -> tuple[str, ...]:
    """The files that speak of a top-level module."""
    return _index().get(top, ())


@cache
def texts() -> dict[str, str]:
    """The text of each file, by file name."""
    return {file.name: file.read_text("utf-8") for file in sorted(Path(__file__).with_name("data").glob("*.toml"))}


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """For each top-level module, the files that speak of it. Only their `modules` lines are read for this."""
    index: dict[str, tuple[str, ...]] = {}
    for file, text in texts().items():
        match = _MODULES.search(text)
        modules = re.findall(r'"([^"]+)"', match[1]) if match else []
        for top in sorted({module.partition(".")[0] for module in modules}):
            index[top] = (*index.get(top, ()), file)
    return index


@cache
def read_library(file: str) -> Library:
    """What is in a file. Raises ValueError, which names it, where that is not what the schema says."""
    try:
        return msgspec.toml.decode(texts()[file], type=Library)
    except msgspec.DecodeError as error:
        raise ValueError(f"catalogue/data/{file}: {error}") from None
