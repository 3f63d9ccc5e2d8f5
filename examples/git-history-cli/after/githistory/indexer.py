"""Adds what is new in a repository to the database."""

import asyncio
import re
from dataclasses import dataclass

from githistory.cache import ChangesCache
from githistory.config import Config
from githistory.database import HistoryDatabase
from githistory.issues import IssueTracker
from githistory.models import CommitInfo, Entry
from githistory.people import PeopleDirectory
from githistory.progress import Progress
from githistory.repository import GitRepository

_ISSUE = re.compile(r"#(\d+)")


@dataclass
class Indexer:
    config: Config
    repository: GitRepository
    database: HistoryDatabase
    cache: ChangesCache
    issues: IssueTracker
    people: PeopleDirectory
    progress: Progress

    async def index(self) -> int:
        """Index the commits that are not known yet and return how many there were."""
        log = asyncio.create_task(self.progress.write_log())
        try:
            return await self._index()
        finally:
            self.progress.finish()
            await log

    async def _index(self) -> int:
        known = await self.database.known()
        new = [commit for commit in await self.repository.commits() if commit.id not in known]
        for commit in new:
            await self.database.add(await self._entry(commit))
            self.config.last_indexed = commit.id
        return len(new)

    async def _entry(self, commit: CommitInfo) -> Entry:
        author, files = await asyncio.gather(self.people.name(commit.email), self._changed_files(commit))
        titles = await asyncio.gather(*(self.issues.title(number) for number in _ISSUE.findall(commit.message)))
        return Entry(commit, author, files, titles)

    async def _changed_files(self, commit: CommitInfo) -> list[str]:
        files = await self.cache.get(commit.id)
        if files is None:
            files = await self.repository.changed_files(commit.id, self.progress.from_threads())
            await self.cache.set(commit.id, files)
        return [name for name in files if not name.startswith(tuple(self.config.skip))]
