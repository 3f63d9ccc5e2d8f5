"""The patterns' data: what holds of all of them together."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from nosyncio.catalogue import Catalogue, Verdict, libraries
from nosyncio.catalogue.patterns import Pattern, patterns
from nosyncio.model import AsyncLibrary, Kind

ALL = patterns().patterns
each = pytest.mark.parametrize("pattern", ALL, ids=lambda pattern: pattern.name)


def test_names_and_titles_are_said_once() -> None:
    assert len({pattern.name for pattern in ALL}) == len(ALL)
    assert len({pattern.title for pattern in ALL}) == len(ALL)


@each
def test_a_pattern_says_what_it_is(pattern: Pattern) -> None:
    assert pattern.fits
    assert re.fullmatch(r"[A-Z].*\.", pattern.what)
    assert len(pattern.title) <= 23, "a column of the table"


@each
def test_each_async_library_has_its_rewrite(pattern: Pattern) -> None:
    rewrites = {pattern.rewrite.in_library(library) for library in AsyncLibrary}
    assert None not in rewrites or pattern.name == "own"


@each
def test_callees_are_names_of_the_catalogue(pattern: Pattern) -> None:
    known = Catalogue()
    spoken = {name for library in libraries() for entry in library.blocking for name in entry.functions}
    for callee in chain(*(shape.callees for shape in pattern.fits)):
        told = any(isinstance(item, Verdict) for item in known.verdicts(callee))
        assert told or any(name.startswith(f"{callee}.") for name in spoken), callee


@each
def test_what_is_refined_comes_first(pattern: Pattern) -> None:
    names = [other.name for other in ALL if not other.of]
    assert set(pattern.of) <= set(names)
    assert not pattern.of or all(shape.traits for shape in pattern.fits)


def test_each_kind_has_a_pattern_for_the_rest() -> None:
    """One that asks for nothing but the kind, so that no operation is without."""
    covered = {
        kind
        for pattern in ALL
        for shape in pattern.fits
        for kind in shape.kinds
        if not (shape.callees or shape.uses or shape.traits)
    }
    assert covered == {kind.label for kind in Kind if kind is not Kind.NESTED_LOOP}
