"""What has moved: entries that are found no more where they were, and found anew in the one other place that fits.

A place is a function in a file; an entry names one, and of a chain a second, where its blocking call stands. A place has moved if
it is gone from the code, and the same things are found in one new place: of a file, one with another name or folder; of a
function, one with another name in the same file, or with the same name in another. Nothing else counts as moved, so that what is
mended here does not pay for what is added there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

from nosyncio.baseline.matching import Entries
from nosyncio.model import Identity

_LIKENESS = 0.5
"""How much of what a file had must be found in the one that it may have become: what git asks of the lines of a renamed file."""

_Thing = TypeVar("_Thing", bound=Hashable)
_Name = TypeVar("_Name", bound=Hashable)


class Place(NamedTuple):
    """A function of a file, or, without a name, the file."""

    path: str
    function: str


def updated(old: Entries, found: Entries, covers: Callable[[Identity], bool], exists: Callable[[Place], bool]) -> Entries:
    """What is left of `old` now that `found` is found: never more entries than before.

    covers: whether an entry would have been found if it were there; what would not stays. exists: whether a place is in the code.
    """
    kept = Counter({entry: min(count, found[entry]) if covers(entry) else count for entry, count in old.items()})
    missing, extra = old - kept, found - old
    files = _moved_files(missing, extra, old, exists)
    missing = _renamed(missing, lambda place: place._replace(path=files.get(place.path, place.path)))
    known = _renamed(old, lambda place: place._replace(path=files.get(place.path, place.path)))
    functions = _moved_functions(missing, extra, known, exists)
    return +kept + _taken(_renamed(missing, lambda place: functions.get(place, place)), extra)


def _taken(wanted: Entries, extra: Entries) -> Entries:
    """The entries of `extra` that `wanted` ones have become. What the call in loop code runs on the way to a blocking call may
    have another name."""
    waiting: dict[Identity, list[Identity]] = defaultdict(list)
    for entry in sorted(extra.elements(), reverse=True):
        waiting[_without_way(entry)].append(entry)
    taken: Entries = Counter()
    for entry in sorted(wanted.elements()):
        fitting = waiting[_without_way(entry)]
        if fitting:
            taken[fitting.pop()] += 1
    return taken


def _without_way(entry: Identity) -> Identity:
    return entry._replace(callee="") if entry.leaf else entry


def _moved_files(missing: Entries, extra: Entries, old: Entries, exists: Callable[[Place], bool]) -> dict[str, str]:
    """The new path of each file that has moved."""
    known = {place.path for entry in old for place in _places(entry)}
    before = _seen(missing, lambda place: None if exists(Place(place.path, "")) else place.path, _in_file)
    after = _seen(extra, lambda place: None if place.path in known else place.path, _in_file)
    likeness = {
        (gone, fresh): alike
        for gone, what in before.items()
        for fresh, there in after.items()
        if (alike := (what & there).total() / max(what.total(), there.total())) >= _LIKENESS
    }
    ranked = {pair: (alike, _common_end(*pair)) for pair, alike in likeness.items()}
    return _mutual_best(ranked)


def _moved_functions(missing: Entries, extra: Entries, old: Entries, exists: Callable[[Place], bool]) -> dict[Place, Place]:
    """The new place of each function that has moved."""
    known = {place for entry in old for place in _places(entry)}
    before = _seen(missing, lambda place: None if exists(place) else place, _in_function)
    after = _seen(extra, lambda place: None if place in known else place, _in_function)
    ranked: dict[tuple[Place, Place], tuple[float, int]] = {}
    for gone, what in before.items():
        for fresh, there in after.items():
            is_near = gone.function == fresh.function or gone.path == fresh.path
            if is_near and what == there:
                ranked[gone, fresh] = (float(_last(gone) == _last(fresh)), int(gone.path == fresh.path))
    return _mutual_best(ranked)


def _mutual_best(ranked: Mapping[tuple[_Name, _Name], tuple[float, int]]) -> dict[_Name, _Name]:
    """The pairs of which each is the other's best, and no other is as good; then those of what is left, as long as there are
    any."""
    found: dict[_Name, _Name] = {}
    while ranked:
        best: dict[tuple[bool, _Name], list[tuple[_Name, _Name]]] = defaultdict(list)
        for pair, rank in ranked.items():
            for key in ((True, pair[0]), (False, pair[1])):
                rivals = best[key]
                if rivals and rank > ranked[rivals[0]]:
                    rivals.clear()
                if not rivals or rank == ranked[rivals[0]]:
                    rivals.append(pair)
        alone = Counter(rivals[0] for rivals in best.values() if len(rivals) == 1)
        pairs = {pair[0]: pair[1] for pair, count in alone.items() if count == 2}
        if not pairs:
            break
        found |= pairs
        taken = set(pairs.values())
        ranked = {pair: rank for pair, rank in ranked.items() if pair[0] not in pairs and pair[1] not in taken}
    return found


def _seen(
    entries: Entries, name: Callable[[Place], _Name | None], what: Callable[[Identity, Place, bool], _Thing]
) -> dict[_Name, Counter[_Thing]]:
    """What entries say of each place that has a `name` here."""
    seen: dict[_Name, Counter[_Thing]] = defaultdict(Counter)
    for entry, count in entries.items():
        for index, place in enumerate(_places(entry)):
            key = name(place)
            if key is not None:
                seen[key][what(entry, place, index > 0)] += count
    return seen


def _in_file(entry: Identity, place: Place, is_leaf: bool) -> tuple[bool, str, str, str]:
    return (is_leaf, place.function, entry.code, entry.leaf or entry.callee)


def _in_function(entry: Identity, place: Place, is_leaf: bool) -> tuple[bool, str, str]:
    return (is_leaf, entry.code, entry.leaf or entry.callee)


def _places(entry: Identity) -> Iterator[Place]:
    yield Place(entry.path, entry.function)
    if entry.leaf:
        yield Place(entry.leaf_path, entry.leaf_function)


def _renamed(entries: Entries, rename: Callable[[Place], Place]) -> Entries:
    def one(entry: Identity) -> Identity:
        path, function = rename(Place(entry.path, entry.function))
        entry = entry._replace(path=path, function=function)
        if entry.leaf:
            path, function = rename(Place(entry.leaf_path, entry.leaf_function))
            entry = entry._replace(leaf_path=path, leaf_function=function)
        return entry

    return Counter(map(one, entries.elements()))


def _common_end(one: str, other: str) -> int:
    """How many parts at their ends two paths share."""
    pairs = zip(reversed(PurePosixPath(one).parts), reversed(PurePosixPath(other).parts))
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(one.count("/"), other.count("/")) + 1)


def _last(place: Place) -> str:
    return place.function.rpartition(".")[2]
