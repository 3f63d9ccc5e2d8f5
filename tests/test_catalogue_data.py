"""The catalogue's files, read without the libraries they speak of: what holds of every one, and of all of them together."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from nosyncio import catalogue
from nosyncio.catalogue.schema import Argument, Blocking, Condition, Library, Offloads, RunsOnLoop, Target

DATA = Path(catalogue.__file__).parent / "data"
FILES = {path.stem: msgspec.toml.decode(path.read_bytes(), type=Library) for path in sorted(DATA.glob("*.toml"))}

each_file = pytest.mark.parametrize("library", FILES.values(), ids=FILES)


def tops(library: Library) -> set[str]:
    return {top(module) for module in library.modules}


def top(name: str) -> str:
    return name.partition(".")[0]


def targets(library: Library) -> Iterator[Target]:
    yield from library.blocking
    yield from library.twins
    yield from library.safe
    yield from library.offloads
    yield from library.runs_on_loop
    yield from library.calls
    yield from library.consumes
    yield from library.passes


def names(target: Target) -> Iterator[str]:
    """The functions, classes and decorators that a table names."""
    yield from target.functions
    if target.class_ is not None:
        yield target.class_
    if isinstance(target, (Offloads, RunsOnLoop)):
        yield from target.decorators


def callables(target: Target) -> set[str]:
    """The names that a table gives a verdict on."""
    return {*target.functions, *(f"{target.class_}.{method}" for method in target.methods)}


def heads(name: str) -> Iterator[str]:
    """A name and everything it is a part of."""
    return itertools.accumulate(name.split("."), lambda head, part: f"{head}.{part}")


def conditions(entry: Blocking) -> Iterator[Condition]:
    yield from (*entry.unless, *entry.when, *entry.unless_made, *entry.when_made)


def arguments(target: Target) -> Iterator[Argument]:
    """Everything in a table that must name an argument."""
    if isinstance(target, Blocking):
        yield from conditions(target)
        yield from (item for item in (target.handle, target.handle_made, target.in_memory) if item is not None)
    for key in ("callable", "iterable"):
        argument: Argument | None = getattr(target, key, None)
        if argument is not None:
            yield argument


def test_every_file_is_found_by_its_modules_line() -> None:
    assert len(list(catalogue.libraries())) == len(FILES)


# ------------------------------------------------------------------------------------------------------------- one file alone


@each_file
def test_what_a_file_speaks_of_brings_it_in(library: Library) -> None:
    """A file is read when the top-level module of a name is on its `modules` line: a name elsewhere is never found."""
    spoken = itertools.chain(*map(names, targets(library)), library.aliases, library.stubs)
    assert {name for name in spoken if top(name) not in tops(library)} == set()


@each_file
def test_entries_have_evidence(library: Library) -> None:
    assert [sorted(callables(entry)) for entry in library.blocking if not entry.evidence] == []


@each_file
def test_tables_say_whom_they_are_about(library: Library) -> None:
    for target in targets(library):
        assert any(names(target)), target
        said = (*target.methods, *getattr(target, "attributes", ()), *getattr(target, "overrides", ()))
        assert bool(said) == (target.class_ is not None), target


@each_file
def test_conditions_name_an_argument_and_ask_something(library: Library) -> None:
    for target in targets(library):
        for argument in arguments(target):
            assert argument.argument is not None or argument.position is not None, target
        if isinstance(target, Blocking):
            for condition in conditions(target):
                asked = condition.equals is not msgspec.UNSET or condition.one_of or condition.starts_with or condition.names
                assert asked or condition.given is not None, target


@each_file
def test_stubs_parse(library: Library) -> None:
    for module, text in library.stubs.items():
        ast.parse(text, filename=module)


@each_file
def test_a_name_is_not_both_blocking_and_safe(library: Library) -> None:
    blocking = set[str]().union(*(callables(entry) for entry in library.blocking))
    safe = set[str]().union(*(callables(entry) for entry in library.safe))
    assert blocking & safe == set()


@each_file
def test_special_methods_are_ones_that_are_asked_for(library: Library) -> None:
    """`with` asks for `__enter__` only: a verdict on `__exit__` would never be used."""
    assert {name for target in targets(library) for name in callables(target) if name.endswith("__exit__")} == set()


# ------------------------------------------------------------------------------------------------------------ all files together


@each_file
def test_aliases_lead_to_names_of_the_catalogue(library: Library) -> None:
    known = set[str]().union(*map(tops, FILES.values()))
    assert {target for target in library.aliases.values() if top(target) not in known} == set()


def test_aliases_agree_and_do_not_chain() -> None:
    leads_to: dict[str, str] = {}
    for library in FILES.values():
        for source, target in library.aliases.items():
            assert leads_to.setdefault(source, target) == target, source
    chains = {target: head for target in leads_to.values() for head in heads(target) if head in leads_to}
    assert chains == {}


@each_file
def test_names_are_public(library: Library) -> None:
    """What an alias leads away from is never looked up."""
    aliases = {source for other in FILES.values() for source in other.aliases}
    spoken = {*itertools.chain(*map(names, targets(library))), *library.stubs}
    assert {name for name in spoken if any(head in aliases for head in heads(name))} == set()


def test_a_module_has_one_stub() -> None:
    stubs = Counter(module for library in FILES.values() for module in library.stubs)
    assert [module for module, times in stubs.items() if times > 1] == []


# ------------------------------------------------------------------------------------------------------------------- recipes

RECIPES = Path(__file__).parent / "reality" / "recipes"
ACCURACY = Path(__file__).parent.parent / "docs" / "accuracy.md"


def with_recipe(path: Path) -> set[str]:
    """The names that a file of recipes says how to call."""
    tables = msgspec.toml.decode(path.read_bytes())["recipe"]
    return {name for table in tables for name in (*table.get("calls", ()), *table.get("names", ()))}


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_recipes_are_for_entries(path: Path) -> None:
    known = {name for entry in FILES[path.stem].blocking for name in entry.names}
    assert with_recipe(path) - known == set()


def test_the_page_says_how_many_entries_are_seen_to_block() -> None:
    of_stdlib = [path for path in RECIPES.glob("*.toml") if FILES[path.stem].distribution is None]
    of_libraries = [path for path in RECIPES.glob("*.toml") if FILES[path.stem].distribution is not None]
    seen = sum(len(with_recipe(path)) for path in of_stdlib), sum(len(with_recipe(path)) for path in of_libraries)
    words = f"{seen[0]} entries of the standard library and {seen[1]} of {len(of_libraries)} other libraries"
    assert words in " ".join(ACCURACY.read_text(encoding="utf-8").split())
