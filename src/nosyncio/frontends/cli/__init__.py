"""The command line: a command a file, what they share in `options` and `terminal`."""

from __future__ import annotations

import io
import sys
import traceback

import click

from nosyncio import __version__
from nosyncio.config import ConfigError
from nosyncio.frontends.cli.baseline import baseline
from nosyncio.frontends.cli.catalogue import catalogue
from nosyncio.frontends.cli.check import check
from nosyncio.frontends.cli.exits import CLEAN, FAILED
from nosyncio.frontends.cli.gate import gate
from nosyncio.frontends.cli.history import history
from nosyncio.frontends.cli.report import report
from nosyncio.frontends.cli.rules import explain, list_rules
from nosyncio.frontends.cli.why import why
from nosyncio.git import RepositoryError
from nosyncio.project import WorkerDied


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nosyncio")
def cli() -> None:
    """Find calls that block the event loop."""


for _command in (baseline, catalogue, check, explain, gate, history, list_rules, report, why):
    cli.add_command(_command)


def main() -> None:
    """Run the command line and exit: with 2 for whatever keeps it from doing its job."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # paths may hold what the terminal's encoding has no letters for
    try:
        code = cli.main(standalone_mode=False)
    except (ConfigError, RepositoryError, WorkerDied) as error:
        click.echo(f"nosyncio: {error}", err=True)
        code = FAILED
    except click.exceptions.Abort:
        code = FAILED
    except click.ClickException as error:
        error.show()
        code = FAILED
    except Exception:
        traceback.print_exc()
        click.echo("nosyncio: this is a fault of nosyncio, not of your code; please report it with the lines above", err=True)
        code = FAILED
    sys.exit(code if isinstance(code, int) else CLEAN)
