"""The options that nosyncio has inside another linter: those that the linter has none of its own for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

from nosyncio.config.options import check_globs, key_of, option_help, type_of
from nosyncio.model import AsyncLibrary

_FIELDS = ("async_only", "allow_init", "async_library", "src", "follow", "follow_only", "python", "baseline")


class HostOption(NamedTuple):
    """One option, of which a front end makes what its linter takes: a switch, a choice (`choices`), a text, or else a list."""

    field: str
    help: str
    metavar: str
    is_switch: bool
    is_text: bool
    choices: tuple[str, ...]

    @property
    def name(self) -> str:
        """What users write: `nosyncio-async-only`."""
        return f"nosyncio-{key_of(self.field)}"

    @property
    def attribute(self) -> str:
        """Where option parsers put its value."""
        return f"nosyncio_{self.field}"


def _option(field: str) -> HostOption:
    hint = type_of(field)
    choices = tuple(library.value for library in AsyncLibrary) if AsyncLibrary in get_args(hint) else ()
    return HostOption(field, *option_help(field), hint is bool, {str, type(None)} == {*get_args(hint)}, choices)


_CACHE_DIR = HostOption("cache_dir", "The folder of the cache; one in the project's root if not given.", "DIR", False, True, ())
_NO_CACHE = HostOption("no_cache", "Neither read nor write a cache.", "", True, False, ())
_CONFIGURED: tuple[HostOption, ...] = tuple(map(_option, _FIELDS))

HOST_OPTIONS: tuple[HostOption, ...] = (*_CONFIGURED, _CACHE_DIR, _NO_CACHE)


def host_overrides(given: Mapping[str, Any], base: Path) -> dict[str, Any]:
    """The configuration fields that the options set, from their values by attribute: None, and a list of nothing, set nothing.
    The name of a file is relative to `base`. Raises ConfigError, which names the option."""
    found: dict[str, Any] = {}
    for option in _CONFIGURED:
        value = given[option.attribute]
        if value is None or value in ([], ()):
            continue
        if option.metavar == "GLOB":
            check_globs(value, option.name)
        if option.choices:
            value = AsyncLibrary(value)
        elif option.is_text and value:
            value = str(base / value)
        found[option.field] = tuple(value) if isinstance(value, (list, tuple)) else value
    return found


def host_cache(given: Mapping[str, Any], base: Path) -> tuple[Path | None, bool]:
    """The folder that the options have the cache in, if they do, and whether there is to be none; from their values by attribute.
    The name of a folder is relative to `base`."""
    folder = given[_CACHE_DIR.attribute]
    return (base / folder if folder else None, bool(given[_NO_CACHE.attribute]))
