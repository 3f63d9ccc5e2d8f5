"""What somebody was told of the files on disk, so that it can be seen whether that is so still."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

import msgspec


class Folders(Protocol):
    """Files and folders, by POSIX path relative to the project's root."""

    def exists(self, path: str) -> bool:
        """Whether there is such a Python file."""

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder, with anything in it."""

    def version(self, path: str) -> Hashable:
        """What is another whenever the facts of the file may be: a digest of its content; None for a file that cannot be read."""


class Answers(msgspec.Struct):
    """Whether there are files and folders, and the versions of those files that were read."""

    files: dict[str, bool]
    folders: dict[str, bool]
    versions: dict[str, Hashable]

    def hold(self, folders: Folders) -> bool:
        """Whether there are the same files and folders still, of those that somebody asked about."""
        files = all(folders.exists(path) is answer for path, answer in self.files.items())
        return files and all(folders.is_folder(path) is answer for path, answer in self.folders.items())

    def changed(self, folders: Folders) -> set[str]:
        """The files that were read and have another version now."""
        return {path for path, version in self.versions.items() if folders.version(path) != version}

    def copy(self) -> Answers:
        return Answers(dict(self.files), dict(self.folders), dict(self.versions))
