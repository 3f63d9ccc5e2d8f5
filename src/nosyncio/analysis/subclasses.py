"""Which classes of the project derive from a class?

Whoever asks hangs on the answer, and not on all files that were read for it: there are classes that thousands derive from, and an
edit of one of these mostly leaves the others what they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.families import Bases, Class, Derived, Families, bases_of
from nosyncio.analysis.index import Index
from nosyncio.analysis.types import ClassSymbol

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Subclasses:
    """The classes in the modules under check, by what they derive from."""

    def __init__(self, linker: Linker, index: Index, families: Families) -> None:
        """families: what is known already, to which the rest is added."""
        self._linker = linker
        self._index = index
        self._families = families

    def binding(self, cls: ClassSymbol, name: str) -> Iterator[ClassSymbol]:
        """The classes that derive from a class of the code under check, at any remove, and bind a name themselves, by file and
        place; none for any other."""
        derived = self.of(cls)
        binding = frozenset(self._index.files("definers", name)) if derived else ()
        for path, scope in derived:
            module = self._index.at(path) if path in binding else None
            if module is not None and name in module.facts.scopes[scope].names:
                yield self._linker.names.class_symbol(module, scope)

    def of(self, cls: ClassSymbol) -> list[Class]:
        """The classes that derive from a class of the code under check, at any remove, by file and place; none for any other."""
        return self._of(_class(cls)) if cls.is_project else []

    def _of(self, cls: Class) -> list[Class]:
        """The classes that derive from a class, by file and place."""
        reads = self._linker.reads
        reads.note(_asked(cls))
        known = self._families.subclasses.get(cls)
        if known is None:
            known = Derived(*reads.aside(lambda: reads.during(lambda: self._found(cls))))
            if self._linker.values.is_settled:
                self._families.subclasses[cls] = known
            else:
                reads.note_all(known.numbers)
        return known.classes

    def _found(self, cls: Class) -> list[Class]:
        """Each word that others may name the class, or one that derives from it, by is looked at once."""
        name = self._name(cls)
        if name is None:
            return []
        found: set[Class] = set()
        words: set[str] = set()
        fresh = {name, *self._index.dynamic_bases()}
        while fresh:
            words |= fresh
            named: set[str] = set()
            for word in sorted(fresh):
                for path in self._index.files("renamings", word):
                    named.update(other for of, other in self._bases(path).renamings if of == word)
                for path in self._index.files("subclasses", word):
                    for scope, called, by in self._bases(path).classes:
                        other = (path, scope)
                        if word in by and other != cls and other not in found and cls in self._ancestors(other):
                            found.add(other)
                            named.add(called)
            fresh = named - words
        return sorted(found)

    def _name(self, cls: Class) -> str | None:
        """What a class is called where it is defined; None if it is there no more."""
        module = self._index.at(cls[0])
        return module.facts.scopes[cls[1]].name if module is not None and module.facts.has(cls[1], ScopeKind.CLASS) else None

    def _bases(self, path: str) -> Bases:
        """What a file says of its classes."""
        self._linker.reads.note(path)
        known = self._families.bases.get(path)
        if known is None:
            module = self._index.at(path)
            known = Bases([], []) if module is None else bases_of(module.facts, self._index.extract(module))
            self._families.bases[path] = known
        return known

    def _ancestors(self, cls: Class) -> list[Class]:
        """The classes of the project in the resolution order of a class."""
        known = self._families.ancestors.get(cls)
        if known is None:
            classes, numbers = self._linker.reads.during(lambda: self._order(cls))
            known = Derived(classes, numbers)
            if self._linker.values.is_settled:
                self._families.ancestors[cls] = known
        else:
            self._linker.reads.note_all(known.numbers)
        return known.classes

    def _order(self, cls: Class) -> list[Class]:
        module = self._index.at(cls[0])
        if module is None:
            return []
        order = self._linker.classes.order(self._linker.names.class_symbol(module, cls[1]))
        return [_class(base) for base, _ in order if base.is_project]

    def renewed(self, paths: set[str], stale: Set[int]) -> set[int]:
        """Look again for the subclasses of classes where the answer may be another, because these files are, or what else is
        `stale`. Gives the answers that are others, as a set."""
        found: set[int] = set()
        reads = self._linker.reads
        for cls, before in sorted(self._families.forget(paths, reads.holding(stale)).items()):
            if self._of(cls) != before.classes:
                found |= reads.known(_asked(cls))
        return found


def _class(cls: ClassSymbol) -> Class:
    assert cls.frame is not None
    return cls.frame.module.path or "", cls.frame.number


def _asked(cls: Class) -> tuple[str, str, int]:
    """What is noted of whoever asks which classes derive from one."""
    return ("derive", *cls)
