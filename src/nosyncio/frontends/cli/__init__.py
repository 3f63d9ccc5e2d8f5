"""The command line: a command a file, what they share in `options` and `terminal`."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import NoReturn

import click

from nosyncio import __version__
from nosyncio.frontends.cli.exits import CLEAN, FAILED

_COMMANDS = {
    "baseline": "baseline:baseline",
    "catalogue": "catalogue:catalogue",
    "check": "check:check",
    "explain": "rules:explain",
    "gate": "gate:gate",
    "history": "history:history",
    "report": "report:report",
    "rules": "rules:list_rules",
    "why": "why:why",
}
"""Where each command is: the module of one is imported when it is called for."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        assert isinstance(found, click.Command)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nosyncio")
def cli() -> None:
    """Find calls that block the event loop."""


def _told() -> tuple[type[Exception], ...]:
    """The errors that tell by themselves what is wrong, and not with nosyncio. Imported once there is one."""
    from nosyncio.config import ConfigError
    from nosyncio.git import RepositoryError
    from nosyncio.tree import WorkerDied

    return ConfigError, RepositoryError, WorkerDied


def main() -> None:
    """Run the command line and exit: with 2 for whatever keeps it from doing its job."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # paths may hold what the terminal's encoding has no letters for
    try:
        code = cli.main(standalone_mode=False)
    except _told() as error:
        click.echo(f"nosyncio: {error}", err=True)
        code = FAILED
    except click.exceptions.Abort:
        code = FAILED
    except click.ClickException as error:
        error.show()
        code = FAILED
    except Exception:
        import traceback  # it takes a tenth of what there is to import

        traceback.print_exc()
        click.echo("nosyncio: this is a fault of nosyncio, not of your code; please report it with the lines above", err=True)
        code = FAILED
    _leave(code if isinstance(code, int) else CLEAN)


def _leave(code: int) -> NoReturn:
    """End this process at once. To take apart, piece by piece, what a run over a large project has made takes seconds."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads any more, or the disk is full: Python's own way to end says so
        sys.exit(code)
    os._exit(code)
