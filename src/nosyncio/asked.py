"""What somebody was told of the files on disk, so that it can be seen whether that is so still."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Set
from typing import NamedTuple, Protocol, TypeVar

import msgspec

_Answer = TypeVar("_Answer")


class Folders(Protocol):
    """Files and folders, by POSIX path relative to the project's root."""

    @property
    def package(self) -> str:
        """The dotted name of the package that the root's own folder is; "" where it is none."""

    def exists(self, path: str) -> bool:
        """Whether there is such a Python file."""

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder, with anything in it."""

    def version(self, path: str) -> Hashable:
        """What is another whenever the facts of the file may be: a digest of its content; None for a file that cannot be read."""


class Differences(NamedTuple):
    """Files that were read and have another version now; and questions (`file` or `folder`, path) with another answer."""

    versions: set[str]
    answers: set[tuple[str, str]]


class Answers(msgspec.Struct):
    """Whether there are files and folders, and the versions of those files that were read. outside: versions of what was seen of
    installed packages; whoever takes answers up sees to it that these are so still. package: as in `Folders`."""

    files: dict[str, bool]
    folders: dict[str, bool]
    versions: dict[str, Hashable]
    outside: dict[str, bytes | None] = {}
    package: str = ""

    def hold(self, folders: Folders) -> bool:
        """Whether there are the same files and folders still, of those that somebody asked about, and all have their names."""
        if folders.package != self.package:
            return False
        files = all(folders.exists(path) is answer for path, answer in self.files.items())
        return files and all(folders.is_folder(path) is answer for path, answer in self.folders.items())

    def changed(self, folders: Folders) -> set[str]:
        """The files that were read and have another version now."""
        return {path for path, version in self.versions.items() if folders.version(path) != version}

    def differences(self, others: Answers) -> Differences:
        """Where others, which answer the same questions, differ from these."""
        different = {path for path, version in self.versions.items() if others.versions[path] != version}
        answers = {("file", path) for path, answer in self.files.items() if others.files[path] is not answer}
        answers |= {("folder", path) for path, answer in self.folders.items() if others.folders[path] is not answer}
        return Differences(different, answers)

    def add(self, others: Answers) -> None:
        """Take in what somebody else was told of the same files."""
        self.files.update(others.files)
        self.folders.update(others.folders)
        self.versions.update(others.versions)
        self.outside.update(others.outside)

    def asked_again(self, folders: Folders, edited: Set[str] | None = None) -> Answers:
        """What the same questions are answered now. `edited`: the only files of which that may be something else, if somebody
        knows."""
        return Answers(
            _again(self.files, folders.exists, edited),
            _again(self.folders, folders.is_folder, edited),
            _again(self.versions, folders.version, edited),
            self.outside,
            folders.package,
        )


def _again(answers: dict[str, _Answer], ask: Callable[[str], _Answer], edited: Set[str] | None) -> dict[str, _Answer]:
    if edited is None:
        return {path: ask(path) for path in answers}
    return {**answers, **{path: ask(path) for path in edited & answers.keys()}}
