"""`# noqa` on the blocking line of a sync helper: it takes the call out of every chain that would end there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from nosyncio import rules
from nosyncio.analysis.comments import NOQA, codes_of
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.reads import Reads
from nosyncio.model import Context, Kind


class Used(NamedTuple):
    """A comment that took a call out of a chain, by its line and the code."""

    path: str
    line: int
    code: str


class Silence:
    """Asks comments whether they name a kind of blocking call, in whatever context, and notes in `reads` those that did. What
    stands in an installed package is for its own authors: it silences nothing here."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def __call__(self, operation: Operation) -> bool:
        """Whether a comment on the operation's line names its kind. One without codes is about its line alone."""
        module = operation.frame.module
        line = operation.first.place[0]
        is_silenced = False
        for comment in module.facts.comments if module.is_project else ():
            if comment.first_line <= line <= comment.last_line and NOQA.match(comment.text):
                for code in codes_of(comment):
                    if _means(code, operation.kind):
                        self._reads.note(Used(module.path or "", comment.line, code))
                        is_silenced = True
        return is_silenced

    def noted(self) -> dict[int, Used]:
        """Those comments, by their numbers in `reads`."""
        return {number: name for number, name in enumerate(self._reads.names) if isinstance(name, Used)}


def by_file(comments: Iterable[Used]) -> dict[str, frozenset[tuple[int, str]]]:
    """Comments by file: line and code."""
    found: dict[str, set[tuple[int, str]]] = {}
    for comment in comments:
        found.setdefault(comment.path, set()).add((comment.line, comment.code))
    return {path: frozenset(lines) for path, lines in found.items()}


def _means(code: str, kind: Kind) -> bool:
    known = (rules.code_for(kind, context) for context in Context)
    return any(meant.code.startswith(code.upper()) for meant in known if meant is not None)
