"""The files of installed packages: what they say, as far as somebody asked, from run to run."""

from __future__ import annotations

import msgspec

from nosyncio.analysis import build, pieces, source
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.pieces import Rest
from nosyncio.analysis.source import Unreadable
from nosyncio.maker import maker
from nosyncio.project import Content, Failure, content_of, kept_failure
from nosyncio.store import Store
from nosyncio.tree import Tree

_LONGEST = 500_000
"""Of a file, in bytes. What is longer is generated: tables, not code that anybody calls."""


class _Read:
    """What a file gave. before: how many bodies were left to read when it was taken from the store; None for what was not."""

    __slots__ = ("before", "digest", "result")

    def __init__(self, result: Rest | Failure, digest: bytes | None = None, *, is_kept: bool = False) -> None:
        self.result = result
        self.digest = digest
        self.before = result.size if is_kept and isinstance(result, Rest) else None

    @property
    def is_more(self) -> bool:
        """Whether there is more in it than what is kept."""
        return isinstance(self.result, Rest) and self.before != self.result.size


class PackageFiles:
    """Reads them when somebody asks. A file's content is what its facts belong to, wherever it is installed."""

    def __init__(self, tree: Tree, store: Store | None = None) -> None:
        """`tree`: knows the contents of files, by path. `store`: where facts are kept from run to run."""
        self._tree = tree
        self._store = store
        self._kinds = {suffix: f"installed {suffix} {maker()}" for suffix in (".py", ".pyi")} if store is not None else {}
        self._faults = f"installed faults {maker()}" if store is not None else ""
        self._read: dict[str, _Read] = {}

    def problem(self, place: str) -> Failure | None:
        """Why a file gives no facts; None if it does."""
        result = self._of(place).result
        return None if isinstance(result, Rest) else result

    def facts(self, place: str) -> ModuleFacts:
        """The facts of a file that gives some."""
        result = self._of(place).result
        assert isinstance(result, Rest)
        return result.facts

    def _of(self, place: str) -> _Read:
        if place not in self._read:
            self._read[place] = self._kept(place) or self._made(place)
        return self._read[place]

    def _kept(self, place: str) -> _Read | None:
        """What the store knows of a file."""
        digest = None if self._store is None else self._tree.digest(place)
        if self._store is None or digest is None:
            return None
        data = self._store.get(self._kind(place), digest)
        result = None if data is None else pieces.unpacked(data)
        if result is not None:
            return _Read(result, digest, is_kept=True)
        problem = kept_failure(self._store.get(self._faults, digest))
        return None if problem is None else _Read(problem, digest, is_kept=True)

    def _made(self, place: str) -> _Read:
        content = content_of(place)
        if not isinstance(content, Content):
            return _Read(content)
        self._tree.note(place, content.stamp, content.digest)
        return _Read(_result(content.data, is_stub=place.endswith(".pyi")), content.digest)

    def _kind(self, place: str) -> str:
        return self._kinds[".pyi" if place.endswith(".pyi") else ".py"]

    def keep(self) -> None:
        """Keep for the runs to come what was read in this one."""
        if self._store is None:
            return
        self._tree.keep()
        self._store.put_all(
            (kind, digest, data) for place, read in self._read.items() for kind, digest, data in self._to_keep(place, read)
        )

    def _to_keep(self, place: str, read: _Read) -> list[tuple[str, bytes, bytes]]:
        if read.digest is None:
            return []
        if not isinstance(read.result, Rest):
            return [(self._faults, read.digest, msgspec.msgpack.encode(read.result))]
        try:
            return [(self._kind(place), read.digest, read.result.packed())] if read.is_more else []
        except RecursionError:  # nests too deeply to be kept
            return []


def _result(data: bytes, *, is_stub: bool) -> Rest | Failure:
    """What a file gives that holds `data`."""
    if len(data) > _LONGEST:
        return ("longer than any code that is written by hand", None)
    try:
        text = source.decode(data)
        return Rest(build.build(source.parse(text), stub=True), ()) if is_stub else pieces.in_pieces(text)
    except Unreadable as error:
        return (error.reason, error.line)
