"""Adds what is new in a repository to the database."""

import asyncio
import re
from concurrent.futures import Executor
from pathlib import Path

from githistory.cache import ChangesCache
from githistory.config import Config
from githistory.database import HistoryDatabase
from githistory.issues import IssueTracker
from githistory.models import CommitInfo, Entry
from githistory.people import PeopleDirectory
from githistory.progress import Progress
from githistory.repository import GitRepository

_ISSUE = re.compile(r"#(\d+)")


class Indexer:
    def __init__(self, path: Path, config: Config, executor: Executor) -> None:
        self.config = config
        self.executor = executor
        self.repository = GitRepository(path)
        self.database = HistoryDatabase(path / ".githistory.db")
        self.cache = ChangesCache(path / ".githistory-cache")
        self.issues = IssueTracker(config.issues_url)
        self.people = PeopleDirectory(config.people_url)
        self.progress = Progress(path / ".githistory.log")

    async def index(self) -> int:
        """Index the commits that are not known yet and return how many there were."""
        known = self.database.known()  # expect: NSI307
        added = 0
        for commit in self.repository.commits():  # expect: NSI313
            if commit.id not in known:
                self.database.add(await self._entry(commit))  # expect: NSI307
                self.config.last_indexed = commit.id
                added += 1
        return added

    async def _entry(self, commit: CommitInfo) -> Entry:
        author = self.people.name(commit.email)  # expect: NSI306
        titles = [self.issues.title(number) for number in _ISSUE.findall(commit.message)]  # expect: NSI402
        return Entry(commit, author, await self._changed_files(commit), titles)

    async def _changed_files(self, commit: CommitInfo) -> list[str]:
        files = self.cache.get(commit.id)  # expect: NSI313
        if files is None:
            loop = asyncio.get_running_loop()
            report = self.progress.from_threads()
            files = await loop.run_in_executor(self.executor, self.repository.changed_files, commit.id, report)
            self.cache.set(commit.id, files)  # expect: NSI313
        return [name for name in files if not name.startswith(tuple(self.config.skip))]
