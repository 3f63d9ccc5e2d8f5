"""A project on disk: which files it has, and their facts, read in parallel."""

from __future__ import annotations

import gc
import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeAlias

import msgspec
from pathspec import GitIgnoreSpec

from nosyncio.analysis.build import build
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.source import TooDeep, Unreadable, decode, parse
from nosyncio.config import Config, Located, compile_globs, glob_problem
from nosyncio.model import NotAnalysed

_NEVER_CODE = frozenset((".git", ".hg", ".svn", "__pycache__", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache"))
FEWEST_FOR_WORKERS = 150
"""Starting workers costs about what reading this many files does."""
BATCH = 40
MOST_WORKERS = 61
"""What Windows allows."""

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ModuleFacts)


class FolderEntry(Protocol):
    """What stands in a folder, as `os.DirEntry` has it."""

    @property
    def name(self) -> str: ...

    @property
    def path(self) -> str: ...

    def is_dir(self, *, follow_symlinks: bool = True) -> bool: ...

    def is_symlink(self) -> bool: ...


class Folders(Protocol):
    """Folders to look for files in, by absolute path: a disk's, or a commit's. Both raise OSError."""

    def scan(self, folder: str) -> Iterable[FolderEntry]: ...

    def read(self, file: str) -> bytes: ...


class _Disk:
    def scan(self, folder: str) -> Iterable[FolderEntry]:
        return os.scandir(folder)

    def read(self, file: str) -> bytes:
        with open(file, "rb") as opened:
            return opened.read()


Failure: TypeAlias = tuple[str, int | None]
"""Why there are no facts of a file, and the line that is to blame."""
_Ignores: TypeAlias = list[tuple[str, GitIgnoreSpec]]
"""`.gitignore` files: the folder that each stands in, and what it says; the outermost first."""


class WorkerDied(Exception):
    """A process that read files is gone, and what it would have said with it."""


def facts_of(data: bytes) -> ModuleFacts:
    """The facts of a file's bytes. Raises Unreadable."""
    return facts_of_text(decode(data))


def facts_of_text(text: str) -> ModuleFacts:
    """The facts of a file's text, with newlines made uniform. Raises Unreadable.

    How deep a file may nest must not depend on who calls: what is too deep here gets a stack of its own.
    """
    try:
        return build(parse(text))
    except TooDeep:
        with ThreadPoolExecutor(max_workers=1) as fresh:
            return fresh.submit(lambda: build(parse(text))).result()


class DiskFiles:
    """The files below `root`, by POSIX path relative to it.

    Facts come from memory once they are made; a file that has none is remembered in `failures`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.failures: dict[str, NotAnalysed] = {}
        self._facts: dict[str, ModuleFacts | bytes | None] = {}
        self._folders: dict[str, frozenset[str]] = {}

    def exists(self, path: str) -> bool:
        if path in self._facts:
            return True
        folder, _, name = path.rpartition("/")
        return name in self._listing(folder)

    def is_folder(self, path: str) -> bool:
        return self.exists(path) and bool(self._listing(path))

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
            made = unpacked(found)
            if made is not None:
                return made
            del self._facts[path]
            found = None
        if found is None and path not in self._facts:
            result = _read_one(str(self.root / path))
            self._keep(path, result)
            found = result if isinstance(result, ModuleFacts) else None
        return found

    def put(self, path: str, facts: ModuleFacts) -> None:
        """Take `facts` for the file `path`, whatever is on disk."""
        self._facts[path] = facts

    def _keep(self, path: str, result: ModuleFacts | bytes | Failure) -> None:
        if isinstance(result, tuple):
            self.failures[path] = NotAnalysed(path, result[1], result[0])
            self._facts[path] = None
        else:
            self._facts[path] = result

    def read_all(self, paths: Sequence[str], jobs: int, progress: Callable[[int], None]) -> None:
        """Make the facts of `paths` now, with `jobs` processes where that pays; `progress` is told of each batch done."""
        if jobs <= 1 or len(paths) < FEWEST_FOR_WORKERS:
            for path in paths:
                self.facts(path)
                progress(1)
            return
        batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
        places = ([str(self.root / path) for path in batch] for batch in batches)
        try:
            with ProcessPoolExecutor(min(jobs, len(batches), MOST_WORKERS), initializer=without_collector) as workers:
                for batch, results in zip(batches, workers.map(_read_batch, places)):
                    for path, result in zip(batch, results):
                        if result is not None:
                            self._keep(path, result)
                    progress(len(batch))
        except BrokenProcessPool:
            raise WorkerDied("a process that read files died; was there too little memory? Try with --jobs 1") from None


def _read_one(path: str) -> ModuleFacts | Failure:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return ("not a regular file", None)
        with open(path, "rb") as file:
            return facts_or_failure(file.read())
    except FileNotFoundError:
        return ("a link that leads nowhere" if os.path.islink(path) else "the file is gone", None)
    except (OSError, ValueError) as error:
        return (f"cannot be read: {getattr(error, 'strerror', None) or error}", None)


def facts_or_failure(data: bytes) -> ModuleFacts | Failure:
    try:
        return facts_of(data)
    except Unreadable as error:
        return (error.reason, error.line)


def without_collector() -> None:
    """Trees and facts hold no cycles, and a worker lives for one run: looking for garbage costs a quarter of its time."""
    gc.disable()


def _read_batch(paths: list[str]) -> list[bytes | Failure | None]:
    return [packed(_read_one(path)) for path in paths]


def packed(result: ModuleFacts | Failure) -> bytes | Failure | None:
    """What a worker sends back; None for facts that nest too deeply to be sent, so that they are made where they are needed."""
    if not isinstance(result, ModuleFacts):
        return result
    try:
        return _ENCODER.encode(result)
    except RecursionError:
        return None


def unpacked(data: bytes) -> ModuleFacts | None:
    """What `packed` gave; None where it was sent from a shallower stack than this one."""
    try:
        return _DECODER.decode(data)
    except RecursionError:
        return None


# ------------------------------------------------------------------------------------------------------------------- discovery


def find_files(root: Path, targets: Iterable[Path], config: Config) -> tuple[list[str], list[NotAnalysed]]:
    """The Python files below `targets`, as POSIX paths relative to `root`, sorted, without what is excluded; and the folders that
    cannot be listed.

    What is named as a target counts whatever its name and whatever `.gitignore` says, unless `exclude` names it. Links to
    folders are not followed.
    """
    search = Search(root, config)
    found: set[str] = set()
    for target in targets:
        found.update(search.files(target))
    return sorted(found), search.unreadable


def project_files(located: Located) -> list[str]:
    """The Python files that belong together with what is checked below the root; none where nothing says it is a project."""
    return find_files(located.root, [located.root], located.config)[0] if located.is_project else []


def relative_path(path: Path, root: Path) -> str:
    """`path` relative to `root`, POSIX style; with `..` where it lies outside."""
    return PurePosixPath(*Path(os.path.relpath(path, root)).parts).as_posix()


def repository_of(folder: Path) -> Path:
    """The root of the repository that a folder belongs to: the nearest folder upwards with a `.git`; itself where none has."""
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), folder)


def exclusion(config: Config) -> Callable[[str], bool]:
    """Whether the configuration excludes a file, by its path: itself, or a folder that it is in, as in `.gitignore`."""
    matches = compile_globs(config.exclude).match_file

    def is_excluded(path: str) -> bool:
        folders = PurePosixPath(path).parents
        return matches(path) or any(matches(f"{folder}/") for folder in folders if str(folder) != ".")

    return is_excluded


class Search:
    """Looks for Python files. Folders that cannot be listed are noted in `unreadable`."""

    def __init__(self, root: Path, config: Config, folders: Folders | None = None) -> None:
        self.unreadable: list[NotAnalysed] = []
        self._root = root
        self._folders = folders or _Disk()
        self._excluded = compile_globs(config.exclude).match_file
        self._is_excluded = exclusion(config)
        self._respect_gitignore = config.respect_gitignore

    def files(self, target: Path) -> Iterator[str]:
        """The files below a target on disk, or the target if it is one."""
        relative = relative_path(target, self._root)
        if target.is_dir():
            folder = target.resolve()
            yield from self.below(folder, "" if relative == "." else relative, _folders_above(folder, self._root))
        elif not self._is_excluded(relative):
            yield relative

    def below(self, folder: Path, prefix: str, above: Iterable[Path]) -> Iterator[str]:
        """The files below a folder, whose own path is `prefix`; `above` it are the folders of its repository, the outermost
        first."""
        ignores = [spec for parent in above for spec in self._gitignore(str(parent))] if self._respect_gitignore else []
        if _is_ignored(str(folder), True, ignores):
            ignores = []
        pending: list[tuple[str, str, _Ignores]] = [(str(folder), prefix, ignores)]
        while pending:
            place, prefix, specs = pending.pop()
            entries = self._entries(place, prefix)
            names = {entry.name for entry in entries}
            if "pyvenv.cfg" in names:
                continue
            if self._respect_gitignore and ".gitignore" in names:
                specs = [*specs, *self._gitignore(place)]
            for entry in entries:
                path = self._path_of(entry, prefix)
                is_folder = entry.is_dir(follow_symlinks=False)
                if not self._is_wanted(entry, path, is_folder, specs):
                    continue
                if is_folder:
                    pending.append((entry.path, "" if path == "." else path, specs))
                else:
                    yield path

    def _path_of(self, entry: FolderEntry, prefix: str) -> str:
        if prefix == ".." or prefix.startswith("../"):  # the way there may lead back into the root
            return relative_path(Path(entry.path), self._root.resolve())
        return f"{prefix}/{entry.name}" if prefix else entry.name

    def _entries(self, place: str, prefix: str) -> list[FolderEntry]:
        try:
            return sorted(self._folders.scan(place), key=lambda entry: entry.name)
        except OSError as error:
            self.unreadable.append(NotAnalysed(prefix or ".", None, f"cannot be read: {error.strerror or error}"))
            return []

    def _gitignore(self, folder: str) -> _Ignores:
        try:
            text = self._folders.read(os.path.join(folder, ".gitignore")).decode(errors="replace")
        except OSError:
            return []
        lines = io.StringIO(text, newline=None)
        return [(folder, GitIgnoreSpec.from_lines(line for line in lines if not glob_problem(line)))]

    def _is_wanted(self, entry: FolderEntry, path: str, is_folder: bool, specs: _Ignores) -> bool:
        if is_folder and entry.name in _NEVER_CODE:
            return False
        if not is_folder and (not entry.name.endswith(".py") or _leads_to_folder(entry)):
            return False
        return not self._excluded(f"{path}/" if is_folder else path) and not _is_ignored(entry.path, is_folder, specs)


def _leads_to_folder(entry: FolderEntry) -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _folders_above(folder: Path, root: Path) -> list[Path]:
    """The folders from the repository's root down to `folder`, which is not included."""
    if (folder / ".git").exists():
        return []
    above = [*folder.parents]
    repository = next((parent for parent in above if (parent / ".git").exists()), root.resolve())
    return [parent for parent in reversed(above) if parent == repository or repository in parent.parents]


def _is_ignored(path: str, is_folder: bool, specs: _Ignores) -> bool:
    for folder, spec in reversed(specs):
        inner = os.path.relpath(path, folder).replace(os.sep, "/")
        result = spec.check_file(f"{inner}/" if is_folder else inner)
        if result.include is not None:
            return result.include
    return False
