"""One pass over a syntax tree: the facts of a module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

import msgspec

from nosyncio.analysis import facts
from nosyncio.analysis.annotations import annotation
from nosyncio.analysis.comments import linter_comments
from nosyncio.analysis.facts import Expr, Flag, ModuleFacts, ParameterFacts, ParameterKind, Place, Scope, ScopeKind
from nosyncio.analysis.outline import Cut
from nosyncio.analysis.source import Source, TooDeep
from nosyncio.analysis.statements import ScopeBuilder
from nosyncio.analysis.syntax import constant

if TYPE_CHECKING:
    from nosyncio.analysis.expressions import ExpressionBuilder

STUB_VERSION = (3, 14)
"""The Python whose view of typeshed is used. Names that only other versions have are known, too."""

OLDEST_VERSION = (3, 10)
"""The oldest Python that is maintained (devguide.python.org/versions): code for older ones is taken not to run."""


def build(source: Source, *, stub: bool = False) -> ModuleFacts:
    """The facts of a module. In a `stub`, tests of version and platform are decided. Raises TooDeep where the nesting is
    deeper than this Python's stack."""
    try:
        return ModuleBuilder(source, stub=stub).run()
    except RecursionError:
        raise TooDeep from None


class NotRead(msgspec.Struct, frozen=True, array_like=True):
    """A function or class whose body is to be read later: its number among the scopes, how many of those behind it are reserved
    for what stands in it, the line that it starts in, and its text. muted: it stands where nothing runs. header: where that ends
    in the text, if its signature is to be read later, too. names: what names are that stand there as defaults. is_class; flags:
    what is said of all sites in a class's body."""

    number: int
    scopes: int
    line: int
    text: str
    muted: bool
    header: int = 0
    names: dict[str, Expr] = {}
    is_class: bool = False
    flags: int = Flag.NONE


Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Defaults(Protocol):
    """Reads what the parameters of a function are by default, in the scope around it."""

    def expr(self, node: ast.expr) -> Expr:
        """The facts of one expression."""


class _NamesAndLiterals(NamedTuple):
    """Reads defaults that are names or literals, where it is known what the names are."""

    names: dict[str, Expr]

    def expr(self, node: ast.expr) -> Expr:
        if isinstance(node, ast.Constant):
            return constant(node)
        return self.names.get(node.id, facts.UNKNOWN) if isinstance(node, ast.Name) else facts.UNKNOWN


_RESERVED = Scope(ScopeKind.LAMBDA, "", -1, (1, 1, 1, 1))
"""Stands in the place of a scope that a body may have."""


class ModuleBuilder:
    """Holds what the builders of a module's scopes share. left: what was cut out of the source."""

    def __init__(self, source: Source, *, stub: bool, cuts: Mapping[int, Cut] | None = None) -> None:
        """`cuts`: what was cut out of the source, by line in it; None for code under check."""
        self.source = source
        self.stub = stub
        self._has_comments = not stub and cuts is None
        self.left: list[NotRead] = []
        self._cuts = cuts or {}
        self._reserved: Iterator[int] = iter(())
        self.scopes: list[Scope] = []
        self.facts = ModuleFacts(self.scopes, [], [], [], source.text.count("\n") + 1)
        self._lines = None if source.text.isascii() else source.text.split("\n")

    def run(self) -> ModuleFacts:
        index = self._add(Scope(ScopeKind.MODULE, "", -1, (1, 1, self.facts.lines, 1)))
        ScopeBuilder(self, index).run(self.source.tree.body)
        body = self.source.tree.body
        code = body[1:] if ast.get_docstring(self.source.tree, clean=False) is not None else body
        self.facts.head = code[0].lineno if code else self.facts.lines + 1
        self.facts.exports = _exports(body)
        self.facts.imports = sorted(set(self.facts.imports))
        if self._has_comments:
            self.facts.comments = linter_comments(self.source.text)
        return self.facts

    def resume(self, scopes: list[Scope], item: NotRead, node: Definition) -> None:
        """Read the body of a function or class that was left out when the `scopes` of its module were made."""
        self.scopes = scopes
        self._reserved = iter(range(item.number + 1, item.number + 1 + item.scopes))
        place = scopes[item.number].place = self.place(node)
        if item.header and not isinstance(node, ast.ClassDef):
            self.sign(scopes[item.number], item, node)
        for around in self._around(item.number):
            around.place = (*around.place[:2], *max(around.place[2:], place[2:]))
        if isinstance(node, ast.ClassDef):
            self._read_class(item.number, node.body, muted=item.muted, flags=item.flags)
        else:
            self._read(item.number, node.body, muted=item.muted)

    def sign(self, scope: Scope, item: NotRead, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Read the signature of a function that was left out."""
        scope.parameters = self._parameters(_NamesAndLiterals(item.names), node.args)
        scope.returns = None if node.returns is None else annotation(self, node.returns)

    def _around(self, number: int) -> Iterator[Scope]:
        """The scopes around one, but for the module."""
        while self.scopes[number].parent > 0:
            number = self.scopes[number].parent
            yield self.scopes[number]

    def _add(self, scope: Scope, outer: ExpressionBuilder | None = None) -> int:
        scope.is_main = outer is not None and bool(outer.flags & Flag.MAIN)
        number = next(self._reserved, len(self.scopes))
        self.scopes[number : number + 1] = [scope]
        return number

    def place(self, node: ast.expr | ast.stmt) -> Place:
        """Where a node stands, with columns in characters (the tree counts bytes)."""
        line, end_line, above = node.lineno, node.end_lineno or node.lineno, self.source.above
        end_column = node.end_col_offset or node.col_offset
        if self._lines is None:
            return (line + above, node.col_offset + 1, end_line + above, end_column + 1)
        return (line + above, self._column(line, node.col_offset), end_line + above, self._column(end_line, end_column))

    def _column(self, line: int, offset: int) -> int:
        text = self._lines[line - 1] if self._lines is not None and line <= len(self._lines) else ""
        return len(text.encode()[:offset].decode(errors="ignore")) + 1 if not text.isascii() else offset + 1

    # ---------------------------------------------------------------------------------------------------------- definitions

    def function(self, outer: ExpressionBuilder, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        """Read a function. Its decorators and defaults run in the scope around it."""
        decorators = outer.exprs(node.decorator_list)
        cut = self._cuts.get(node.lineno)
        if cut is not None and cut.header:
            scope = Scope(ScopeKind.FUNCTION, node.name, outer.index, self.place(node), decorators=decorators)
            scope.is_async = isinstance(node, ast.AsyncFunctionDef)
            return self._leave(outer, scope, cut, {name.id: outer.expr(name) for name in _kept_names(node)})
        parameters = self._parameters(outer, node.args)
        scope = Scope(ScopeKind.FUNCTION, node.name, outer.index, self.place(node))
        scope.decorators = decorators
        scope.parameters = parameters
        scope.returns = None if node.returns is None else annotation(self, node.returns)
        scope.is_async = isinstance(node, ast.AsyncFunctionDef)
        scope.type_parameters = self._type_parameters(node)
        return self._body(outer, scope, node.body) if cut is None else self._leave(outer, scope, cut, {})

    def _leave(self, outer: ExpressionBuilder, scope: Scope, cut: Cut, names: dict[str, Expr]) -> int:
        index = self._add(scope, outer)
        muted = outer.muted or outer.env.dead
        is_class, line = scope.kind is ScopeKind.CLASS, cut.line + self.source.above
        flags = outer.flags if is_class else Flag.NONE
        self.left.append(NotRead(index, cut.scopes, line, cut.text, muted, cut.header, names, is_class, flags))
        for _ in range(cut.scopes):  # those behind it, as nothing else has taken them
            if next(self._reserved, None) is None:
                self.scopes.append(_RESERVED)
        return index

    def lambda_(self, outer: ExpressionBuilder, node: ast.Lambda) -> int:
        scope = Scope(ScopeKind.LAMBDA, "<lambda>", outer.index, self.place(node))
        scope.parameters = self._parameters(outer, node.args)
        return self._body(outer, scope, [ast.copy_location(ast.Return(node.body), node.body)])

    def _body(self, outer: ExpressionBuilder, scope: Scope, body: Sequence[ast.stmt]) -> int:
        index = self._add(scope, outer)
        self._read(index, body, muted=outer.muted or outer.env.dead)
        return index

    def _read(self, index: int, body: Sequence[ast.stmt], *, muted: bool) -> None:
        builder = ScopeBuilder(self, index)
        builder.muted = muted
        for position, parameter in enumerate(self.scopes[index].parameters):
            builder.assign(parameter.name, facts.Parameter(position))
        builder.run(body)

    def class_(self, outer: ExpressionBuilder, node: ast.ClassDef) -> int:
        """Read a class. Its body runs where it stands."""
        scope = Scope(ScopeKind.CLASS, node.name, outer.index, self.place(node))
        scope.decorators = outer.exprs(node.decorator_list)
        scope.bases = outer.exprs(node.bases)
        scope.keywords = tuple(facts.Keyword(word.arg or "", outer.expr(word.value)) for word in node.keywords)
        scope.type_parameters = self._type_parameters(node)
        cut = self._cuts.get(node.lineno)
        if cut is not None:
            return self._leave(outer, scope, cut, {})
        index = self._add(scope, outer)
        self._read_class(index, node.body, muted=outer.muted or outer.env.dead, flags=outer.flags)
        return index

    def _read_class(self, index: int, body: Sequence[ast.stmt], *, muted: bool, flags: int) -> None:
        builder = ScopeBuilder(self, index)
        builder.muted, builder.flags = muted, flags
        builder.run(body)

    def _parameters(self, outer: Defaults, node: ast.arguments) -> tuple[ParameterFacts, ...]:
        positional = [*node.posonlyargs, *node.args]
        defaults: list[ast.expr | None] = [*[None] * (len(positional) - len(node.defaults)), *node.defaults]
        result: list[ParameterFacts] = []

        def add(argument: ast.arg, kind: ParameterKind, default: ast.expr | None) -> None:
            declared = None if argument.annotation is None else annotation(self, argument.annotation)
            value: Expr | None = None if default is None else outer.expr(default)
            result.append(ParameterFacts(argument.arg, kind, declared, value))

        for position, argument in enumerate(positional):
            only = position < len(node.posonlyargs)
            add(argument, ParameterKind.POSITIONAL_ONLY if only else ParameterKind.POSITIONAL_OR_KEYWORD, defaults[position])
        if node.vararg is not None:
            add(node.vararg, ParameterKind.VAR_POSITIONAL, None)
        for argument, default in zip(node.kwonlyargs, node.kw_defaults):
            add(argument, ParameterKind.KEYWORD_ONLY, default)
        if node.kwarg is not None:
            add(node.kwarg, ParameterKind.VAR_KEYWORD, None)
        return tuple(result)

    def _type_parameters(self, node: ast.stmt) -> dict[str, Expr | None]:
        bounds = ((parameter.name, getattr(parameter, "bound", None)) for parameter in getattr(node, "type_params", ()))
        return {name: None if bound is None else annotation(self, bound) for name, bound in bounds}

    # --------------------------------------------------------------------------------------------------------- static tests

    def static_test(self, node: ast.expr) -> Literal["main", "not-main", "type-checking", "not-type-checking"] | bool | None:
        """What is known of an `if`'s test without running it: one of the idioms, or its outcome."""
        if isinstance(node, ast.Constant):
            return bool(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.static_test(node.operand)
            return not inner if isinstance(inner, bool) else "not-type-checking" if inner == "type-checking" else None
        if isinstance(node, (ast.Name, ast.Attribute)):
            word = node.id if isinstance(node, ast.Name) else node.attr
            return "type-checking" if word == "TYPE_CHECKING" else None
        if isinstance(node, ast.BoolOp):
            return self._static_junction(node)
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        left, right = node.left, node.comparators[0]
        if {_word(left), _word(right)} == {"__name__", "'__main__'"} and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            return "main" if isinstance(node.ops[0], ast.Eq) else "not-main"
        if isinstance(left, ast.Attribute) and isinstance(left.value, ast.Name) and left.value.id == "sys":
            return _decide(left.attr, node.ops[0], right) if self.stub else _is_newer(left.attr, node.ops[0], right)
        return None

    def _static_junction(self, node: ast.BoolOp) -> Literal["main"] | bool | None:
        outcomes = [self.static_test(value) for value in node.values]
        if "main" in outcomes and isinstance(node.op, ast.And):
            return "main"
        decisive = isinstance(node.op, ast.Or)
        if any(outcome is decisive for outcome in outcomes):
            return decisive
        return (not decisive) if all(isinstance(outcome, bool) for outcome in outcomes) else None


def _kept_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Name]:
    """The names that an outline keeps of the defaults of a function."""
    for statement in node.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Tuple):
            yield from (name for name in statement.value.elts if isinstance(name, ast.Name))


def _word(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else repr(node.value) if isinstance(node, ast.Constant) else ""


def _decide(attribute: str, operator: ast.cmpop, right: ast.expr) -> bool | None:
    """The outcome of `sys.version_info >= (3, 12)` or `sys.platform == "win32"` for the typeshed view that is used."""
    try:
        value = ast.literal_eval(right)
    except ValueError:
        return None
    if attribute == "platform" and isinstance(value, str):
        return (value == "linux") is isinstance(operator, ast.Eq)
    if attribute == "version_info" and isinstance(value, tuple):
        if isinstance(operator, (ast.GtE, ast.Gt)):
            return value <= STUB_VERSION
        if isinstance(operator, (ast.Lt, ast.LtE)):
            return value > STUB_VERSION
    return None


def _is_newer(attribute: str, operator: ast.cmpop, right: ast.expr) -> bool | None:
    """The outcome of `sys.version_info < (3, 8)` in code that runs, where every Python that is still maintained agrees on it."""
    bound = _numbers(right)
    if attribute != "version_info" or bound is None or bound > OLDEST_VERSION:
        return None
    if isinstance(operator, (ast.GtE, ast.Gt)):
        return True
    return False if isinstance(operator, (ast.Lt, ast.LtE)) else None


def _numbers(node: ast.expr) -> tuple[int, ...] | None:
    """The numbers in a tuple of some; None for anything else."""
    parts = node.elts if isinstance(node, ast.Tuple) else ()
    numbers = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, int)]
    return tuple(numbers) if numbers and len(numbers) == len(parts) else None


def _exports(body: Sequence[ast.stmt]) -> list[str] | None:
    """The names in a module's `__all__`: what is assigned or added to it, in any branch of an `if`."""
    found: list[str] | None = None
    for statement in body:
        if isinstance(statement, ast.If):
            for inner in (statement.body, statement.orelse):
                more = _exports(inner)
                if more is not None:
                    found = [*(found or ()), *more]
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            found = [*(found or ()), *_listed(getattr(statement, "value", None))]
    return found


def _listed(value: ast.expr | None) -> Iterator[str]:
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        yield from _listed(value.left)
        yield from _listed(value.right)
    elif isinstance(value, (ast.List, ast.Tuple)):
        for item in value.elts:
            if isinstance(item, ast.Starred):
                yield from _listed(item.value)
            else:
                yield item.value if isinstance(item, ast.Constant) and isinstance(item.value, str) else facts.MORE
    elif isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.attr == "__all__":
        yield f"{value.value.id}.__all__"
    else:
        yield facts.MORE
