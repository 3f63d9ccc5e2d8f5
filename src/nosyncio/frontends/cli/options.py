"""The flags that commands share: one for each field of the configuration, and those that say where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import click
import msgspec

from nosyncio.config import (
    OPTIONS,
    Config,
    ConfigError,
    Located,
    check_globs,
    discover,
    from_file,
    key_of,
    merged,
    option_help,
    type_of,
)
from nosyncio.discovery import relative_path
from nosyncio.frontends.outputs import DEFAULT
from nosyncio.model import AsyncLibrary
from nosyncio.store import FOLDER, Cache, Store
from nosyncio.suppress import code_prefixes

_Command = TypeVar("_Command", bound=Callable[..., Any])

config_option = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="The file to take configuration from."
)
isolated_option = click.option("--isolated", is_flag=True, help="Read no configuration file.")
jobs_option = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="Processes that read files; one per core where not set."
)

cache_dir_option = click.option(
    "--cache-dir", type=click.Path(path_type=Path), help=f"The folder of the cache; {FOLDER} in the project's root if not given."
)
no_cache_option = click.option("--no-cache", is_flag=True, help="Neither read nor write a cache.")


def config_options(command: _Command) -> _Command:
    """A flag for each field of the configuration."""
    for field in reversed(OPTIONS):
        description, metavar = option_help(field)
        flag, type_ = f"--{key_of(field)}", type_of(field)
        if type_ is bool:
            option = click.option(f"{flag}/--no-{key_of(field)}", default=None, help=description)
        elif AsyncLibrary in get_args(type_):
            choices = click.Choice([library.value for library in AsyncLibrary])
            option = click.option(flag, type=choices, default=None, help=description)
        elif type_ is int:
            option = click.option(flag, type=click.IntRange(min=0), metavar=metavar, default=None, help=description)
        elif type(None) in get_args(type_):
            option = click.option(flag, metavar=metavar, default=None, help=description)
        else:
            option = click.option(flag, multiple=True, metavar=metavar, help=f"{description} May be repeated.")
        command = option(command)
    return command


def cache_options(command: _Command) -> _Command:
    """What says where it is kept what runs found."""
    return cache_dir_option(no_cache_option(command))


output_file_option = click.option(
    "--output-file", type=click.Path(path_type=Path), help="Where the format without a file goes; else it is printed."
)


def formats_option(formats: Iterable[str]) -> Callable[[_Command], _Command]:
    """Which of `formats` to report in, each with the file that it goes to."""
    return click.option(
        "--output-format",
        "formats",
        multiple=True,
        metavar="FORMAT[:FILE]",
        help=f"How to report: {', '.join(formats)}; {DEFAULT} if not given. May be repeated, with a file for all but one.",
    )


def output_options(formats: Iterable[str]) -> Callable[[_Command], _Command]:
    """Which of `formats` to report in, and where to."""
    decorate = formats_option(formats)
    return lambda command: decorate(output_file_option(command))


def answer_option(formats: Iterable[str]) -> Callable[[_Command], _Command]:
    """In which of `formats` to answer, on standard output."""
    choice = click.Choice(sorted(formats))
    return click.option("--output-format", type=choice, default=DEFAULT, show_default=True, help="How to answer.")


def project_options(command: _Command) -> _Command:
    """All that says how a project is read."""
    return config_option(isolated_option(cache_options(jobs_option(config_options(command)))))


def overrides(given: dict[str, Any]) -> dict[str, Any]:
    """The configuration fields that flags set, taken out of `given`. Raises ConfigError."""
    found: dict[str, Any] = {}
    for field in OPTIONS:
        value = given.pop(field)
        if value is None or value == ():
            continue
        if field == "per_file_ignores":
            value = _per_file(value)
        elif field == "async_library":
            value = AsyncLibrary(value)
        elif option_help(field)[1] == "CODE":
            value = _codes(value, f"--{key_of(field)}")
        elif option_help(field)[1] == "GLOB":
            check_globs(value, f"--{key_of(field)}")
        found[field] = value
    return found


def _per_file(items: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        glob, separator, codes = item.rpartition(":")
        if not separator or not glob or not codes:
            raise ConfigError(f"--per-file-ignores: {item!r} is not GLOB:CODE[,CODE...]")
        check_globs([glob], "--per-file-ignores")
        found[glob] = (*found.get(glob, ()), *_codes([codes], "--per-file-ignores"))
    return found


def _codes(items: Iterable[str], flag: str) -> tuple[str, ...]:
    codes = tuple(code for item in items for code in item.replace(",", " ").split())
    code_prefixes(codes, flag)
    return codes


def located_in(base: Path, config_file: Path | None, isolated: bool, overrides: dict[str, Any]) -> Located:
    if isolated and config_file is not None:
        raise click.UsageError("--isolated and --config contradict each other")
    if isolated:
        located = Located(Config(baseline=""), base)
    elif config_file is not None:
        located = from_file(config_file)
    else:
        located = discover(base)
    if "src" in overrides:
        overrides["src"] = tuple(relative_path(base / folder, located.root) for folder in overrides["src"])
    if "python" in overrides:
        overrides["python"] = str(base / Path(overrides["python"]).expanduser())
    if overrides.get("baseline"):
        overrides["baseline"] = relative_path(base / overrides["baseline"], located.root)
    return msgspec.structs.replace(located, config=merged(located.config, overrides))


def store_of(located: Located, base: Path, given: dict[str, Any]) -> Store | None:
    """Where it is kept what runs found, by the flags that say so, which are taken out of `given`."""
    folder, is_off = given.pop("cache_dir"), given.pop("no_cache")
    return Cache(None if folder is None else base / folder, is_off).store(located.root)


def existing(base: Path, paths: Sequence[Path]) -> list[Path]:
    """What to check: `paths` below `base`, or all of `base`. Raises ConfigError for one that is not there."""
    for path in paths:
        if not (base / path).exists() and not (base / path).is_symlink():
            raise ConfigError(f"{path}: no such file or folder")
    return [base / path for path in paths] or [base]
