"""`nosyncio history`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from nosyncio import run, timeline
from nosyncio.config import ConfigError, Located, merged
from nosyncio.frontends.cli.exits import CLEAN, FAILED
from nosyncio.frontends.cli.options import located_in, overrides, project_options
from nosyncio.frontends.cli.terminal import keep_all, paint, progress_bar, show
from nosyncio.frontends.outputs import DEFAULT, outputs
from nosyncio.git import Git
from nosyncio.history import History
from nosyncio.report import HISTORY_FORMATS
from nosyncio.report.style import plain
