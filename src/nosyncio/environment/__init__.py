"""The environment that the code under check runs in: where its packages are installed, and what their files say.

Read from disk alone. Nothing of it is imported or run: no interpreter is started, no line of a `.pth` file is executed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from nosyncio.config import Located
from nosyncio.environment.folders import Folders
from nosyncio.environment.locate import Environment, locate
from nosyncio.environment.outside import Outside
from nosyncio.store import Store

if TYPE_CHECKING:
    from nosyncio.environment.installed import Installed

__all__ = ["Environment", "Surroundings", "environment_of", "locate"]


def environment_of(located: Located) -> Environment:
    """The environment whose packages calls are followed into: an empty one where none are. Raises ConfigError for one that is
    not there."""
    return locate(located.root, located.config.python, os.environ) if located.config.follow else Environment(())


class Surroundings:
    """The packages that calls of a project are followed into: none, unless its configuration says so."""

    def __init__(self, located: Located, store: Store | None = None) -> None:
        """`store`: where it is kept what is known of them. Raises ConfigError for an environment that is not there."""
        self._located = located
        self._store = store.packages if store is not None and located.config.follow else None
        self._environment = environment_of(located)
        self._outside = Outside(self._environment.folders[0] if self._environment.folders else located.root, self._store)
        self._folders = Folders(self._environment.folders, located.root, self._outside)

    @property
    def identity(self) -> list[object]:
        """Where they are looked for, and why one cannot be found, as plain data."""
        return [[str(path) for path in self._folders.paths], self._folders.obstacles, self._environment.problem]

    def holds(self, seen: Mapping[str, bytes | None]) -> bool:
        """Whether all that an earlier run saw of them is as it was."""
        return self._outside.holds(seen)

    @cached_property
    def installed(self) -> Installed | None:
        """What reads them; None where none are followed."""
        if not self._located.config.follow:
            return None
        from nosyncio.environment.installed import Installed  # imported once a file is to be read, with all that parses

        only, problem = self._located.config.follow_only, self._environment.problem
        return Installed(self._folders, self._outside, self._store, only, problem=problem)

    def keep(self) -> None:
        """Keep for the runs to come what was read in this one."""
        if self.installed is not None:
            self.installed.keep()
