"""What blocking code is written for, as a closed list: `patterns.toml`. Facts decide, never the names of variables."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec

from nosyncio.catalogue.schema import Argument, KindLabel, QualifiedName, Target
from nosyncio.model import AsyncLibrary

Trait: TypeAlias = Literal[
    "reads", "writes", "appends", "binary", "handler", "loop", "while", "retry", "constructor", "keyed", "grown", "paired",
]  # fmt: skip
"""What can be said of an operation and of what stands around it; `nosyncio.analysis.traits` says how each is told."""

PatternName: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z]+(-[a-z]+)*$")]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table that refuses keys it does not know; keys are written-with-dashes."""


class Rewrite(_Table, frozen=True, kw_only=True):
    """How code of a pattern looks in each async library. `all` is for what is the same in every one."""

    all: str | None = None
    asyncio: str | None = None
    anyio: str | None = None
    trio: str | None = None

    def in_library(self, library: AsyncLibrary) -> str | None:
        """The advice for users of one library."""
        own = {AsyncLibrary.ASYNCIO: self.asyncio, AsyncLibrary.ANYIO: self.anyio, AsyncLibrary.TRIO: self.trio}[library]
        return own or self.all


class Shape(_Table, frozen=True, kw_only=True):
    """What an operation must be like; all that is asked for must be so.

    kinds: one is its kind. callees: one is the call that starts it. uses: one goes on with it, takes what it gives, or makes what
    it is given. traits: what is so besides, all of them.
    """

    kinds: tuple[KindLabel, ...] = ()
    callees: tuple[QualifiedName, ...] = ()
    uses: tuple[QualifiedName, ...] = ()
    traits: tuple[Trait, ...] = ()


class Pattern(_Table, frozen=True, kw_only=True):
    """One pattern. It fits where one of `fits` does.

    title: what people call it. what: one sentence on it. group: what it is planned together with. direction: whether it takes a
    file in or gives one out; such a pair on one file belongs together. rewrite: what to write in its place.

    of: patterns that this one refines: it takes the place of one of those.
    """

    name: PatternName
    title: str
    what: str
    group: str
    fits: tuple[Shape, ...]
    of: tuple[PatternName, ...] = ()
    direction: Literal["read", "write"] | None = None
    rewrite: Rewrite = Rewrite()


class Mode(Target, frozen=True, kw_only=True):
    """Callables that open a file, and which argument says how (`"w"`, `"rb"`), or how they `always` do."""

    mode: Argument = Argument()
    always: str = "r"


class Patterns(_Table, frozen=True, kw_only=True):
    """The file: patterns, the first that fits first, and what says how a file is opened."""

    patterns: tuple[Pattern, ...]
    modes: tuple[Mode, ...]

    def named(self, name: str) -> Pattern:
        """The pattern with a name. Raises KeyError for any other word."""
        return _by_name()[name]


@cache
def patterns() -> Patterns:
    """All patterns. Raises ValueError for a file that is not what the schema says."""
    data = Path(__file__).with_name("patterns.toml").read_bytes()
    try:
        return msgspec.toml.decode(data, type=Patterns)
    except msgspec.DecodeError as error:
        raise ValueError(f"catalogue/patterns.toml: {error}") from None


@cache
def _by_name() -> dict[str, Pattern]:
    return {pattern.name: pattern for pattern in patterns().patterns}
