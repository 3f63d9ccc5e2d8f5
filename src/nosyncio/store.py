"""What is kept from run to run: a folder with one SQLite file of sealed values.

A cache is found beside the code under check, and may have come with it. So each value is sealed with a secret of the user's own
that never leaves their machine: what somebody else wrote there is not even decoded. Whatever is wrong with the folder or the
file, the store is then merely empty.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FOLDER = ".nosyncio_cache"

_FILE = "store.sqlite"
_SCHEMA = "CREATE TABLE kept (kind TEXT NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, name))"
_LAYOUT = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL LIMIT 3"
_SEAL = 16
_SECRET = 32
_LONGEST = 1 << 28
_PACKAGES = "packages"
_MOST_SHARED = 1 << 28
"""Bytes of what is kept for all projects together."""
_PATIENCE = 2.0
"""Seconds for which another run may hold the file; then this one does without."""
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of nosyncio. It can be deleted at any time.\n"


class Store:
    """Values by kind and name. Nothing here raises: what cannot be read is not there, what cannot be written is not kept."""

    def __init__(self, folder: Path, secret: bytes | None, *, most: int | None = None, packages: Store | None = None) -> None:
        """`secret`: `user_secret()`; without one, nothing is kept. `most`: bytes that the file may have before it is begun anew.
        `packages`: for what packages say, which several projects have; this one, if no other."""
        self._folder = folder
        self._secret = secret
        self._most = most
        self._packages = packages
        self._connection: sqlite3.Connection | None = None
        self._left: sqlite3.Connection | None = None
        """One of another process: not to be used, and not to be closed either."""
        self._process = os.getpid()
        self._is_open = False
        self._is_broken = False

    @property
    def packages(self) -> Store:
        """Where it is kept what packages say."""
        return self._packages or self

    def get(self, kind: str, name: bytes) -> bytes | None:
        """The value that was put, if it is there and nobody changed it."""
        return dict(self.get_all(kind, [name])).get(name)

    def get_all(self, kind: str, names: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Those of the names that have values, with these."""
        connection = self._open()
        if connection is None:
            return
        query = "SELECT value FROM kept WHERE kind = ? AND name = ? AND length(value) < ?"
        for name in names:
            try:
                row = connection.execute(query, (kind, name, _LONGEST)).fetchone()
            except (sqlite3.Error, MemoryError):
                return
            value = self._unsealed(kind, name, row[0]) if row is not None else None
            if value is not None:
                yield name, value

    def names(self, kind: str) -> set[bytes]:
        """The names under which there are values, as the file says: no more than a hint."""
        connection = self._open()
        if connection is None:
            return set()
        try:
            rows = connection.execute("SELECT name FROM kept WHERE kind = ?", (kind,)).fetchall()
        except (sqlite3.Error, MemoryError):
            return set()
        return {name for (name,) in rows if isinstance(name, bytes)}

    def put(self, kind: str, values: Mapping[bytes, bytes]) -> None:
        """Keep values, all or none of them."""
        self.put_all((kind, name, value) for name, value in values.items())

    def put_all(self, values: Iterable[tuple[str, bytes, bytes]]) -> None:
        """The same, for values of several kinds."""
        sealed = [(kind, name, self._seal(kind, name, value) + value) for kind, name, value in values]
        self._write("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", sealed)

    def drop(self, kind: str, names: Iterable[bytes]) -> None:
        """Keep some values no longer."""
        self._write("DELETE FROM kept WHERE kind = ? AND name = ?", ((kind, name) for name in names))

    def close(self) -> None:
        self._disconnect()
        if self._packages is not None:
            self._packages.close()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._is_open = None, False

    def __del__(self) -> None:
        self._disconnect()

    # ---------------------------------------------------------------------------------------------------------------- the seal

    def _seal(self, kind: str, name: bytes, value: bytes) -> bytes:
        """What only somebody with the secret can say of a value, its kind and its name."""
        seal = hashlib.blake2b(key=self._secret or b"", digest_size=_SEAL)
        for part in (kind.encode(), name):
            seal.update(len(part).to_bytes(8, "big") + part)
        seal.update(value)
        return seal.digest()

    def _unsealed(self, kind: str, name: bytes, value: object) -> bytes | None:
        if not isinstance(value, bytes):
            return None
        is_ours = hmac.compare_digest(value[:_SEAL], self._seal(kind, name, value[_SEAL:]))
        return value[_SEAL:] if is_ours else None

    # ---------------------------------------------------------------------------------------------------------------- the file

    @property
    def _path(self) -> Path:
        return self._folder / _FILE

    def _open(self) -> sqlite3.Connection | None:
        """The file, if it is there and is one of ours."""
        if self._process != os.getpid():  # this is a copy of the one that opened the file, and two must not share that
            self._left, self._connection = self._connection, None
            self._process, self._is_open = os.getpid(), False
        if not self._is_open and self._secret is not None:
            self._is_open = True
            if not self._is_link() and self._path.is_file():
                self._connect()
        return self._connection

    def _connect(self) -> None:
        try:
            self._connection = _connected(self._path)
        except sqlite3.OperationalError:  # locked, or not to be opened by us
            pass
        except (sqlite3.Error, MemoryError):
            self._is_broken = True

    def _is_link(self) -> bool:
        """Whether the way leads elsewhere, where nobody asked us to write."""
        return self._folder.is_symlink() or self._path.is_symlink()

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        rows = list(rows)
        if not rows or self._secret is None or self._is_link():
            return
        self._bound()
        connection = self._open() or self._made()
        if connection is None:
            return
        try:
            with connection:
                connection.executemany(statement, rows)
        except sqlite3.OperationalError:  # locked, full, not to be written to
            return
        except sqlite3.Error:  # broken inside: the next run makes it anew
            self._disconnect()
            _unlink(self._path)

    def _bound(self) -> None:
        """Begin anew where there is too much: what is still needed is soon there again."""
        try:
            is_too_large = self._most is not None and self._path.stat().st_size > self._most
        except OSError:
            return
        if is_too_large and self._open() is not None:
            self._disconnect()
            _unlink(self._path)

    def _made(self) -> sqlite3.Connection | None:
        """The folder and the file, made anew in place of what is no store of ours."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
                file = self._folder / name
                if not os.path.lexists(file):
                    file.write_text(text, encoding="utf-8")
        except OSError:
            return None
        if self._is_broken:
            _unlink(self._path)
        elif self._path.exists():
            return None  # somebody's whom we cannot read
        self._connect()
        return self._connection


def _unlink(path: Path) -> None:
    for name in (path.name, f"{path.name}-journal"):
        with contextlib.suppress(OSError):
            path.with_name(name).unlink()


def _connected(path: Path) -> sqlite3.Connection:
    """A connection to a file that holds our table and nothing else: no view or trigger of somebody's that would run. Raises
    OperationalError where there is no way to it, DatabaseError for any other file."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)  # whoever lets go of it last closes it
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = OFF")  # what is lost with the power is made again
        found = connection.execute(_LAYOUT).fetchall()
        if not found:
            connection.execute(_SCHEMA.replace("TABLE", "TABLE IF NOT EXISTS"))
            connection.commit()
            found = connection.execute(_LAYOUT).fetchall()
        if found != [("table", "kept", _SCHEMA)]:
            raise sqlite3.DatabaseError("not a store of ours")
    except BaseException:
        connection.close()
        raise
    return connection


# ----------------------------------------------------------------------------------------------------------------- the secret


class Cache(NamedTuple):
    """What somebody wants of a cache: a folder of its own for it, or none at all."""

    folder: Path | None = None
    is_off: bool = False

    def store(self, root: Path) -> Store | None:
        """The store of the project below `root`. What packages say lies in the user's own folder, for all projects; a folder that
        somebody names holds all of it."""
        if self.is_off:
            return None
        return store_in(root / FOLDER, shared_store()) if self.folder is None else store_in(self.folder)


def store_in(folder: Path, packages: Store | None = None) -> Store:
    """The store of this user in a folder. `packages`: as in `Store`."""
    return Store(folder, user_secret(), packages=packages)


def shared_store() -> Store | None:
    """The store of this user for what several projects have in common; None where there is no place for it."""
    folder = _user_folder()
    return None if folder is None else Store(folder / _PACKAGES, user_secret(), most=_MOST_SHARED)


def user_secret() -> bytes | None:
    """Bytes that only this user knows, the same from run to run; None where there is no place for them."""
    folder = _user_folder()
    if folder is None:
        return None
    file = folder / "secret"
    try:
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                draft = file.with_name(f"secret-{os.urandom(8).hex()}")
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                    opened.write(os.urandom(_SECRET))
                try:
                    os.link(draft, file)  # whoever comes first
                finally:
                    draft.unlink()
        secret = file.read_bytes()
    except OSError:
        return None
    return secret if len(secret) == _SECRET else None


def _user_folder() -> Path | None:
    """The user's own folder for what programs keep."""
    place = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    try:
        base = Path(place) if place and Path(place).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "nosyncio"
