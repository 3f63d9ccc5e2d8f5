"""Which classes of the project derive from which, by file and scope: what of that outlives the facts."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple, TypeAlias

from nosyncio.analysis.extract import Extract
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.sets import Numbers, Pack, hangs_on

Class: TypeAlias = tuple[str, int]
"""A class of the project, by its file and scope."""


class Bases(NamedTuple):
    """What a file says: its classes, each by scope, with its name and the words that its bases are named by; and words, each with
    a name that may stand for a class of it."""

    classes: list[tuple[int, str, list[str]]]
    renamings: list[tuple[str, str]]


class Derived(NamedTuple):
    """Some classes, and what hangs on that there are these: those that one derives from, or those that derive from one."""

    classes: list[Class]
    numbers: Numbers | bytes


class Families:
    """What is known of the classes of a project.

    bases: by file. ancestors: those of each class that somebody asked about, itself among them. subclasses: of each class that
    somebody asked about, all that derive from it, at any remove.
    """

    def __init__(self) -> None:
        self.bases: dict[str, Bases] = {}
        self.ancestors: dict[Class, Derived] = {}
        self.subclasses: dict[Class, Derived] = {}

    def copy(self) -> Families:
        """The same, to be compared with what is known later."""
        found = Families()
        found.bases, found.ancestors, found.subclasses = {**self.bases}, {**self.ancestors}, {**self.subclasses}
        return found

    def news(self, before: Families, packed: Pack) -> Families:
        """What is known more than before, with packed sets."""

        def more(table: dict[Class, Derived], known: dict[Class, Derived]) -> dict[Class, Derived]:
            return {cls: Derived(item.classes, packed(item.numbers)) for cls, item in table.items() if cls not in known}

        found = Families()
        found.bases = {path: bases for path, bases in self.bases.items() if path not in before.bases}
        found.ancestors = more(self.ancestors, before.ancestors)
        found.subclasses = more(self.subclasses, before.subclasses)
        return found

    def take(self, news: Families, translated: Pack) -> None:
        """Take in what a copy knows more. translated: a packed set, as it is here."""
        self.bases = {**news.bases, **self.bases}
        for table, more in ((self.ancestors, news.ancestors), (self.subclasses, news.subclasses)):
            for cls, item in more.items():
                if cls not in table:
                    table[cls] = Derived(item.classes, translated(item.numbers))

    def forget(self, paths: Iterable[str], stale: Set[int]) -> dict[Class, Derived]:
        """Know nothing any more that these files say, or that hangs on what is another now. What was known of the subclasses of
        classes, and is not known now."""
        for path in paths:
            self.bases.pop(path, None)
        self.ancestors = {cls: found for cls, found in self.ancestors.items() if not hangs_on(found.numbers, stale)}
        lost = {cls: found for cls, found in self.subclasses.items() if hangs_on(found.numbers, stale)}
        for cls in lost:
            del self.subclasses[cls]
        return lost


def bases_of(facts: ModuleFacts, extract: Extract) -> Bases:
    """What a file says of classes and what they derive from."""
    words: dict[int, list[str]] = {}
    for word, scopes in extract.subclasses.items():
        for scope in scopes:
            words.setdefault(scope, []).append(word)
    classes = [(scope, facts.scopes[scope].name, words[scope]) for scope in sorted(words)]
    return Bases(classes, [(word, name) for word, names in extract.renamings.items() for name in names])
