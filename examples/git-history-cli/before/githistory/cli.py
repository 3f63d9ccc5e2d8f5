"""The command line."""

from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import typer

from githistory.bridge import AsyncCLIBridge
from githistory.config import Config
from githistory.database import HistoryDatabase
from githistory.indexer import Indexer
from githistory.issues import IssueTracker

app = typer.Typer()


async def index_repository(path: Path, executor: Executor) -> int:
    config = Config.load(path / ".githistory.json")  # expect: NSI302
    indexer = Indexer(path, config, executor)  # expect: NSI307 NSI313
    added = await indexer.index()
    config.save(path / ".githistory.json")  # expect: NSI302
    return added


@app.command()
def index(path: Path = Path()) -> None:
    """Index what is new."""
    with ThreadPoolExecutor(max_workers=4) as executor:
        typer.echo(f"{AsyncCLIBridge().run_async(index_repository(path, executor))} commits added")


@app.command()
def search(text: str, path: Path = Path()) -> None:
    """Search the messages of indexed commits."""
    for commit_id, message in HistoryDatabase(path / ".githistory.db").search(text):
        typer.echo(f"{commit_id[:10]} {message.splitlines()[0]}")


@app.command()
def issue(number: str, path: Path = Path()) -> None:
    """Say what an issue is about."""
    config = Config.load(path / ".githistory.json")
    typer.echo(IssueTracker(config.issues_url).title(number))
