"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path


def write_whole(file: Path, data: bytes) -> None:
    """Write `file` so that a reader sees the old content or the new. A link keeps leading to the file, which keeps its mode; a
    device or a pipe is written to. Raises OSError."""
    target = target_of(file)
    if is_special(file):
        file.write_bytes(data)
        return
    draft = target.with_name(f".nosyncio-{os.urandom(8).hex()}.tmp")
    try:
        with draft.open("xb") as opened:
            opened.write(data)
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def target_of(file: Path) -> Path:
    """The file that links lead to."""
    return Path(os.path.realpath(file))


def is_special(file: Path) -> bool:
    """Whether there is something that can be written to and must not be replaced: a device, a pipe."""
    return file.exists() and not stat.S_ISREG(file.stat().st_mode)
