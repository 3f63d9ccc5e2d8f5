"""Expressions of one scope: from syntax to facts, noting each site that runs code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from nosyncio.analysis import facts
from nosyncio.analysis.annotations import annotation
from nosyncio.analysis.branches import test_of, under
from nosyncio.analysis.facts import UNKNOWN, Expr, Flag, Place
from nosyncio.analysis.flow import Bindings, Environment
from nosyncio.analysis.narrowing import dotted, forget, narrow
from nosyncio.analysis.syntax import constant

if TYPE_CHECKING:
    from nosyncio.analysis.build import ModuleBuilder

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.MatMult: "matmul", ast.Div: "truediv", ast.Mod: "mod",
    ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or", ast.BitXor: "xor", ast.BitAnd: "and",
    ast.FloorDiv: "floordiv",
}  # fmt: skip

_BOOL = facts.Constant("bool", None)
_STR = facts.Constant("str", None)


class ExpressionBuilder:
    """Turns expressions into facts in evaluation order. One per scope; statements come with the subclass that builds them.

    env: what names are bound to at this point.
    generator: the generator expression that is being read, or -1.
    muted: under `if TYPE_CHECKING:`, where nothing runs.
    outer: names declared `global` (True) or `nonlocal` (False).
    declared: annotations of this scope's variables.
    tested, paths: the attributes that tests narrow, with their bindings, and as they are written.
    """

    def __init__(self, unit: ModuleBuilder, index: int) -> None:
        self.unit = unit
        self.index = index
        self.scope = unit.scopes[index]
        self.table = Bindings()
        self.env = Environment(self.table)
        self.generator = -1
        self.muted = False
        self.flags: int = Flag.NONE
        self.outer: dict[str, bool] = {}
        self.declared: dict[str, Expr] = {}
        self.tested: dict[Expr, int] = {}
        self.paths: dict[str, None] = {}

    # ------------------------------------------------------------------------------------------------------------ bindings

    def assign(self, name: str, value: Expr) -> None:
        """Bind `name` in this scope to `value`."""
        if isinstance(value, facts.Declared):
            self.declared[name] = value.annotation
        elif name in self.declared:
            value = facts.Declared(self.declared[name], value, later=True)
        in_order = self.index == 0 and self.unit.facts.star_imports  # so that it shows which came first
        if isinstance(value, facts.Local) and not isinstance(self.table.values[value.binding], facts.Phi) and not in_order:
            binding = value.binding
        else:
            binding = self.table.add(value)
        self.env.bind(name, binding)
        if self.paths:
            forget(self, name)
        if name in self.outer:
            self.scope.outer_stores.append((name, binding, self.outer[name]))
        else:
            self.scope.names.setdefault(name, []).append(binding)

    def site(self, site: facts.Site) -> Expr:
        """Note a site; gives the expression for its value."""
        if self.muted or self.env.dead:
            return UNKNOWN
        self.scope.sites.append(site)
        return facts.Result(len(self.scope.sites) - 1)

    def where(self, node: ast.expr, flags: int = Flag.NONE) -> tuple[Place, int, int, int]:
        """What a site that stands at `node` says of its surroundings."""
        return self.unit.place(node), self.flags | flags, self.generator, self.table.guard

    # --------------------------------------------------------------------------------------------------------- expressions

    def expr(self, node: ast.expr) -> Expr:
        """The facts of one expression; its sites are noted on the way, in the order in which they run."""
        return _VISIT.get(type(node), _unknown)(self, node)

    def exprs(self, nodes: Sequence[ast.expr]) -> tuple[Expr, ...]:
        return tuple([_VISIT.get(type(node), _unknown)(self, node) for node in nodes])

    def name(self, node: ast.Name) -> Expr:
        # The order of a stub's statements says nothing: its names mean whatever the module binds them to.
        binding = None if self.unit.stub else self.env.lookup(node.id)
        return facts.Name(node.id) if binding is None else facts.Local(binding)

    def constant(self, node: ast.Constant) -> Expr:
        return constant(node)

    def attribute(self, node: ast.Attribute) -> Expr:
        value = self.expr(node.value)
        if not self.muted and not self.env.dead:
            self.scope.sites.append(facts.Read(*self.where(node), value, node.attr))
        narrowed = self.env.lookup(dotted(node)) if self.paths else None
        return facts.Attribute(value, node.attr) if narrowed is None else facts.Local(narrowed)

    def narrow(self, test: ast.expr, holds: bool) -> None:
        narrow(self, test, holds)

    def callee(self, node: ast.expr) -> Expr:
        if type(node) is ast.Attribute:
            return facts.Attribute(self.expr(node.value), node.attr)
        return self.expr(node)

    def call(self, node: ast.Call, flags: int = Flag.NONE) -> Expr:
        function = self.callee(node.func)
        if (
            node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(function, (facts.Name, facts.Attribute, facts.Local))
        ):
            arguments, keywords = self._after_literal(node)
        else:
            arguments, keywords = self.exprs(node.args), self.keywords(node)
        return self.site(facts.Call(*self.where(node, flags), function, arguments, keywords))

    def keywords(self, node: ast.Call) -> tuple[facts.Keyword, ...]:
        return tuple([facts.Keyword(keyword.arg or "", self.expr(keyword.value)) for keyword in node.keywords])

    def _after_literal(self, node: ast.Call) -> tuple[tuple[Expr, ...], tuple[facts.Keyword, ...]]:
        """The arguments of a call that begin with a literal: some that do are annotations, and may be quoted."""
        word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if word == "cast":
            return (annotation(self.unit, node.args[0]), *self.exprs(node.args[1:])), self.keywords(node)
        if word not in ("TypeVar", "NewType"):
            return self.exprs(node.args), self.keywords(node)
        arguments = (self.expr(node.args[0]), *(annotation(self.unit, item) for item in node.args[1:]))
        return arguments, tuple(facts.Keyword(item.arg or "", annotation(self.unit, item.value)) for item in node.keywords)

    def awaited(self, node: ast.Await) -> Expr:
        return facts.Awaited(self._under_await(node.value))

    def _under_await(self, node: ast.expr) -> Expr:
        if type(node) is ast.Call:
            return self.call(node, Flag.AWAITED)
        if type(node) is ast.IfExp:
            self.expr(node.test)
            return facts.Either((self._under_await(node.body), self._under_await(node.orelse)))
        if type(node) is ast.BoolOp:
            return facts.Either(tuple(self._under_await(value) for value in node.values))
        return self.expr(node)

    def subscript(self, node: ast.Subscript) -> Expr:
        value = self.expr(node.value)
        index = self.expr(node.slice)
        self.operate(node, value, "__getitem__")
        return facts.Subscript(value, index)

    def operate(self, node: ast.expr, value: Expr, method: str, key: Expr = UNKNOWN) -> None:
        """Note syntax that calls a special method of `value`."""
        if not self.muted and not self.env.dead:
            text = key.value if isinstance(key, facts.Constant) and isinstance(key.value, str) else ""
            self.scope.sites.append(facts.Operate(*self.where(node), value, method, text))

    def slice(self, node: ast.Slice) -> Expr:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.expr(part)
        return facts.Constant("slice", None)

    def binary(self, node: ast.BinOp) -> Expr:
        spine: list[ast.BinOp] = [node]
        while type(spine[-1].left) is ast.BinOp:
            spine.append(spine[-1].left)
        value = self.expr(spine[-1].left)
        for operation in reversed(spine):
            value = facts.Operation(_OPERATORS[type(operation.op)], value, self.expr(operation.right))
        return value

    def unary(self, node: ast.UnaryOp) -> Expr:
        value = self.expr(node.operand)
        if isinstance(node.op, ast.Not):
            return _BOOL
        if isinstance(node.op, ast.USub) and isinstance(value, facts.Constant) and isinstance(value.value, (int, float)):
            return facts.Constant(value.type_name, -value.value)
        return facts.Constant(value.type_name, None) if isinstance(value, facts.Constant) else UNKNOWN

    def boolean(self, node: ast.BoolOp) -> Expr:
        outer, guard = self.env, self.table.guard
        holds = isinstance(node.op, ast.And)
        values: list[Expr] = []
        for value in node.values:
            values.append(self.expr(value))
            self.table.guard = under(self, test_of(self, value), holds)
            self.env = self.env.branch()
            self.narrow(value, holds)
            if self.unit.static_test(value) is (not holds):
                self.env.dead = True  # what follows is never evaluated
        last = self.env
        outer.merge([outer.branch(), last])
        self.env, self.table.guard = outer, guard
        return values[-1] if holds else facts.Either(tuple(values))

    def conditional(self, node: ast.IfExp) -> Expr:
        outer, guard = self.env, self.table.guard
        self.expr(node.test)
        test = test_of(self, node.test)
        values, branches = [], []
        for holds, value in ((True, node.body), (False, node.orelse)):
            self.env, self.table.guard = outer.branch(), under(self, test, holds)
            self.narrow(node.test, holds)
            self.env.dead = self.env.dead or self.unit.static_test(node.test) is (not holds)
            values.append(self.expr(value))
            branches.append(self.env)
            self.table.guard = guard
        self.env, self.table.guard = outer, guard
        outer.merge(branches)
        return facts.Either(tuple(values))

    def compare(self, node: ast.Compare) -> Expr:
        self.expr(node.left)
        for operator, right in zip(node.ops, node.comparators):
            value = self.expr(right)
            if isinstance(operator, (ast.In, ast.NotIn)):
                self.operate(node, value, "__contains__")
        return _BOOL

    def named(self, node: ast.NamedExpr) -> Expr:
        value = self.expr(node.value)
        self.assign(node.target.id, value)
        return value

    def starred(self, node: ast.Starred) -> Expr:
        value = self.expr(node.value)
        self.iterate(node.value, value, Flag.NONE)
        return facts.Starred(value)

    def iterate(self, node: ast.expr, iterable: Expr, flags: int) -> None:
        """Note that `iterable`, which stands at `node`, is iterated."""
        if not self.muted and not self.env.dead:
            self.scope.sites.append(facts.Iterate(*self.where(node, flags), iterable))

    def display(self, node: ast.List | ast.Tuple | ast.Set) -> Expr:
        return facts.Display(type(node).__name__.lower(), self.exprs(node.elts))

    def dictionary(self, node: ast.Dict) -> Expr:
        keys = tuple([UNKNOWN if key is None else self.expr(key) for key in node.keys])
        values = self.exprs(node.values)
        merged = (value if key is not None else facts.Starred(value) for key, value in zip(node.keys, values))
        return facts.DictDisplay(keys, tuple(merged))

    def joined(self, node: ast.expr) -> Expr:
        for value in getattr(node, "values", ()):
            inner = getattr(value, "value", None)
            if isinstance(inner, ast.expr):
                self.expr(inner)
            specification = getattr(value, "format_spec", None)
            if specification is not None:
                self.joined(specification)
        return _STR

    def yielded(self, node: ast.Yield) -> Expr:
        value = UNKNOWN if node.value is None else self.expr(node.value)
        self.scope.yielded.append(value)
        self.scope.is_generator = True
        return UNKNOWN

    def yielded_from(self, node: ast.YieldFrom) -> Expr:
        value = self.expr(node.value)
        self.iterate(node.value, value, Flag.NONE)
        self.scope.yielded.append(facts.Element(value, False))
        self.scope.is_generator = True
        return UNKNOWN

    def function(self, node: ast.Lambda) -> Expr:
        return facts.FunctionRef(self.unit.lambda_(self, node))

    # ------------------------------------------------------------------------------------------------------ comprehensions

    def comprehension(self, node: Comprehension) -> Expr:
        outer, generator = self.env, self.generator
        first = node.generators[0]
        iterable = self.expr(first.iter)
        if isinstance(node, ast.GeneratorExp):
            self.scope.generators.append(UNKNOWN)
            self.generator = len(self.scope.generators) - 1
        mine = self.generator
        self.env = outer.branch()
        for clause in node.generators:
            if clause is not first:
                iterable = self.expr(clause.iter)
            flags = Flag.ASYNC if clause.is_async else Flag.NONE
            self.iterate(clause.iter, iterable, flags)
            self.target(clause.target, facts.Element(iterable, bool(clause.is_async)), local=True)
            for condition in clause.ifs:
                self.expr(condition)
                self.narrow(condition, True)
        if isinstance(node, ast.DictComp):
            key, value = self.expr(node.key), self.expr(node.value)
        else:
            key = value = self.expr(node.elt)
        self.env, self.generator = outer, generator
        if isinstance(node, ast.GeneratorExp):
            self.scope.generators[mine] = value
            return facts.GeneratorRef(mine)
        if isinstance(node, ast.DictComp):
            return facts.DictDisplay((key,), (value,))
        return facts.Display("list" if isinstance(node, ast.ListComp) else "set", (value,))

    def target(self, node: ast.expr, value: Expr, *, local: bool = False) -> None:
        """Assign `value` to a target. `local` names are a comprehension's own and do not belong to the scope."""
        if isinstance(node, ast.Name):
            if local:
                self.env.bind(node.id, self.table.add(value))
            else:
                self.assign(node.id, value)
        elif isinstance(node, (ast.Tuple, ast.List)):
            self._unpack(node, value, local=local)
        elif isinstance(node, ast.Starred):
            self.target(node.value, facts.Display("list", (facts.Element(value, False),)), local=local)
        elif isinstance(node, ast.Attribute):
            self.write(node, self.expr(node.value), node.attr, value)
            if self.paths:
                forget(self, dotted(node))
        elif isinstance(node, ast.Subscript):
            container = self.expr(node.value)
            key = self.expr(node.slice)
            self.operate(node, container, "__setitem__", key)

    def write(self, node: ast.expr, receiver: Expr, name: str, value: Expr | None) -> None:
        """Note that an attribute, which stands at `node`, is assigned."""
        if not self.muted and not self.env.dead:
            self.scope.sites.append(facts.Write(*self.where(node), receiver, name, value))

    def _unpack(self, node: ast.Tuple | ast.List, value: Expr, *, local: bool) -> None:
        if isinstance(value, facts.Display) and value.type_name != "set" and len(value.items) == len(node.elts):
            if not any(isinstance(item, facts.Starred) for item in value.items):
                if not any(isinstance(item, ast.Starred) for item in node.elts):
                    for item, part in zip(node.elts, value.items):
                        self.target(item, part, local=local)
                    return
        if not isinstance(value, facts.Element):  # what a loop gives is a sequence of its own; iterating that costs nothing
            self.iterate(node, value, Flag.NONE)
        starred = False
        for position, item in enumerate(node.elts):
            if isinstance(item, ast.Starred):
                starred = True
                self.target(item, value, local=local)
            else:
                index = position - len(node.elts) if starred else position
                self.target(item, facts.Unpacked(value, index), local=local)


def _unknown(builder: ExpressionBuilder, node: ast.expr) -> Expr:
    return UNKNOWN


_VISIT: dict[type[ast.AST], Callable[..., Expr]] = {
    ast.Name: ExpressionBuilder.name,
    ast.Constant: ExpressionBuilder.constant,
    ast.Attribute: ExpressionBuilder.attribute,
    ast.Call: ExpressionBuilder.call,
    ast.Await: ExpressionBuilder.awaited,
    ast.Subscript: ExpressionBuilder.subscript,
    ast.Slice: ExpressionBuilder.slice,
    ast.BinOp: ExpressionBuilder.binary,
    ast.UnaryOp: ExpressionBuilder.unary,
    ast.BoolOp: ExpressionBuilder.boolean,
    ast.IfExp: ExpressionBuilder.conditional,
    ast.Compare: ExpressionBuilder.compare,
    ast.NamedExpr: ExpressionBuilder.named,
    ast.Starred: ExpressionBuilder.starred,
    ast.List: ExpressionBuilder.display,
    ast.Tuple: ExpressionBuilder.display,
    ast.Set: ExpressionBuilder.display,
    ast.Dict: ExpressionBuilder.dictionary,
    ast.JoinedStr: ExpressionBuilder.joined,
    ast.Yield: ExpressionBuilder.yielded,
    ast.YieldFrom: ExpressionBuilder.yielded_from,
    ast.Lambda: ExpressionBuilder.function,
    ast.ListComp: ExpressionBuilder.comprehension,
    ast.SetComp: ExpressionBuilder.comprehension,
    ast.DictComp: ExpressionBuilder.comprehension,
    ast.GeneratorExp: ExpressionBuilder.comprehension,
}
if hasattr(ast, "TemplateStr"):
    _VISIT[ast.TemplateStr] = ExpressionBuilder.joined
