"""What holds of `baseline.updated` for any entries, any findings, any code."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nosyncio.baseline import Entries, Place, updated
from nosyncio.model import Identity

_paths = st.sampled_from(["a.py", "b.py", "p/a.py", "q/a.py"])
_functions = st.sampled_from(["f", "g", "C.f", "D.f"])
_callees = st.sampled_from(["open", "x.y"])
_direct = st.tuples(_paths, _functions, st.just("NSI102"), _callees)
_chained = st.tuples(_paths, _functions, st.just("NSI302"), _callees, st.just("open"), _paths, _functions)
_entries = st.lists((_direct | _chained).map(lambda fields: Identity(*fields)), max_size=8).map(Counter)
_places = st.frozensets(st.builds(Place, _paths, _functions))


def _update(old: Entries, found: Entries, uncovered: frozenset[Place], gone: frozenset[Place]) -> Entries:
    """`updated`, where the run could not see `uncovered` places, and `gone` ones are in the code no more."""

    def exists(place: Place) -> bool:
        if place.function:
            return place not in gone
        return any(Place(place.path, function) not in gone for function in ("f", "g", "C.f", "D.f"))

    return updated(old, found, lambda entry: Place(entry.path, entry.function) not in uncovered, exists)


@given(_entries, _entries, _places, _places)
def test_it_never_grows(old: Entries, found: Entries, uncovered: frozenset[Place], gone: frozenset[Place]) -> None:
    after = _update(old, found, uncovered, gone)
    assert after.total() <= old.total()
    for key in ("code", "leaf"):
        before = Counter(getattr(entry, key) for entry in old.elements())
        assert Counter(getattr(entry, key) for entry in after.elements()) <= before


@given(_entries, _entries, _places, _places)
def test_what_is_left_is_found_or_was_out_of_sight(
    old: Entries, found: Entries, uncovered: frozenset[Place], gone: frozenset[Place]
) -> None:
    after = _update(old, found, uncovered, gone)
    unseen = Counter({entry: count for entry, count in old.items() if Place(entry.path, entry.function) in uncovered})
    assert after <= found | unseen
    assert unseen <= after


@given(_entries, _entries, _places)
def test_what_is_known_and_found_stays(old: Entries, found: Entries, gone: frozenset[Place]) -> None:
    assert old & found <= _update(old, found, frozenset(), gone)


@given(_entries, _entries, _places, _places)
def test_a_second_time_changes_nothing(old: Entries, found: Entries, uncovered: frozenset[Place], gone: frozenset[Place]) -> None:
    after = _update(old, found, uncovered, gone)
    again = _update(after, found, uncovered, gone)
    assert again == after


@given(_entries, _places, _places)
def test_it_is_what_was_created_while_nothing_changes(
    found: Entries, uncovered: frozenset[Place], gone: frozenset[Place]
) -> None:
    assert _update(found, found, uncovered, gone) == found
