"""A git repository, read and nothing else: lines of commits, and objects by name.

Git itself is asked, and only for what lies in its object store (`rev-parse`, `rev-list`, `merge-base`, `cat-file`). None of these
looks at the index or the work tree, or runs a hook, a filter, a pager, a diff driver or a monitor that a repository's own
configuration names. What a partial clone has left out is missing: nothing is fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from nosyncio.history import Commit
from nosyncio.objects import Objects

_ALONE = {
    "GIT_ALLOW_PROTOCOL": "",  # before 2.45, the only way to keep a partial clone from fetching
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_FIELDS = ("%H", "%T", "%P", "%ct", "%s")


class RepositoryError(Exception):
    """A repository that there is not, or that cannot be read, or a revision that it does not have."""


class Revision(NamedTuple):
    """A commit, with the name of its tree, and its parents as far as the repository knows them."""

    commit: Commit
    tree: str
    parents: tuple[str, ...]


class Git:
    """The repository that `folder` belongs to. Raises RepositoryError if there is none that git would read.

    prefix: the way from the repository's root to `folder`, empty where that is the root or the repository is bare.
    """

    def __init__(self, folder: Path) -> None:
        found = shutil.which("git")
        if found is None:
            raise RepositoryError("there is no git to be found, and it is what reads a repository's commits")
        self._command = (os.path.abspath(found), "--no-pager", "-C", os.path.abspath(folder))
        self.has_work_tree = self._asked("rev-parse", "--is-inside-work-tree") == "true"
        self.prefix = self._asked("rev-parse", "--show-prefix").rstrip("/")
        self._hash_size = 32 if self._asked("rev-parse", "--show-object-format") == "sha256" else 20

    def revision(self, name: str) -> str:
        """The full name of the commit that a revision stands for. Raises RepositoryError."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if done.returncode == 0 and not name.startswith("-"):
            return done.stdout.decode().strip()
        if name == "HEAD":
            raise RepositoryError("there is no commit yet on the branch that is checked out")
        raise RepositoryError(f"there is no commit {name!r} in the repository")

    def line(self, until: str) -> list[Revision]:
        """The commits that lead to `until`, along the first parent of each, the oldest first."""
        listed = self._asked("rev-list", "--first-parent", "--encoding=UTF-8", f"--format={'%x00'.join(_FIELDS)}", until, "--")
        found = [_revision(line) for line in listed.split("\n") if "\0" in line]
        return found[::-1]

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether one commit is the other, or leads to it. Raises RepositoryError."""
        done = self._run("merge-base", "--is-ancestor", older, newer)
        if done.returncode > 1:
            raise RepositoryError(_reason(done))
        return done.returncode == 0

    def objects(self) -> Objects:
        """The repository's objects, to be closed like a file."""
        return Objects((*self._command, "cat-file", "--batch"), _environment(), self._hash_size)

    def _asked(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise RepositoryError(_reason(done))
        return os.fsdecode(done.stdout).removesuffix("\n")

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                (*self._command, *arguments), env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        except (OSError, ValueError) as error:  # ValueError: of a NUL in an argument
            raise RepositoryError(f"git cannot be run: {error}") from None


def _environment() -> dict[str, str]:
    return {**os.environ, **_ALONE}


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """What git says went wrong, in one line."""
    said = os.fsdecode(done.stderr).strip().split("\n")[0].removeprefix("fatal: ")
    return f"git: {said}" if said else "git: it failed, and did not say why"


def _revision(line: str) -> Revision:
    name, tree, parents, seconds, subject = line.split("\0", 4)
    return Revision(Commit(name, _date(seconds), subject), tree, tuple(parents.split()))


def _date(seconds: str) -> str:
    """A commit's date; empty where that is no date."""
    try:
        date = datetime.fromtimestamp(int(seconds), timezone.utc)
    except (ValueError, OverflowError, OSError):
        return ""
    return date.isoformat().replace("+00:00", "Z")
