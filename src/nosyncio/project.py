"""A project on disk: which files it has, and their facts, read in parallel."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path, PurePosixPath

import msgspec
from pathspec import GitIgnoreSpec

from nosyncio.analysis.build import build
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.source import Unreadable, decode, parse
from nosyncio.config import Config, compile_globs
from nosyncio.model import NotAnalysed

_NEVER_CODE = frozenset((".git", ".hg", ".svn", "__pycache__", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache"))
_FEWEST_FOR_WORKERS = 150
"""Starting workers costs about what reading this many files does."""
_BATCH = 40

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ModuleFacts)


def facts_of(data: bytes) -> ModuleFacts:
    """The facts of a file's bytes. Raises Unreadable."""
    return build(parse(decode(data)))


class DiskFiles:
    """The files below `root`, by POSIX path relative to it. `buffers` hold texts that count instead of what is on disk.

    Facts come from memory once they are made; a file that has none is remembered in `failures`.
    """

    def __init__(self, root: Path, buffers: Mapping[str, ModuleFacts] | None = None) -> None:
        self.root = root
        self.failures: dict[str, NotAnalysed] = {}
        self._facts: dict[str, ModuleFacts | bytes | None] = dict(buffers or {})
        self._folders: dict[str, frozenset[str]] = {}

    def exists(self, path: str) -> bool:
        if path in self._facts:
            return True
        folder, _, name = path.rpartition("/")
        return name in self._listing(folder)

    def _listing(self, folder: str) -> frozenset[str]:
        known = self._folders.get(folder)
        if known is None:
            try:
                known = frozenset(os.listdir(self.root / folder))
            except OSError:
                known = frozenset()
            self._folders[folder] = known
        return known

    def facts(self, path: str) -> ModuleFacts | None:
        found = self._facts.get(path)
        if isinstance(found, bytes):
            return _DECODER.decode(found)
        if found is None and path not in self._facts:
            result = _read_one(str(self.root / path))
            self._keep(path, result)
            found = result if isinstance(result, ModuleFacts) else None
        return found

    def _keep(self, path: str, result: ModuleFacts | bytes | tuple[str, int | None]) -> None:
        if isinstance(result, tuple):
            self.failures[path] = NotAnalysed(path, result[1], result[0])
            self._facts[path] = None
        else:
            self._facts[path] = result

    def read_all(self, paths: Sequence[str], jobs: int, progress: Callable[[int], None]) -> None:
        """Make the facts of `paths` now, with `jobs` processes where that pays; `progress` is told of each batch done."""
        if jobs <= 1 or len(paths) < _FEWEST_FOR_WORKERS:
            for path in paths:
                self.facts(path)
                progress(1)
            return
        batches = [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
        with ProcessPoolExecutor(max_workers=jobs) as workers:
            for batch, results in zip(
                batches, workers.map(_read_batch, ([str(self.root / path) for path in batch] for batch in batches))
            ):
                for path, result in zip(batch, results):
                    self._keep(path, result)
                progress(len(batch))


def _read_one(path: str) -> ModuleFacts | tuple[str, int | None]:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return ("not a regular file", None)
        with open(path, "rb") as file:
            return facts_of(file.read())
    except OSError as error:
        return (f"cannot be read: {error.strerror or error}", None)
    except Unreadable as error:
        return (error.reason, error.line)


def _read_batch(paths: list[str]) -> list[bytes | tuple[str, int | None]]:
    results = (_read_one(path) for path in paths)
    return [_ENCODER.encode(result) if isinstance(result, ModuleFacts) else result for result in results]


# ------------------------------------------------------------------------------------------------------------------- discovery


def find_files(root: Path, targets: Iterable[Path], config: Config) -> list[str]:
    """The Python files below `targets`, as POSIX paths relative to `root`, sorted, without what is excluded.

    A target that is a file counts whatever its name, unless `exclude` names it. Links to folders are not followed.
    """
    excluded = compile_globs(config.exclude)
    found: set[str] = set()
    for target in targets:
        relative = relative_path(target, root)
        if target.is_dir():
            found.update(_walk(target, relative, excluded.match_file, config.respect_gitignore, root))
        elif not excluded.match_file(relative):
            found.add(relative)
    return sorted(found)


def relative_path(path: Path, root: Path) -> str:
    """`path` relative to `root`, POSIX style; with `..` where it lies outside."""
    return PurePosixPath(*Path(os.path.relpath(path, root)).parts).as_posix()


def _walk(folder: Path, relative: str, excluded: Callable[[str], bool], respect_gitignore: bool, root: Path) -> Iterator[str]:
    ignores = _ignores_above(folder, root) if respect_gitignore else []
    pending: list[tuple[str, str, list[tuple[str, GitIgnoreSpec]]]] = [
        (str(folder), "" if relative == "." else relative, ignores)
    ]
    while pending:
        place, prefix, specs = pending.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names:
            continue
        if respect_gitignore and ".gitignore" in names:
            specs = [*specs, *_read_gitignore(place)]
        for entry in entries:
            path = f"{prefix}/{entry.name}" if prefix else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and not entry.name.endswith(".py"):
                continue
            if entry.is_symlink() and os.path.isdir(entry.path):
                continue
            tested = f"{path}/" if is_folder else path
            if excluded(tested) or _is_ignored(entry.path, is_folder, specs):
                continue
            if not is_folder:
                yield path
            elif entry.name not in _NEVER_CODE:
                pending.append((entry.path, path, specs))


def _read_gitignore(folder: str) -> list[tuple[str, GitIgnoreSpec]]:
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            return [(folder, GitIgnoreSpec.from_lines(file))]
    except (OSError, ValueError):
        return []


def _ignores_above(folder: Path, root: Path) -> list[tuple[str, GitIgnoreSpec]]:
    """The `.gitignore` files of the folders from the repository's root down to `folder`, which is not included."""
    above = [parent for parent in folder.resolve().parents]
    inside: list[Path] = []
    for parent in above:
        inside.append(parent)
        if (parent / ".git").exists():
            break
    else:
        inside = [parent for parent in above if parent == root or root in parent.parents]
    if (folder / ".git").exists():
        inside = []
    return [spec for parent in reversed(inside) for spec in _read_gitignore(str(parent))]


def _is_ignored(path: str, is_folder: bool, specs: Sequence[tuple[str, GitIgnoreSpec]]) -> bool:
    for folder, spec in reversed(specs):
        inner = os.path.relpath(path, folder).replace(os.sep, "/")
        result = spec.check_file(f"{inner}/" if is_folder else inner)
        if result.include is not None:
            return result.include
    return False
