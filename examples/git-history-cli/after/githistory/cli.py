"""The command line."""

from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import httpx
import typer

from githistory.bridge import AsyncCLIBridge
from githistory.cache import ChangesCache
from githistory.config import Config
from githistory.database import HistoryDatabase
from githistory.indexer import Indexer
from githistory.issues import IssueTracker
from githistory.people import PeopleDirectory
from githistory.progress import Progress
from githistory.repository import GitRepository

app = typer.Typer()


async def index_repository(path: Path, executor: Executor) -> int:
    config = await Config.load(path / ".githistory.json")
    async with HistoryDatabase.open(path / ".githistory.db") as database, httpx.AsyncClient(timeout=10) as client:
        indexer = Indexer(
            config=config,
            repository=GitRepository(path, executor),
            database=database,
            cache=ChangesCache(path / ".githistory-cache", executor),
            issues=IssueTracker(client, config.issues_url),
            people=PeopleDirectory(client, config.people_url),
            progress=Progress(path / ".githistory.log"),
        )
        added = await indexer.index()
    await config.save(path / ".githistory.json")
    return added


async def search_history(path: Path, text: str) -> list[tuple[str, str]]:
    async with HistoryDatabase.open(path / ".githistory.db") as database:
        return await database.search(text)


async def issue_title(path: Path, number: str) -> str:
    config = await Config.load(path / ".githistory.json")
    async with httpx.AsyncClient(timeout=10) as client:
        return await IssueTracker(client, config.issues_url).title(number)


@app.command()
def index(path: Path = Path()) -> None:
    """Index what is new."""
    with ThreadPoolExecutor(max_workers=4) as executor:
        typer.echo(f"{AsyncCLIBridge().run_async(index_repository(path, executor))} commits added")


@app.command()
def search(text: str, path: Path = Path()) -> None:
    """Search the messages of indexed commits."""
    for commit_id, message in AsyncCLIBridge().run_async(search_history(path, text)):
        typer.echo(f"{commit_id[:10]} {message.splitlines()[0]}")


@app.command()
def issue(number: str, path: Path = Path()) -> None:
    """Say what an issue is about."""
    typer.echo(AsyncCLIBridge().run_async(issue_title(path, number)))
