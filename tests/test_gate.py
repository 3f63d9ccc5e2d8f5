"""`nosyncio gate`: what holds, what does not, and the exit code that says so."""

from __future__ import annotations

from pathlib import Path

from commands import SLEEPS, nosyncio, write


def test_exit_codes(tmp_path: Path) -> None:
    write(tmp_path, {"clean.py": "import time\ntime.sleep(1)\n", "blocks.py": SLEEPS, "broken.py": "def f(:\n"})
    assert nosyncio(tmp_path, "gate", "clean.py").code == 0
    assert nosyncio(tmp_path, "gate", "blocks.py").code == 1
    assert nosyncio(tmp_path, "gate", "broken.py").code == 2
    assert nosyncio(tmp_path, "gate").code == 2
    assert nosyncio(tmp_path, "gate", "gone.py").code == 2
