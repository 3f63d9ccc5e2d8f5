"""`nosyncio catalogue`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from nosyncio.config import ConfigError
from nosyncio.entries import Checked, check_file
from nosyncio.frontends.cli.exits import CLEAN, FAILED, FINDINGS
from nosyncio.frontends.cli.options import answer_option, config_option, isolated_option, located_in
from nosyncio.frontends.cli.terminal import SourceLines, keep_all, paint, show
from nosyncio.lookup import lookup
from nosyncio.report import Surroundings
from nosyncio.report.catalogues import CATALOGUE_FORMATS, ENTRIES_FORMATS


class _Searching(click.Group):
    """A group that takes what is none of its commands for something to search."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["search", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Searching, subcommand_metavar="[QUERY] | COMMAND [ARGS]...")
def catalogue() -> None:
    """List what is known to block, search it, and check entries of your own.

    `nosyncio catalogue` lists the libraries, `nosyncio catalogue requests` what is known of one, `nosyncio catalogue
    pathlib.Path.read_text` of one name, and `nosyncio catalogue "open(os.devnull)"` says whether a call is reported, and why.
    """


@catalogue.command()
@click.argument("query", required=False)
@answer_option(CATALOGUE_FORMATS)
@config_option
@isolated_option
def search(query: str | None, output_format: str, config_file: Path | None, isolated: bool) -> int:
    """What is known of QUERY: a library, a name or a part of one, or Python source.

    The word `search` may be left out. Your own entries count as well. Source is judged as if it stood in an `async def`; what it
    uses and does not bind is imported. Exits with 0 if there is an answer, with 2 if nothing is known, or QUERY is no Python.
    """
    base = Path.cwd()
    located = located_in(base, config_file, isolated, {})
    keep_all()
    answer = lookup(located, query)
    show(CATALOGUE_FORMATS[output_format](answer, Surroundings(SourceLines(base), paint)), output_format)
    return CLEAN


@catalogue.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@answer_option(ENTRIES_FORMATS)
def check(files: Sequence[Path], output_format: str) -> int:
    """Check entries of your own in FILES: a pyproject.toml, or a file with the keys of [tool.nosyncio] at its top level.

    Names of your own project's modules, of the standard library, and of libraries that the catalogue has the types of are looked
    up; what else is named is counted. Exits with 0 if all is well, with 1 if an entry can have no effect, with 2 if a file cannot
    be used at all.
    """
    checked: list[Checked] = []
    failed = False
    for file in files:
        try:
            checked.append(check_file(file))
        except ConfigError as error:
            click.echo(f"nosyncio: {error}", err=True)
            failed = True
    show(ENTRIES_FORMATS[output_format](checked, Surroundings(SourceLines(Path.cwd()), paint)), output_format)
    if failed:
        return FAILED
    return FINDINGS if any(item.problems for item in checked) else CLEAN
