"""The catalogue's libraries, as the pages speak of them."""

from __future__ import annotations

from dataclasses import dataclass

from docsite.markdown import slug
from nosyncio.catalogue import Verdict, libraries
from nosyncio.catalogue.schema import Blocking, Library
from nosyncio.model import Kind


@dataclass(frozen=True)
class Call:
    """A name that blocks when it is called (or read), with what the catalogue says of it."""

    name: str
    entry: Blocking
    verdict: Verdict


@dataclass(frozen=True)
class Entry:
    """One file of the catalogue."""

    library: Library

    @property
    def title(self) -> str:
        return self.library.library

    @property
    def path(self) -> str:
        """Its page, below `docs/`."""
        return f"catalogue/{slug(self.title)}.md"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its calls, in the order of their codes."""
        return tuple(kind for kind in Kind if self.calls(kind))

    def calls(self, kind: Kind | None = None) -> tuple[Call, ...]:
        """Its calls that block, all or of one kind."""
        return tuple(
            Call(name, entry, Verdict(name, entry, entry.instead or self.library.instead))
            for entry in self.library.blocking
            if kind is None or entry.kind == kind.label
            for name in entry.names
        )


LIBRARIES = tuple(sorted((Entry(library) for library in libraries()), key=lambda entry: entry.title.lower()))
