"""Which functions of installed packages are followed: those of which the catalogue says nothing, not too deep in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nosyncio.analysis.judge import Operation
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.types import ClassSymbol, FunctionSymbol
from nosyncio.catalogue import Harmless, Verdict
from nosyncio.catalogue.following import policy
from nosyncio.model import Kind

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


_DISPATCHED = frozenset(["functools.singledispatch", "functools.singledispatchmethod"])


class Following:
    """Decides whether the body of an installed function counts."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._known: Kept[tuple[FunctionSymbol, ClassSymbol | None], bool] = Kept(linker.reads)

    def is_followed(self, symbol: FunctionSymbol, cls: ClassSymbol | None) -> bool:
        """Whether what a function does is read from its body, when it runs for the class `cls`: not where the catalogue has the
        last word on it. An entry that hangs on the call's arguments speaks where they are literal; elsewhere the body says."""
        if not symbol.frame.module.is_installed:
            return True
        return self._known.once((symbol, cls), lambda: not self._is_settled(symbol, cls))

    def _is_settled(self, symbol: FunctionSymbol, cls: ClassSymbol | None) -> bool:
        if any(map(_is_final, self._told(symbol, cls))):
            return True
        return not _DISPATCHED.isdisjoint(self._linker.calls.decorators(symbol))  # another body may run in place of its own

    def _told(self, symbol: FunctionSymbol, cls: ClassSymbol | None) -> Iterator[Verdict | Harmless]:
        """What the catalogue says of a function."""
        for name in self._names(symbol, cls):
            yield from self._linker.catalogue.verdicts(name)

    def _names(self, symbol: FunctionSymbol, cls: ClassSymbol | None) -> Iterator[str]:
        """The names under which the catalogue may know a function."""
        yield symbol.qualified_name
        if symbol.owner is not None:
            for base, _ in self._linker.classes.order(cls or symbol.owner):
                yield f"{base.qualified_name}.{symbol.name}"
                if symbol.is_constructor:
                    yield base.qualified_name
                if base is symbol.owner:
                    return


def _is_final(told: Verdict | Harmless) -> bool:
    return isinstance(told, Harmless) or not (told.entry.unless or told.entry.when)


def is_quiet(operation: Operation) -> bool:
    """Whether a blocking operation does not count where an installed package makes it. What goes on with a file that another
    function opened does not: it may be in memory, and where it was opened on disk, that counts."""
    verdict = operation.first.verdict
    if operation.kind is Kind.FILE_CONTENT and verdict.entry.continues:
        return True
    return policy().is_quiet(operation.kind.label, verdict.name)
