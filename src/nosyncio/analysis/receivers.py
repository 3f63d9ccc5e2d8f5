"""What does a method run for?"""

from __future__ import annotations

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, ScopeKind
from nosyncio.analysis.types import Frame


def is_receiver(frame: Frame, root: Expr) -> bool:
    """Whether a variable is the first parameter of a method."""
    scope = frame.scope
    in_class = scope.parent >= 0 and frame.outer.scope.kind is ScopeKind.CLASS
    return in_class and bool(scope.parameters) and root == facts.Local(0)
