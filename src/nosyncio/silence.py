"""`# noqa` on the blocking line of a sync helper: it takes the call out of every chain that would end there."""

from __future__ import annotations

from nosyncio import rules
from nosyncio.analysis.comments import NOQA, codes_of
from nosyncio.analysis.judge import Operation
from nosyncio.model import Context, Kind


class Silence:
    """Asks comments whether they name a kind of blocking call, in whatever context, and remembers those that did. What stands in
    an installed package is for its own authors: it silences nothing here."""

    def __init__(self) -> None:
        self._used: dict[str, set[tuple[int, str]]] = {}

    def __call__(self, operation: Operation) -> bool:
        """Whether a comment on the operation's line names its kind. One without codes is about its line alone."""
        module = operation.frame.module
        line = operation.first.place[0]
        is_silenced = False
        for comment in module.facts.comments if module.is_project else ():
            if comment.first_line <= line <= comment.last_line and NOQA.match(comment.text):
                for code in codes_of(comment):
                    if _means(code, operation.kind):
                        self._used.setdefault(module.path or "", set()).add((comment.line, code))
                        is_silenced = True
        return is_silenced

    def used(self, path: str) -> frozenset[tuple[int, str]]:
        """The comments of a file that silenced something so far: line and code."""
        return frozenset(self._used.get(path, ()))


def _means(code: str, kind: Kind) -> bool:
    known = (rules.code_for(kind, context) for context in Context)
    return any(meant.code.startswith(code.upper()) for meant in known if meant is not None)
