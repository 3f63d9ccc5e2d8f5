"""Which nosyncio made what is kept from run to run: what another one made, this one does not take."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nosyncio import __version__


@cache
def maker() -> str:
    """A name for this nosyncio under this Python, with the stubs that it reads. It is another once a file of ours is edited."""
    spec = importlib.util.find_spec("typeshed_client")
    stubs = [*(spec.submodule_search_locations or ())] if spec is not None else []
    parts = [__version__, sys.version, sys.implementation.cache_tag or "", *_stamps(str(Path(__file__).parent))]
    for folder in stubs:
        parts += [folder, *(_stamp(folder, entry) for entry in ("__init__.py", "typeshed"))]
    return hashlib.blake2b("\n".join(parts).encode(errors="surrogateescape"), digest_size=16).hexdigest()


def _stamps(folder: str) -> Iterator[str]:
    """The names, sizes and times of the files of a package."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _stamps(entry.path)
            elif entry.name.endswith((".py", ".toml", ".so", ".pyd")):
                yield _stamp(folder, entry.name)


def _stamp(folder: str, name: str) -> str:
    try:
        status = os.stat(os.path.join(folder, name))
    except OSError:
        return name
    return f"{name} {status.st_size} {status.st_mtime_ns}"
