"""What does not count where calls are followed into installed packages: `following.toml`, with its reasons."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from nosyncio.catalogue.schema import Condition, KindLabel, QualifiedName


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    reason: str


class Quiet(_Table, frozen=True, kw_only=True):
    """Blocking calls that do not count in an installed package's own code: those of these kinds, or of these modules."""

    kinds: tuple[KindLabel, ...] = ()
    within: tuple[QualifiedName, ...] = ()


class Closed(_Table, frozen=True, kw_only=True):
    """Packages that calls are not followed into, by import name."""

    packages: tuple[QualifiedName, ...]


class Assumed(_Table, frozen=True, kw_only=True):
    """What a call in an installed package is taken to give; `false` is any value that is not true."""

    functions: tuple[QualifiedName, ...]
    when: tuple[Condition, ...] = ()
    gives: bool | str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    quiet: tuple[Quiet, ...]
    closed: tuple[Closed, ...]
    assumed: tuple[Assumed, ...]


class Policy(NamedTuple):
    """The same, ready to be asked: kinds and modules that are quiet, packages that are closed, what functions give by name."""

    quiet_kinds: frozenset[str]
    quiet_modules: frozenset[str]
    closed: frozenset[str]
    assumed: dict[str, Assumed]

    def is_quiet(self, kind: str, name: str) -> bool:
        """Whether a blocking call of this kind and qualified name does not count in an installed package."""
        return kind in self.quiet_kinds or any(name == module or name.startswith(f"{module}.") for module in self.quiet_modules)


@cache
def policy() -> Policy:
    """What `following.toml` says."""
    data = Path(__file__).with_name("following.toml").read_bytes()
    file = msgspec.toml.decode(data, type=_File)
    return Policy(
        frozenset(kind for item in file.quiet for kind in item.kinds),
        frozenset(module for item in file.quiet for module in item.within),
        frozenset(package for item in file.closed for package in item.packages),
        {name: item for item in file.assumed for name in item.functions},
    )
