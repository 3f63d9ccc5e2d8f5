"""What each file of the catalogue claims, as names, and the tables of what is known to be otherwise."""

from __future__ import annotations

import fnmatch
import functools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import msgspec

from nosyncio.catalogue.schema import Entries, Instead, Library, Target

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "src" / "nosyncio" / "catalogue" / "data"


class Verdict(Protocol):
    """Fails a test with the names that are wrong and why, if there are any; `looked` is all that was looked at."""

    def __call__(self, wrong: dict[str, str], looked: Iterable[str], seen: dict[str, str] | None = None) -> None: ...


@dataclass(frozen=True)
class File:
    """One file of the catalogue, and what the tables beside this module say of it."""

    name: str
    library: Library
    exempt: dict[str, str]
    """Names, with wildcards, that the library makes at run time only, and the reason."""
    only_in: dict[str, tuple[str, ...]]
    """Names that some supported versions lack, and the versions that have them."""

    @functools.cached_property
    def version(self) -> str:
        """`3.12` for the standard library, else which end of `versions` is installed."""
        if self.library.distribution is None:
            return "{}.{}".format(*sys.version_info)
        lowest = self.library.versions[0] if self.library.versions else ""
        return "lowest" if metadata.version(self.library.distribution) == lowest else "newest"

    def is_exempt(self, name: str) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.exempt)

    def is_here(self, name: str) -> bool:
        """Is the name, or what it is part of, expected in the version at hand?"""
        parts = name.split(".")
        tables = (self.only_in.get(".".join(parts[:n])) for n in range(1, len(parts) + 1))
        return all(versions is None or self.version in versions for versions in tables)

    def missing(self, found: dict[str, str | None]) -> dict[str, str]:
        """Of names and why they were not found (None: found), the ones that this version should have, or should not."""
        wrong = {n: why for n, why in found.items() if why and self.is_here(n) and not self.is_exempt(n)}
        back = {n: f"versions.toml says that {self.version} has none" for n, why in found.items()
                if not why and n in self.only_in and not self.is_here(n)}  # fmt: skip
        return wrong | back


@dataclass(frozen=True)
class Told:
    """What one test says of one file of the catalogue."""

    file: str
    test: str
    python: str
    looked: int
    """How many names, or arguments, were looked at."""
    wrong: dict[str, str]
    seen: dict[str, str]
    """The entries that were seen to block, and how."""


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def files(data: Path, *, any_version: bool = False, broken: dict[str, str] | None = None) -> list[File]:
    """Every file of the catalogue that decodes, strictly; `broken` gets the others and why."""
    exempt = read_toml(HERE / "exempt.toml")
    versions = {} if any_version else read_toml(HERE / "versions.toml")
    found = []
    for path in sorted(data.glob("*.toml")):
        try:
            library = msgspec.convert(read_toml(path), Library)
        except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
            if broken is not None:
                broken[path.stem] = str(error)
            continue
        only_in = {name: tuple(where) for name, where in versions.get(path.stem, {}).items()}
        found.append(File(path.stem, library, exempt.get(path.stem, {}), only_in))
    return found


def targets(entries: Entries) -> Iterator[Target]:
    """Every table that is about callables."""
    for field in msgspec.structs.fields(Entries):
        tables = getattr(entries, field.name)
        if isinstance(tables, tuple):
            yield from tables


def callables(target: Target) -> Iterator[tuple[str, str | None]]:
    """The functions of a table, as (name, None), and its methods, as (class, method); `*` names none."""
    for function in target.functions:
        yield function, None
    for method in target.methods:
        if target.class_ is not None and method != "*":
            yield target.class_, method


def instead_names(library: Library) -> Iterator[tuple[str, str]]:
    """Every name that some advice gives, filled in, with the blocking name that it is for."""
    for table in library.blocking:
        for owner, method in callables(table):
            name = method or owner.rpartition(".")[2]
            for advice in _advice(table.instead if table.instead is not None else library.instead):
                yield advice.replace("{name}", name), f"{owner}.{method}" if method else owner


def _advice(instead: Instead | None) -> Iterator[str]:
    if instead is not None:
        yield from (x for x in (instead.asyncio, instead.anyio, instead.trio, *instead.library) if x)
