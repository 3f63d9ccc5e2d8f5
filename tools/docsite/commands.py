"""What the command line says of itself, command by command."""

from __future__ import annotations

import click

from nosyncio.frontends.cli import cli

_WIDTH = 88


def fragments() -> dict[str, str]:
    """One fragment with all commands, in the order of the pages that a new user needs."""
    return {"_derived/commands.md": "\n\n".join(_section(name) for name in cli.list_commands(_context())) + "\n"}


def _section(name: str) -> str:
    command = cli.get_command(_context(), name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=_context(), terminal_width=_WIDTH)
    return f"## `nosyncio {name}`\n\n```text\n{command.get_help(context)}\n```"


def _context() -> click.Context:
    return click.Context(cli, info_name="nosyncio")
