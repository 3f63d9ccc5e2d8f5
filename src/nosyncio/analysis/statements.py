"""Statements of one scope: the order in which things run, and which bindings reach where."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nosyncio.analysis import facts
from nosyncio.analysis.annotations import annotation, last_word
from nosyncio.analysis.branches import failure_of, test_of, under
from nosyncio.analysis.expressions import ExpressionBuilder
from nosyncio.analysis.facts import UNKNOWN, Expr, Flag
from nosyncio.analysis.flow import Environment
from nosyncio.analysis.records import record_class
from nosyncio.analysis.syntax import as_load, inside, matches_all

if TYPE_CHECKING:
    from nosyncio.analysis.build import ModuleBuilder


class ScopeBuilder(ExpressionBuilder):
    """Reads the body of a module, class or function.

    breaks, continues: the ends of paths that leave the innermost loop or go back to its head.
    """

    def __init__(self, unit: ModuleBuilder, index: int) -> None:
        super().__init__(unit, index)
        self.breaks: list[Environment] = []
        self.continues: list[Environment] = []

    def run(self, body: Sequence[ast.stmt]) -> None:
        """Read a whole scope and leave its table of bindings in the facts."""
        self.block(body)
        self.scope.bindings = self.table.values
        self.scope.bound_under = self.table.guards
        if self.scope.kind in (facts.ScopeKind.MODULE, facts.ScopeKind.CLASS):
            reaching = ((name, self.env.lookup(name)) for name in self.scope.names)
            self.scope.final = {name: binding for name, binding in reaching if binding is not None}

    def block(self, body: Sequence[ast.stmt]) -> None:
        guard = self.table.guard
        for statement in body:
            visit = _VISIT.get(type(statement))
            if visit is not None:
                visit(self, statement)
        self.table.guard = guard

    def branch(
        self, body: Sequence[ast.stmt], narrowings: Sequence[tuple[ast.expr, bool]] = (), guard: int | None = None
    ) -> Environment:
        """Read `body` on a path of its own, under a test of its own if there is one; gives where that path ends."""
        outer, outer_guard = self.env, self.table.guard
        self.env = outer.branch()
        self.table.guard = outer_guard if guard is None else guard
        for test, holds in narrowings:
            self.narrow(test, holds)
        self.block(body)
        end, self.env, self.table.guard = self.env, outer, outer_guard
        return end

    # --------------------------------------------------------------------------------------------------- simple statements

    def expression(self, node: ast.Expr) -> None:
        value = node.value
        if type(value) is ast.Call:
            self.call(value, Flag.DISCARDED)
        elif type(value) is not ast.Constant:
            self.expr(value)

    def assignment(self, node: ast.Assign) -> None:
        record = record_class(node)
        if record is not None:
            self.class_def(record)
            return
        value = self.expr(node.value)
        for target in node.targets:
            self.target(target, value)

    def annotated(self, node: ast.AnnAssign) -> None:
        kind = annotation(self.unit, node.annotation)
        if node.value is None:
            value = None
        elif isinstance(kind, (facts.Name, facts.Attribute)) and last_word(kind) == "TypeAlias":
            value = annotation(self.unit, node.value)
        else:
            value = self.expr(node.value)
        declared = facts.Declared(kind, value)
        self.target(node.target, declared)

    def augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        if isinstance(target, ast.Subscript):
            container = self.expr(target.value)
            self.expr(target.slice)
            self.operate(target, container, "__getitem__")
            self.expr(node.value)
            self.operate(target, container, "__setitem__")
            return
        old = self.expr(ast.copy_location(as_load(target), target))
        right = self.expr(node.value)
        if isinstance(target, ast.Name):
            value = facts.Operation("add", old, right) if isinstance(node.op, ast.Add) else old
            self.assign(target.id, value)
        elif isinstance(old, facts.Attribute):
            self.write(target, old.value, old.name, None)

    def delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.assign(target.id, UNKNOWN)
            elif isinstance(target, ast.Subscript):
                container = self.expr(target.value)
                self.expr(target.slice)
                self.operate(target, container, "__delitem__")
            elif isinstance(target, ast.Attribute):
                self.expr(target.value)

    def returned(self, node: ast.Return) -> None:
        value = facts.Constant("NoneType", None) if node.value is None else self.expr(node.value)
        if not self.env.dead:
            self.scope.returned.append(value)
        self.env.dead = True

    def raised(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.expr(part)
        self.env.dead = True

    def asserted(self, node: ast.Assert) -> None:
        self.expr(node.test)
        test = test_of(self, node.test)
        self.narrow(node.test, True)
        if node.msg is not None:
            end = self.branch([ast.copy_location(ast.Expr(node.msg), node)], guard=under(self, test, False))
            end.dead = True
            self.env.merge([self.env.branch(), end])
        self.table.guard = under(self, test, True, otherwise_fails=True)

    def outer_names(self, node: ast.Global | ast.Nonlocal) -> None:
        self.outer.update(dict.fromkeys(node.names, isinstance(node, ast.Global)))

    def imported(self, node: ast.Import) -> None:
        for alias in node.names:
            self.unit.facts.imports.append(alias.name)
            if alias.asname:
                self.assign(alias.asname, facts.Imported(alias.name, 0, ""))
            else:
                top = alias.name.partition(".")[0]
                self.assign(top, facts.Imported(top, 0, ""))

    def imported_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level == 0:
            self.unit.facts.imports.append(module)
        for alias in node.names:
            if alias.name == "*":
                self.unit.facts.star_imports.append((module, node.level, len(self.table.values)))
            else:
                self.assign(alias.asname or alias.name, facts.Imported(module, node.level, alias.name))

    def type_alias(self, node: Any) -> None:  # ast.TypeAlias, which Python has from 3.12 on
        self.assign(node.name.id, facts.AliasStatement(annotation(self.unit, node.value)))

    # ------------------------------------------------------------------------------------------------- compound statements

    def if_(self, node: ast.If) -> None:
        static = self.unit.static_test(node.test)
        if static in ("type-checking", "not-type-checking"):
            typed, run = (node.body, node.orelse) if static == "type-checking" else (node.orelse, node.body)
            muted, self.muted = self.muted, True
            self.block(typed)
            self.muted = muted
            self.env.merge([self.env.branch(), self.branch(run)])
            return
        if isinstance(static, bool) and not self.unit.stub:
            muted, self.muted = self.muted, True
            self.branch(node.orelse if static else node.body)
            self.muted = muted
            self.env.merge([self.branch(node.body if static else node.orelse)])
            return
        if isinstance(static, bool):
            # Stubs only: the branch for other versions comes first, so that what it alone defines is still known.
            for block in (node.orelse, node.body) if static else (node.body, node.orelse):
                self.block(block)
            return
        self.expr(node.test)
        test = test_of(self, node.test)
        flags = self.flags
        self.flags = flags | Flag.MAIN if static == "main" else flags
        body = self.branch(node.body, [(node.test, True)], under(self, test, True))
        self.flags = flags | Flag.MAIN if static == "not-main" else flags
        orelse = self.branch(node.orelse, [(node.test, False)], under(self, test, False))
        self.flags = flags
        self.env.merge([body, orelse])
        if body.dead is not orelse.dead:
            ended = node.body if body.dead else node.orelse
            fails = isinstance(ended[-1], ast.Raise)
            self.table.guard = under(self, test, orelse.dead, otherwise_fails=fails)  # what follows runs after the other branch

    def loop(self, head_first: Callable[[], None], node: ast.While | ast.For | ast.AsyncFor, *, endless: bool) -> None:
        """Read a loop; `head_first` reads what each turn begins with."""
        outer, breaks, continues, flags = self.env, self.breaks, self.continues, self.flags
        head = outer.branch(loop_head=True)
        self.env, self.breaks, self.continues, self.flags = head.branch(), [], [], inside(flags, node)
        head_first()
        self.block(node.body)
        self.flags = flags
        head.close_loop([self.env, *self.continues])
        ends = self.breaks
        self.breaks, self.continues = breaks, continues
        self.env = head
        exhausted = self.branch(node.orelse, [(node.test, False)] if isinstance(node, ast.While) else ())
        exhausted.dead = exhausted.dead or endless
        self.env = outer
        outer.merge([exhausted, *ends])

    def while_(self, node: ast.While) -> None:
        def head() -> None:
            self.expr(node.test)
            self.narrow(node.test, True)

        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        if isinstance(node.test, ast.Constant) and not node.test.value:
            muted, self.muted = self.muted, True
            self.branch(node.body)
            self.muted = muted
            self.block(node.orelse)
            return
        self.loop(head, node, endless=endless)

    def for_(self, node: ast.For | ast.AsyncFor) -> None:
        iterable = self.expr(node.iter)
        asynchronous = isinstance(node, ast.AsyncFor)
        self.iterate(node.iter, iterable, Flag.ASYNC if asynchronous else Flag.NONE)
        self.loop(lambda: self.target(node.target, facts.Element(iterable, asynchronous)), node, endless=False)

    def break_(self, node: ast.Break) -> None:
        self.breaks.append(self._leave())

    def continue_(self, node: ast.Continue) -> None:
        self.continues.append(self._leave())

    def _leave(self) -> Environment:
        end = self.env.branch()
        self.env.dead = True
        return end

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        asynchronous = isinstance(node, ast.AsyncWith)
        for item in node.items:
            manager = self.expr(item.context_expr)
            if not self.muted and not self.env.dead:
                where = self.where(item.context_expr, Flag.ASYNC if asynchronous else Flag.NONE)
                self.scope.sites.append(facts.Enter(*where, manager, self.unit.place(node)[2]))
            if item.optional_vars is not None:
                self.target(item.optional_vars, facts.Entered(manager, asynchronous))
        before_dead = self.env.dead
        body = self.branch(node.body)
        if body.dead and not before_dead:  # the context manager may swallow what was raised
            body.dead = False
            self.env.merge([body, self.env.branch()])
        else:
            self.env.merge([body])

    def try_(self, node: ast.Try) -> None:
        before = self.env.branch()
        first_site = len(self.scope.sites)
        body = self.branch(node.body)
        failed = failure_of(self, node, first_site)
        was_dead, body.dead = body.dead, False
        interrupted = self.env.branch()
        interrupted.merge([before, body])
        body.dead = was_dead
        ends: list[Environment] = []
        for handler in node.handlers:
            outer, self.env = self.env, interrupted.branch()
            guard, self.table.guard = self.table.guard, under(self, failed, True)
            if handler.type is not None:
                self.expr(handler.type)
                if handler.name:
                    self.assign(handler.name, facts.Caught(annotation(self.unit, handler.type)))
            flags, self.flags = self.flags, self.flags | Flag.HANDLER
            self.block(handler.body)
            ends.append(self.env)
            self.env, self.table.guard, self.flags = outer, guard, flags
        outer, self.env = self.env, body
        self.block(node.orelse)
        only_after_failure = self.env.dead and not all(end.dead for end in ends)
        ends.append(self.env)
        self.env = outer
        if node.finalbody:
            # The last block runs however the others end, so it is read once as if all could lead to it.
            all_dead = all(end.dead for end in ends) and not outer.dead
            joined = outer.branch()
            joined.merge([*ends, interrupted])
            joined.dead = outer.dead
            self.env = joined
            self.block(node.finalbody)
            joined.dead = joined.dead or all_dead
            self.env = outer
            outer.merge([joined])
        else:
            outer.merge(ends)
        if only_after_failure:
            self.table.guard = under(self, failed, True)

    def match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        ends = [] if any(matches_all(case) for case in node.cases) else [self.env.branch()]
        for case in node.cases:
            outer, self.env = self.env, self.env.branch()
            name = node.subject.id if isinstance(node.subject, ast.Name) else None
            self._pattern(case.pattern, subject, name)
            if case.guard is not None:
                self.expr(case.guard)
            self.block(case.body)
            ends.append(self.env)
            self.env = outer
        self.env.merge(ends)

    def _pattern(self, pattern: ast.pattern, subject: Expr, name: str | None) -> None:
        """Bind what a pattern captures; `name` is the variable that is matched, where it is one."""
        if isinstance(pattern, ast.MatchClass):
            test = annotation(self.unit, pattern.cls)
            narrowed = facts.Narrowed(subject, test, True)
            if name is not None:
                self.env.bind(name, self.table.add(narrowed))
            for inner in pattern.patterns:
                self._pattern(inner, UNKNOWN, None)
            for attribute, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns):
                self._pattern(inner, facts.Attribute(narrowed, attribute), None)
        elif isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None:
                self._pattern(pattern.pattern, subject, pattern.name)
            if pattern.name is not None:
                narrow = isinstance(pattern.pattern, ast.MatchClass)
                test = annotation(self.unit, pattern.pattern.cls) if isinstance(pattern.pattern, ast.MatchClass) else UNKNOWN
                self.assign(pattern.name, facts.Narrowed(subject, test, True) if narrow else subject)
        else:
            for field in ("patterns", "kwd_patterns"):
                for inner in getattr(pattern, field, ()):
                    self._pattern(inner, UNKNOWN, None)
            rest = getattr(pattern, "rest", None) or getattr(pattern, "name", None)
            if rest is not None:
                self.assign(rest, UNKNOWN)

    # --------------------------------------------------------------------------------------------------------- definitions

    def function_def(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.assign(node.name, facts.FunctionRef(self.unit.function(self, node)))

    def class_def(self, node: ast.ClassDef) -> None:
        self.assign(node.name, facts.ClassRef(self.unit.class_(self, node)))


_VISIT: dict[type[ast.stmt], Callable[..., None]] = {
    ast.Expr: ScopeBuilder.expression,
    ast.Assign: ScopeBuilder.assignment,
    ast.AnnAssign: ScopeBuilder.annotated,
    ast.AugAssign: ScopeBuilder.augmented,
    ast.Delete: ScopeBuilder.delete,
    ast.Return: ScopeBuilder.returned,
    ast.Raise: ScopeBuilder.raised,
    ast.Assert: ScopeBuilder.asserted,
    ast.Global: ScopeBuilder.outer_names,
    ast.Nonlocal: ScopeBuilder.outer_names,
    ast.Import: ScopeBuilder.imported,
    ast.ImportFrom: ScopeBuilder.imported_from,
    ast.If: ScopeBuilder.if_,
    ast.While: ScopeBuilder.while_,
    ast.For: ScopeBuilder.for_,
    ast.AsyncFor: ScopeBuilder.for_,
    ast.Break: ScopeBuilder.break_,
    ast.Continue: ScopeBuilder.continue_,
    ast.With: ScopeBuilder.with_,
    ast.AsyncWith: ScopeBuilder.with_,
    ast.Try: ScopeBuilder.try_,
    ast.Match: ScopeBuilder.match,
    ast.FunctionDef: ScopeBuilder.function_def,
    ast.AsyncFunctionDef: ScopeBuilder.function_def,
    ast.ClassDef: ScopeBuilder.class_def,
}
for _name, _visit in (("TryStar", ScopeBuilder.try_), ("TypeAlias", ScopeBuilder.type_alias)):
    if hasattr(ast, _name):
        _VISIT[getattr(ast, _name)] = _visit
