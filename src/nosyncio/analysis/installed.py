"""Installed packages, as far as analysis sees them: which file a module's name stands for there, and what that says."""

from __future__ import annotations

from typing import Protocol

import msgspec

from nosyncio.analysis.facts import ModuleFacts


class InstalledModule(msgspec.Struct, frozen=True):
    """A module of an installed package.

    package: the package that it is of, with its version. path: relative to the folder that the package is installed in, POSIX
    style: the same on every machine. is_stub: it holds types alone. facts: None for a folder without an `__init__.py`.
    """

    package: str
    path: str
    facts: ModuleFacts | None
    is_package: bool
    is_stub: bool = False


class InstalledPackages(Protocol):
    """The packages beside the code under check, as a front end finds them."""

    def stub(self, module: str) -> InstalledModule | None:
        """The types of a module, where they stand beside its source or in a package of stubs."""

    def source(self, module: str) -> InstalledModule | None:
        """The source of a module, if its package is one to follow."""

    def has(self, top: str) -> bool:
        """Whether a top-level module is installed, in whatever form."""


class NoPackages:
    """Nothing is installed, or nothing is followed."""

    def stub(self, module: str) -> InstalledModule | None:
        return None

    def source(self, module: str) -> InstalledModule | None:
        return None

    def has(self, top: str) -> bool:
        return True
