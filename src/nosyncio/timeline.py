"""The history of a project: what `nosyncio check` and `nosyncio report` would count in each commit, by one configuration."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping

from nosyncio.blobs import Blobs
from nosyncio.config import Located, from_bytes
from nosyncio.git import Git, RepositoryError
from nosyncio.history import Counts, History, Point
from nosyncio.measure import measured
from nosyncio.objects import GONE, Absent, Objects, Sort
from nosyncio.snapshots import Files, Snapshot, snapshots

_MOST_NAMES = 5
"""How many submodules are named."""


def history(
    located: Located,
    git: Git,
    *,
    since: str | None = None,
    until: str = "HEAD",
    jobs: int = 1,
    reading: Callable[[int, int], None] = lambda done, total: None,
    judging: Callable[[int, int], None] = lambda done, total: None,
) -> History:
    """What stood in the project's files in each commit on the way to `until`; `since` is where to begin, else it is the first
    one. `reading` is told how many files of how many are read, `judging` how many commits of how many are counted. Raises
    RepositoryError."""
    with git.objects() as objects:
        line = _Line(git, objects, since, until)
        seen = [*snapshots(line.revisions, objects, git.prefix, located.config)]
        states = [*dict.fromkeys(item.files for item in seen if item.files is not None)]
        blobs = Blobs(objects)
        blobs.read_all(git, (name for files in states for name in files.blobs.values()), jobs, reading)
        gaps = {files: gap for files in states if (gap := _gap(files, blobs)) is not None}
        whole = [files for files in states if files not in gaps]
        counts = dict(zip(whole, measured(located, git, whole, blobs, jobs, judging)))
    points = tuple(_point(item, counts, gaps) for item in seen)
    return History(points, git.prefix, (*line.notes, *_left_out(states)))


def stored(git: Git, located: Located, until: str) -> Located:
    """The configuration that a commit has in the `pyproject.toml` of its outermost folder; `located` where there is none. Raises
    RepositoryError, and ConfigError for what the file says."""
    where = f"{until}:pyproject.toml"
    with git.objects() as objects:
        try:
            tree = objects.commit(git.revision(until)).split()[1].decode()
            entry = objects.tree(tree).get("pyproject.toml")
            if entry is None or entry.sort is not Sort.FILE:
                return located
            return from_bytes(objects.blob(entry.name), where, located.root)
        except Absent as error:
            raise RepositoryError(f"{where}: {error}") from None


class _Line:
    """The commits to look at, the oldest first, and what there is to say of them.

    The first is the youngest of them that `since` has behind it, or is: what follows is new since then.
    """

    def __init__(self, git: Git, objects: Objects, since: str | None, until: str) -> None:
        self._git = git
        self._objects = objects
        self.revisions = git.line(git.revision(until))
        self.notes: list[str] = []
        if since is not None:
            self._cut(since, until)
        merges = sum(len(revision.parents) > 1 for revision in self.revisions[1:])
        if self._is_shallow:
            self.notes.append(f"the clone is shallow: what came before {self._begin} is not in it")
        if merges:
            number = f"{merges} merge" if merges == 1 else f"{merges} merges"
            self.notes.append(f"of {number}, the first parent is followed: what was merged counts from there on")

    @property
    def _begin(self) -> str:
        return self.revisions[0].commit.short

    @property
    def _is_shallow(self) -> bool:
        """Whether the first commit has parents that the repository does not know of."""
        first = self.revisions[0]
        try:
            head = self._objects.commit(first.commit.revision).partition(b"\n\n")[0]
        except Absent as error:
            raise RepositoryError(f"{self._begin}: {error}") from None
        return not first.parents and b"\nparent " in head

    def _cut(self, since: str, until: str) -> None:
        start = self._git.revision(since)
        names = [revision.commit.revision for revision in self.revisions]
        if start in names:
            first = names.index(start)
        else:
            first = bisect(names, False, key=lambda name: not self._git.is_ancestor(name, start)) - 1
            if first < 0 and not self._is_shallow:
                raise RepositoryError(f"{since} and {until} have no commit in common")
            self.notes.append(f"{since} is none of these commits: they begin where the two part")
        self.revisions = self.revisions[max(first, 0) :]


def _gap(files: Files, blobs: Blobs) -> str | None:
    """Why nothing can be said of some files. A checkout would not have them all: counts of the rest would look like a change."""
    missing = sum(map(blobs.is_missing, files.blobs.values()))
    return f"of {len(files.blobs)} files, the content of {missing} {GONE}" if missing else None


def _point(item: Snapshot, counts: Mapping[Files, Counts], gaps: Mapping[Files, str]) -> Point:
    if item.files is None or item.files in gaps:
        return Point(item.commit, gap=item.gap if item.files is None else gaps[item.files])
    return Point(item.commit, counts[item.files])


def _left_out(states: Iterable[Files]) -> Iterator[str]:
    folders = sorted({folder for files in states for folder in files.submodules})
    if folders:
        more = f" and {len(folders) - _MOST_NAMES} more" if len(folders) > _MOST_NAMES else ""
        yield f"submodules are not looked into: {', '.join(folders[:_MOST_NAMES])}{more}"
