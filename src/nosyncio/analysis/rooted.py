"""The package that the project's root is, where somebody looks at a package from inside of its own folder."""

from __future__ import annotations

from collections.abc import Mapping

from nosyncio.analysis import facts
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.types import Module, Origin

EMPTY = ModuleFacts([facts.Scope(facts.ScopeKind.MODULE, "", -1, (1, 1, 1, 1))], [], [], [], 0)


class RootPackage:
    """What the names of modules say where the root's own folder is the package `name`; "" where it is none, as is usual.

    around: the packages that it stands in, of which nothing is known but what leads to it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts = name.split(".") if name else []
        above = [".".join(self.parts[:number]) for number in range(1, len(self.parts))]
        self.around: Mapping[str, Module] = {
            name: Module(name, lambda: EMPTY, Origin.NAMESPACE, is_package=True) for name in above
        }

    def __bool__(self) -> bool:
        return bool(self.name)

    def inside(self, parts: list[str]) -> list[str] | None:
        """Where below the root the module `parts` is, if its name is that of something in the package."""
        length = len(self.parts)
        return parts[length:] if parts[:length] == self.parts else None

    def from_above(self, levels: int, parts: list[str]) -> list[str]:
        """The whole name of what a relative import calls `parts` that goes up `levels` folders from the root."""
        return [*self.parts[:-levels], *parts]
