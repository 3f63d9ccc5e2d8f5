"""Which files a project has."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeAlias

from pathspec import GitIgnoreSpec

from nosyncio.config import Config, Located, compile_globs, glob_problem
from nosyncio.model import NotAnalysed

_CACHES = (".mypy_cache", ".nosyncio_cache", ".pytest_cache", ".ruff_cache", "__pycache__")
_NEVER_CODE = frozenset((".git", ".hg", ".svn", "node_modules", *_CACHES))


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


_Ignores: TypeAlias = list[tuple[str, GitIgnoreSpec]]
"""`.gitignore` files: the folder that each stands in, and what it says; the outermost first."""


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
        self._excludes = bool(config.exclude)
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
                is_folder = entry.is_dir(follow_symlinks=False)
                if not _may_be_code(entry, is_folder):
                    continue
                path = self._path_of(entry, prefix)
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
        if self._excludes and self._excluded(f"{path}/" if is_folder else path):
            return False
        return not (specs and _is_ignored(entry.path, is_folder, specs))


def _may_be_code(entry: FolderEntry, is_folder: bool) -> bool:
    if is_folder:
        return entry.name not in _NEVER_CODE
    return entry.name.endswith(".py") and not _leads_to_folder(entry)


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
