"""The command line."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import click
import msgspec

from nosyncio import __version__, rules, run
from nosyncio.analysis.source import Unreadable, decode
from nosyncio.config import (
    OPTIONS,
    Config,
    ConfigError,
    Located,
    check_globs,
    did_you_mean,
    discover,
    from_file,
    key_of,
    merged,
    option_help,
)
from nosyncio.frontends.outputs import DEFAULT, Output, encoded, outputs
from nosyncio.model import AsyncLibrary, Report
from nosyncio.project import WorkerDied, relative_path, repository_of
from nosyncio.report import FOR_PEOPLE, FORMATS, FROM_REPOSITORY, SAY_STATISTICS, WHY_FORMATS, Surroundings
from nosyncio.report.statistics import table as statistics_table
from nosyncio.report.style import Part, plain
from nosyncio.suppress import code_prefixes

CLEAN, FINDINGS, FAILED = 0, 1, 2

_COLOURS: dict[Part, dict[str, Any]] = {
    Part.PATH: {"bold": True},
    Part.CODE: {"fg": "red", "bold": True},
    Part.MARK: {"fg": "red", "bold": True},
    Part.HINT: {"fg": "cyan"},
    Part.BAD: {"fg": "red"},
    Part.GOOD: {"fg": "green"},
}

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _paint(piece: str, part: Part) -> str:
    return click.style(piece, **_COLOURS[part]) if part in _COLOURS else piece


def _config_options(command: _Command) -> _Command:
    """A flag for each field of the configuration."""
    hints = get_type_hints(Config)
    for field in reversed(OPTIONS):
        description, metavar = option_help(field)
        flag = f"--{key_of(field)}"
        if hints[field] is bool:
            option = click.option(f"{flag}/--no-{key_of(field)}", default=None, help=description)
        elif AsyncLibrary in get_args(hints[field]):
            choices = click.Choice([library.value for library in AsyncLibrary])
            option = click.option(flag, type=choices, default=None, help=description)
        else:
            option = click.option(flag, multiple=True, metavar=metavar, help=f"{description} May be repeated.")
        command = option(command)
    return command


def _overrides(given: dict[str, Any]) -> dict[str, Any]:
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nosyncio")
def cli() -> None:
    """Find calls that block the event loop."""


_config_option = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="The file to take configuration from."
)
_isolated_option = click.option("--isolated", is_flag=True, help="Read no configuration file.")
_jobs_option = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="Processes that read files; one per core where not set."
)


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_config_option
@_isolated_option
@click.option(
    "--output-format",
    "formats",
    multiple=True,
    metavar="FORMAT[:FILE]",
    help=f"How to report: {', '.join(FORMATS)}; {DEFAULT} if not given. May be repeated, with a file for all but one.",
)
@click.option("--output-file", type=click.Path(path_type=Path), help="Where the format without a file goes; else it is printed.")
@click.option("--statistics", is_flag=True, help="Count what the calls in loop code were resolved to, and why not.")
@_jobs_option
@_config_options
def check(
    paths: tuple[Path, ...],
    config_file: Path | None,
    isolated: bool,
    formats: tuple[str, ...],
    output_file: Path | None,
    statistics: bool,
    jobs: int | None,
    **given: Any,
) -> int:
    """Report blocking calls in PATHS (the working folder if none are given).

    Exits with 0 if there are none, with 1 if there are, with 2 if it could not do its job.
    """
    base = Path.cwd()
    wanted = outputs(formats, output_file, FORMATS)
    targets = [base / path for path in paths] or [base]
    located = _located(base, config_file, isolated, _overrides(given))
    for path, target in zip(paths, targets):
        if not target.exists() and not target.is_symlink():
            raise ConfigError(f"{path}: no such file or folder")
    _keep_all()
    with _progress() as progress:
        report = run.check(located, targets, base=base, jobs=jobs or run.default_jobs(), statistics=statistics, progress=progress)
    _write(report, wanted, base)
    if report.statistics is not None and not any(output.form in SAY_STATISTICS for output in wanted):
        click.echo(statistics_table(report.statistics, _paint), err=True)
    if report.not_analysed:
        return FAILED
    return FINDINGS if report.findings else CLEAN


@cli.command()
@click.argument("place", metavar="PATH:LINE|NAME")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The most ways to show.")
@click.option("--output-format", type=click.Choice(sorted(WHY_FORMATS)), default="text", show_default=True, help="How to answer.")
@_config_option
@_isolated_option
@_jobs_option
@_config_options
def why(
    place: str,
    limit: int,
    output_format: str,
    config_file: Path | None,
    isolated: bool,
    jobs: int | None,
    **given: Any,
) -> int:
    """Show every way in which the event loop gets to a function, or where the trail ends.

    The function is the one around PATH:LINE, or the one whose dotted name is NAME, or ends with it. The whole project is read.
    Exits with 0 if there is an answer, with 2 if there is no such place.
    """
    base = Path.cwd()
    located = _located(base, config_file, isolated, _overrides(given))
    _keep_all()
    with _progress() as progress:
        answer = run.why(located, place, base=base, jobs=jobs or run.default_jobs(), progress=progress)
    _print(WHY_FORMATS[output_format](answer, Surroundings(_SourceLines(base), _paint), limit), output_format)
    return CLEAN


def _write(report: Report, wanted: Iterable[Output], base: Path) -> None:
    """Write a report in all wanted formats, files first. Raises ConfigError, once the rest is written, for what could not be."""
    repository = repository_of(base)
    problems: list[str] = []
    for output in sorted(wanted, key=lambda output: output.file is None):
        folder = repository if output.form in FROM_REPOSITORY else base
        around = Surroundings(_SourceLines(folder), _paint if output.file is None else plain)
        text = FORMATS[output.form](run.moved(report, base, folder), around)
        if output.file is None:
            _print(text, output.form)
            continue
        try:
            output.write(text)
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("; ".join(problems))


def _keep_all() -> None:
    """No looking for garbage: this process ends with the run, and what it makes is kept until then."""
    gc.freeze()
    gc.disable()


def _located(base: Path, config_file: Path | None, isolated: bool, overrides: dict[str, Any]) -> Located:
    if isolated and config_file is not None:
        raise click.UsageError("--isolated and --config contradict each other")
    if isolated:
        located = Located(Config(), base)
    elif config_file is not None:
        located = from_file(config_file)
    else:
        located = discover(base)
    if "src" in overrides:
        overrides["src"] = tuple(relative_path(base / folder, located.root) for folder in overrides["src"])
    return msgspec.structs.replace(located, config=merged(located.config, overrides))


def _print(text: str, form: str = DEFAULT) -> None:
    """Write to standard output what is in some format; a reader that has seen enough (`| head`) is no fault."""
    written = text if form in FOR_PEOPLE else encoded(text)
    try:
        click.echo(written, nl=False, color=False if os.environ.get("NO_COLOR") else None)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that Python's own flush at exit is quiet


def _progress() -> Any:
    """A progress bar for people who watch; nothing for anybody else."""
    if not sys.stderr.isatty():
        return nullcontext(lambda done, total: None)
    return _Bar()


class _Bar:
    """A bar that appears once the number of files is known to be large."""

    _WORTH_IT = 300

    def __init__(self) -> None:
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Callable[[int, int], None]:
        return self._advance

    def _advance(self, done: int, total: int) -> None:
        if self._bar is None and total >= self._WORTH_IT:
            self._bar = click.progressbar(length=total, label="reading", file=sys.stderr)
            self._bar.__enter__()
        if self._bar is not None:
            self._bar.update(done - self._done)
        self._done = done

    def __exit__(self, *raised: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


class _SourceLines:
    """Lines of checked files, for excerpts."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._lines: tuple[str, list[str]] = ("", [])

    def __call__(self, path: str, line: int) -> str:
        if self._lines[0] != path:
            try:
                text = decode((self._base / path).read_bytes())
            except (OSError, Unreadable):
                text = ""
            self._lines = (path, text.split("\n"))
        lines = self._lines[1]
        return lines[line - 1] if line <= len(lines) else ""


@cli.command("rules")
def list_rules() -> int:
    """List every code."""
    codes = rules.codes().values()
    width = max(len(code.name) for code in codes)
    lines: list[str] = []
    for code in codes:
        off = "" if code.default else "  (off by default)"
        lines.append(f"{click.style(code.code, bold=True)}  {code.name:<{width}}  {code.summary}{off}\n")
    _print("".join(lines))
    return CLEAN


@cli.command()
@click.argument("code")
def explain(code: str) -> int:
    """Print the page of a CODE, given as NSI102 or by its name."""
    found = rules.find_code(code)
    if found is None:
        known = [*rules.codes(), *(item.name for item in rules.codes().values())]
        raise ConfigError(f"no code or name {code!r}{did_you_mean(code, known) or '; `nosyncio rules` lists them'}")
    off = "" if found.default else "\n\nOff by default: name it in `select` or `extend-select`."
    _print(f"{click.style(f'{found.code} {found.name}', bold=True)}: {found.summary}{off}\n\n{found.page}\n")
    return CLEAN


def main() -> None:
    """Run the command line and exit: with 2 for whatever keeps it from doing its job."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # paths may hold what the terminal's encoding has no letters for
    try:
        code = cli.main(standalone_mode=False)
    except (ConfigError, WorkerDied) as error:
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
