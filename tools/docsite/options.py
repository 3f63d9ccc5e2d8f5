"""The table of options, read off the fields of the configuration."""

from __future__ import annotations

from typing import get_args, get_origin, get_type_hints

from docsite import markdown
from nosyncio.config import OPTIONS, Config, key_of, option_help


def fragments() -> dict[str, str]:
    return {"_derived/options.md": markdown.contained("options", table()) + "\n"}


def table() -> str:
    """A row for each option."""
    hints = get_type_hints(Config)
    rows = ["| key | default | what |", "| --- | --- | --- |"]
    for field in OPTIONS:
        default = getattr(Config(), field)
        rows.append(f"| `{key_of(field)}` | {_shown(hints[field], default)} | {option_help(field)[0]} |")
    return "\n".join(rows)


def _shown(hint: object, default: object) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, int):
        return f"`{default}`"
    if default is None:
        return ""
    if get_origin(hint) is dict:
        return "`{}`"
    assert isinstance(default, tuple)
    assert get_args(hint)
    return f"`{list(default)!r}`".replace("'", '"')
