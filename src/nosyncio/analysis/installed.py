"""Installed packages, as far as analysis sees them: which file a module's name stands for there, and what that says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from nosyncio.analysis.facts import ModuleFacts


class InstalledModule(NamedTuple):
    """A module of an installed package.

    package: the package that it is of, with its version. path: relative to the folder that the package is installed in, POSIX
    style: the same on every machine. load: gives its facts; None for a folder without an `__init__.py`. is_stub: it holds types
    alone.
    """

    package: str
    path: str
    load: Callable[[], ModuleFacts] | None
    is_package: bool
    is_stub: bool = False


class InstalledPackages(Protocol):
    """The packages beside the code under check, as a front end finds them."""

    @property
    def seen(self) -> dict[str, bytes | None]:
        """The versions of what was looked at so far, by names of its own."""

    def stub(self, module: str) -> InstalledModule | None:
        """The types of a module, where they stand beside its source or in a package of stubs."""

    def source(self, module: str) -> InstalledModule | None:
        """The source of a module, if its package is one to follow."""

    def has(self, top: str) -> bool:
        """Whether a top-level module is installed, in whatever form."""

    def tops(self) -> Iterable[str]:
        """The names of all top-level modules that may be followed."""


class NoPackages:
    """Nothing is installed, or nothing is followed."""

    def __init__(self) -> None:
        self.seen: dict[str, bytes | None] = {}

    def stub(self, module: str) -> InstalledModule | None:
        return None

    def source(self, module: str) -> InstalledModule | None:
        return None

    def has(self, top: str) -> bool:
        return True

    def tops(self) -> Iterable[str]:
        return ()
