"""How the loop gets to a place that somebody names, on disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nosyncio.config import ConfigError, Located
from nosyncio.discovery import find_files, relative_path
from nosyncio.engine import Engine
from nosyncio.environment import Surroundings
from nosyncio.model import Finding, Why
from nosyncio.project import DiskFiles
from nosyncio.run import Moved
from nosyncio.sources import read
from nosyncio.store import Store
from nosyncio.suppress import Selection, apply_comments

_MOST_NAMES = 20
"""How many functions are listed of those that a name may mean."""


def why(
    located: Located,
    target: str,
    *,
    base: Path,
    store: Store | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Why:
    """How the loop gets to `target`: PATH:LINE, PATH:LINE:COLUMN, or the name of a function, or the end of one. Raises
    ConfigError where there is no such place."""
    files = DiskFiles(located.root, store)
    selection = Selection(located.config, str(located.file or "command line"))
    place = re.fullmatch(r"(.+?):(\d+)(?::(\d+))?:?", target)
    named = [] if place is None else [_file_to_ask_about(located, place[1], base)]
    paths = sorted({*named, *find_files(located.root, [located.root], located.config)[0]})
    read(files, paths, jobs, progress)
    files.store_all(paths)
    surroundings = Surroundings(located, store)
    engine = Engine(files, located.config, located.library, surroundings.installed)
    moved = Moved(located.root, base)
    if place is not None:
        path, line, column = named[0], int(place[2]), int(place[3]) if place[3] else None
        _check_place(files, path, line, place[1])
    else:
        path, line, column = _only_function(engine, paths, target, moved)
    try:
        answer = engine.why(paths, path, line, column)
    except RecursionError:
        raise ConfigError(f"{target}: types are nested too deeply there to be followed") from None

    def is_shown(finding: Finding) -> bool:
        facts = files.facts(finding.path)
        comments = [] if facts is None else facts.comments
        return selection.includes(finding.code, finding.path) and finding in apply_comments(finding.path, [finding], comments)

    blocking = [
        replace(
            call,
            findings=tuple(filter(is_shown, call.findings)),
            hidden=tuple(finding for finding in call.findings if not is_shown(finding)),
        )
        for call in answer.blocking
    ]
    return replace(
        answer,
        hop=moved.hop(answer.hop),
        registered=tuple(map(moved.trail, answer.registered)),
        trails=tuple(map(moved.trail, answer.trails)),
        blocking=tuple(map(moved.blocking, blocking)),
    )


def _file_to_ask_about(located: Located, name: str, base: Path) -> str:
    """The path, relative to the root, of a file that somebody names. Raises ConfigError for one that is not to be checked."""
    target = base / name
    if not target.is_file():
        raise ConfigError(f"{name}: {'not a file' if target.exists() else 'no such file'}")
    path = relative_path(target, located.root)
    if path.startswith("../"):
        raise ConfigError(f"{name}: outside the project, whose root is {located.root}")
    if not find_files(located.root, [target], located.config)[0]:
        raise ConfigError(f"{name}: excluded by configuration")
    return path


def _check_place(files: DiskFiles, path: str, line: int, name: str) -> None:
    facts = files.facts(path)
    if facts is None:
        raise ConfigError(f"{name}: could not be analysed: {files.failures[path].reason}")
    if not 1 <= line <= facts.lines:
        raise ConfigError(f"{name} has no line {line}: it has {facts.lines}")


def _only_function(engine: Engine, paths: Sequence[str], name: str, moved: Moved) -> tuple[str, int, int]:
    """Where the one function begins that a name means. Raises ConfigError if there are several, or none."""
    found = engine.functions_named(paths, name)
    if len(found) == 1:
        return found[0].path, found[0].line, found[0].column
    if found:
        lines = [f"    {moved.path(match.path)}:{match.line}  {match.name}" for match in found[:_MOST_NAMES]]
        lines += [f"    and {len(found) - _MOST_NAMES} more"] if len(found) > _MOST_NAMES else []
        listed = "\n".join(lines)
        raise ConfigError(f"{name!r} may be any of {len(found)} functions; say which by its place:\n{listed}")
    near = engine.near_names(paths, name)
    raise ConfigError(f"no function {name!r} in {len(paths)} files, and no such PATH:LINE{near}")
