"""The environment that the code under check runs in: where its packages are installed, and what their files say.

Read from disk alone. Nothing of it is imported or run: no interpreter is started, no line of a `.pth` file is executed.
"""

from __future__ import annotations

import os

from nosyncio.config import Located
from nosyncio.environment.folders import Folders
from nosyncio.environment.installed import Installed
from nosyncio.environment.locate import Environment, locate

__all__ = ["Environment", "Installed", "installed_for", "locate"]


def installed_for(located: Located) -> Installed | None:
    """The packages that calls of a project are followed into; None where its configuration has none followed. Raises ConfigError
    for an environment that is not there."""
    config = located.config
    if not config.follow:
        return None
    environment = locate(located.root, config.python, os.environ)
    folders = Folders(environment.folders, located.root)
    return Installed(folders, config.follow_only, problem=environment.problem)
