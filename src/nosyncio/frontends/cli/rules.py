"""`nosyncio rules` and `nosyncio explain`."""

from __future__ import annotations

import click

from nosyncio import rules
from nosyncio.config import ConfigError, did_you_mean
from nosyncio.frontends.cli.exits import CLEAN
from nosyncio.frontends.cli.terminal import show


@click.command("rules")
def list_rules() -> int:
    """List every code."""
    codes = rules.codes().values()
    width = max(len(code.name) for code in codes)
    lines: list[str] = []
    for code in codes:
        off = "" if code.default else "  (off by default)"
        lines.append(f"{click.style(code.code, bold=True)}  {code.name:<{width}}  {code.summary}{off}\n")
    show("".join(lines))
    return CLEAN


@click.command()
@click.argument("code")
def explain(code: str) -> int:
    """Print the page of a CODE, given as NSI102 or by its name."""
    found = rules.find_code(code)
    if found is None:
        known = [*rules.codes(), *(item.name for item in rules.codes().values())]
        raise ConfigError(f"no code or name {code!r}{did_you_mean(code, known) or '; `nosyncio rules` lists them'}")
    off = "" if found.default else "\n\nOff by default: name it in `select` or `extend-select`."
    show(f"{click.style(f'{found.code} {found.name}', bold=True)}: {found.summary}{off}\n\n{found.page}\n")
    return CLEAN
