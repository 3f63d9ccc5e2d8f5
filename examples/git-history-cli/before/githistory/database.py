"""The indexed history, in SQLite."""

import sqlite3
from pathlib import Path

from githistory.models import Entry

SCHEMA = """
create table if not exists commits (id text primary key, author text, message text, issues text);
create table if not exists files (commit_id text, name text);
"""


class HistoryDatabase:
    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(SCHEMA)

    def known(self) -> set[str]:
        return {row[0] for row in self._connection.execute("select id from commits")}

    def add(self, entry: Entry) -> None:
        commit = entry.commit
        self._connection.execute(
            "insert into commits values (?, ?, ?, ?)", (commit.id, entry.author, commit.message, "\n".join(entry.issues))
        )
        self._connection.executemany("insert into files values (?, ?)", [(commit.id, name) for name in entry.files])
        self._connection.commit()

    def search(self, text: str) -> list[tuple[str, str]]:
        rows = self._connection.execute("select id, message from commits where message like ?", (f"%{text}%",))
        return rows.fetchall()
