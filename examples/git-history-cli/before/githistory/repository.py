"""A git repository, read with pygit2."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pygit2
from pygit2.enums import SortMode

from githistory.models import CommitInfo


class GitRepository:
    def __init__(self, path: Path) -> None:
        self._repository = pygit2.Repository(str(path))

    def commits(self) -> Iterator[CommitInfo]:
        for commit in self._repository.walk(self._repository.head.target, SortMode.TIME):
            yield CommitInfo(str(commit.id), commit.author.email, commit.message)

    def changed_files(self, commit_id: str, report: Callable[[str], None]) -> list[str]:
        """The files that a commit changes. Slow, so it is run in a thread, from which `report` is called."""
        commit = self._repository[commit_id].peel(pygit2.Commit)
        parent = commit.parents[0].tree if commit.parents else None
        diff = commit.tree.diff_to_tree(parent) if parent else commit.tree.diff_to_tree()
        files = []
        for delta in diff.deltas:
            files.append(delta.new_file.path)
            report(delta.new_file.path)
        return files
