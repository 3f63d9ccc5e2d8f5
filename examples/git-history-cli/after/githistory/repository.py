"""A git repository, read with pygit2."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pygit2
from pygit2.enums import SortMode

from githistory.models import CommitInfo


class GitRepository:
    """libgit2 has no async interface: whatever touches the repository runs in the executor."""

    def __init__(self, path: Path, executor: Executor) -> None:
        self.path = path
        self.executor = executor

    async def commits(self) -> list[CommitInfo]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, self._read_commits)

    async def changed_files(self, commit_id: str, report: Callable[[str], None]) -> list[str]:
        """The files that a commit changes. `report` is called from a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, self._read_changed_files, commit_id, report)

    def _read_commits(self) -> list[CommitInfo]:
        repository = self._open()
        walker = repository.walk(repository.head.target, SortMode.TIME)
        return [CommitInfo(str(commit.id), commit.author.email, commit.message) for commit in walker]

    def _read_changed_files(self, commit_id: str, report: Callable[[str], None]) -> list[str]:
        commit = self._open()[commit_id].peel(pygit2.Commit)
        parent = commit.parents[0].tree if commit.parents else None
        diff = commit.tree.diff_to_tree(parent) if parent else commit.tree.diff_to_tree()
        files = []
        for delta in diff.deltas:
            files.append(delta.new_file.path)
            report(delta.new_file.path)
        return files

    def _open(self) -> pygit2.Repository:
        """A repository object of the calling thread's own: they must not be shared."""
        return pygit2.Repository(str(self.path))
