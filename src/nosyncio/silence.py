"""`# noqa` on the blocking line of a sync helper: it takes the call out of every chain that would end there."""

from __future__ import annotations

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
    """Asks comments whether they name a kind of blocking call, in whatever context, and notes in `reads` those that did."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def __call__(self, operation: Operation) -> bool:
        """Whether a comment on the operation's line names its kind. One without codes is about its line alone."""
        module = operation.frame.module
        line = operation.first.place[0]
        is_silenced = False
        for comment in module.facts.comments:
            if comment.first_line <= line <= comment.last_line and NOQA.match(comment.text):
                for code in codes_of(comment):
                    if _means(code, operation.kind):
                        self._reads.note(Used(module.path or "", comment.line, code))
                        is_silenced = True
        return is_silenced


def used(reads: Reads, numbers: int) -> dict[str, frozenset[tuple[int, str]]]:
    """The comments among what was read, by file: line and code."""
    found: dict[str, set[tuple[int, str]]] = {}
    for name in reads.named(numbers):
        if isinstance(name, Used):
            found.setdefault(name.path, set()).add((name.line, name.code))
    return {path: frozenset(comments) for path, comments in found.items()}


def _means(code: str, kind: Kind) -> bool:
    known = (rules.code_for(kind, context) for context in Context)
    return any(meant.code.startswith(code.upper()) for meant in known if meant is not None)
