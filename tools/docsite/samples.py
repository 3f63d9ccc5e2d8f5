"""What the documentation shows whole: the page of `nosyncio report` for one of the examples. Sphinx copies it as it is."""

from __future__ import annotations

from pathlib import Path

from nosyncio.config import discover
from nosyncio.frontends.cli.terminal import SourceLines
from nosyncio.report import page
from nosyncio.stocktaking import inventory

FOLDER = "_samples"
SHOWN = Path(__file__).parents[2] / "examples" / "podcast-cli" / "before"


def pages() -> dict[str, str]:
    found = inventory(discover(SHOWN), [SHOWN], base=SHOWN)
    return {f"{FOLDER}/sample-report.html": page.render(found, SourceLines(SHOWN))}
