"""Which bindings reach a place: static single assignment, built while the code is read.

After Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (CC 2013), on structured code: a branch
is a child environment, a loop head makes its phis when a name is first looked up through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nosyncio.analysis.facts import Expr, Phi, unnarrowed


class Bindings:
    """The table of one scope's bindings; gives out their indices. `guard` is the test that what is being read stands under."""

    def __init__(self) -> None:
        self.values: list[Expr] = []
        self.guards: list[int] = []
        self.guard = -1

    def add(self, value: Expr) -> int:
        self.values.append(value)
        self.guards.append(self.guard)
        return len(self.values) - 1

    def join(self, name: str, candidates: Iterable[int | None]) -> int | None:
        """The binding that stands for any of `candidates`; None (unbound) is passed over, and narrowings of one value heal. An
        attribute that is not narrowed on all paths is not narrowed."""
        seen: dict[int, None] = {}
        candidates = list(candidates)
        if None in candidates and "." in name:
            return None
        for candidate in candidates:
            if candidate is not None:
                seen[candidate] = None
        if len(seen) > 1:
            roots = {unnarrowed(self.values, candidate) for candidate in seen}
            if len(roots) == 1:
                return roots.pop()
            return self.add(Phi(tuple(seen)))
        return next(iter(seen), None)


class Environment:
    """What each name is bound to on one path through the code. Children see their parent; parents never see a child's
    bindings until the paths are merged."""

    __slots__ = ("dead", "is_loop_head", "names", "parent", "table")

    def __init__(self, table: Bindings, parent: Environment | None = None, *, loop_head: bool = False) -> None:
        self.table = table
        self.parent = parent
        self.names: dict[str, int] = {}
        self.dead: bool = parent.dead if parent is not None else False
        self.is_loop_head = loop_head

    def branch(self, *, loop_head: bool = False) -> Environment:
        return Environment(self.table, self, loop_head=loop_head)

    def bind(self, name: str, binding: int) -> None:
        self.names[name] = binding

    def lookup(self, name: str) -> int | None:
        """The binding that reaches here, or None where the name is not bound on any path that leads here."""
        env: Environment | None = self
        while env is not None:
            binding = env.names.get(name)
            if binding is not None:
                return binding
            if env.is_loop_head:
                outer = env.parent.lookup(name) if env.parent is not None else None
                if outer is None:
                    return None
                phi = self.table.add(Phi((outer,)))
                env.names[name] = phi
                return phi
            env = env.parent
        return None

    def merge(self, branches: Sequence[Environment]) -> None:
        """Go on from the paths that `branches` (children of this one) end in. With none alive, this path is dead too."""
        alive = [branch for branch in branches if not branch.dead]
        if not alive:
            self.dead = True
            alive = list(branches)
        changed: dict[str, None] = {}
        for branch in alive:
            changed.update(dict.fromkeys(branch._changed_since(self)))
        joined = {name: self.table.join(name, (branch.lookup(name) for branch in alive)) for name in changed}
        for name, binding in joined.items():
            if binding is not None:
                self.names[name] = binding

    def _changed_since(self, ancestor: Environment) -> Iterable[str]:
        env: Environment | None = self
        while env is not None and env is not ancestor:
            yield from env.names
            env = env.parent

    def close_loop(self, ends: Sequence[Environment]) -> None:
        """Tell this loop head what the names are at each way back to it (`ends`); afterwards it is the loop's way out."""
        alive = [end for end in ends if not end.dead]
        changed: dict[str, None] = {}
        for end in alive:
            changed.update(dict.fromkeys(end._changed_since(self)))
        for name, binding in list(self.names.items()):
            phi = self.table.values[binding]
            if isinstance(phi, Phi):
                reaching = (end.lookup(name) for end in alive)
                operands = dict.fromkeys(phi.bindings)
                operands.update({back: None for back in reaching if back is not None and back != binding})
                self.table.values[binding] = Phi(tuple(operands))
        for name in changed:
            if name not in self.names:
                joined = self.table.join(name, [self.lookup(name), *(end.lookup(name) for end in alive)])
                if joined is not None:
                    self.names[name] = joined
