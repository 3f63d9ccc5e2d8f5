"""How astroid comes to a value, and whether what it says can be relied on.

astroid reads a list or dict as it is written, whatever is put into it later, takes a decorated function for the bare one, and a
method for the one that no subclass overrides. That is good enough for hints, not for a verdict: what a value hangs on is followed
here, and everything that is not one of the forms below makes it doubtful. So does an annotation: the engine goes by those.
"""

from __future__ import annotations

from collections.abc import Iterable

from astroid import bases, nodes
from astroid.exceptions import AstroidError

_FARTHEST = 40
"""How many expressions one value may hang on."""

_PROPERTIES = frozenset(("property", "cached_property"))
_DECORATORS = _PROPERTIES | {"staticmethod", "classmethod", "cache", "lru_cache"}
"""Those that leave a function's result what it is, by their last word."""


class Derivation:
    """What one value hangs on. attributes: the names of those that it was read from."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self._seen: set[nodes.NodeNG] = set()

    def relies_on(self, node: object) -> bool:
        """Whether an expression has the value that astroid infers, as far as can be told."""
        if not isinstance(node, nodes.NodeNG) or len(self._seen) >= _FARTHEST:
            return False
        if node in self._seen:
            return True
        self._seen.add(node)
        try:
            return self._expression(node)
        except AstroidError:
            return False

    def _all(self, items: Iterable[object]) -> bool:
        return all(self.relies_on(item) for item in items)

    def _expression(self, node: nodes.NodeNG) -> bool:
        if isinstance(node, (nodes.Const, nodes.Lambda)):
            return True
        if isinstance(node, nodes.Name):
            return self._name(node)
        if isinstance(node, nodes.Attribute):
            return self._attribute(node)
        if isinstance(node, nodes.Call):
            return self._call(node)
        if isinstance(node, nodes.IfExp):
            return self._all([node.body, node.orelse])
        if isinstance(node, (nodes.Tuple, nodes.List, nodes.Set)):
            return self._all(node.elts)
        if isinstance(node, nodes.Dict):
            return self._all(part for item in node.items for part in item)
        if isinstance(node, nodes.Subscript):
            immutable = all(isinstance(value, (nodes.Tuple, nodes.Const)) for value in node.value.infer())
            return immutable and self._all([node.value, node.slice])
        return isinstance(node, nodes.BinOp) and self._all([node.left, node.right])

    def _name(self, node: nodes.Name) -> bool:
        scope, bindings = node.lookup(node.name)
        if not bindings or len(bindings) != len(scope.locals[node.name]):
            return False  # astroid leaves some out, by an order of statements that loops and exceptions do not keep
        if isinstance(scope, nodes.FunctionDef) and any(node.name in item.names for item in scope.nodes_of_class(nodes.Nonlocal)):
            return False
        return all(self._binding(binding, node.name) for binding in bindings)

    def _binding(self, node: object, name: str) -> bool:
        """Whether a place that gives a name its value does so by a form that astroid gets right."""
        if isinstance(node, (nodes.FunctionDef, nodes.ClassDef, nodes.Module, nodes.Import, bases.UnboundMethod)):
            return True
        if isinstance(node, nodes.Arguments):
            return True  # what a call passes is looked at where it stands; without a call astroid knows nothing
        if isinstance(node, nodes.ImportFrom):
            origin = node.do_import_module()
            real = node.real_name(name)
            return all(self._binding(item, real) for item in origin.getattr(real) if item is not node)
        if isinstance(node, (nodes.AssignName, nodes.AssignAttr)):
            statement = node.parent
            if isinstance(statement, nodes.Arguments):
                return True
            return isinstance(statement, (nodes.Assign, nodes.NamedExpr)) and self.relies_on(statement.value)
        return self.relies_on(node)  # `type(name, bases, {...})` binds expressions

    def _attribute(self, node: nodes.Attribute) -> bool:
        return self.relies_on(node.expr) and self._member(node.expr, node.attrname)

    def _member(self, value: nodes.NodeNG, name: str) -> bool:
        """Whether an attribute of a value is what astroid takes it for."""
        self.attributes.add(name)
        return all(self._member_of(owner, name) for owner in value.infer())

    def _member_of(self, owner: object, name: str) -> bool:
        """The same of one of the things that the value can be. astroid passes over those that have no such attribute."""
        if isinstance(owner, nodes.Const) and owner.value is None:
            return True  # whoever reads it there fails
        if not isinstance(owner, (bases.Instance, nodes.ClassDef, nodes.Module)):
            return False
        for place in owner.getattr(name):
            is_property = isinstance(place, nodes.FunctionDef) and not _PROPERTIES.isdisjoint(_decorators(place))
            if not (self._result(place) if is_property else self._binding(place, name)):
                return False
        return True

    def _call(self, node: nodes.Call) -> bool:
        passed = [*node.args, *(keyword.value for keyword in node.keywords)]
        if _is_on_receiver(node.func) or not self._all([node.func, *passed]):
            return False
        return all(self._result(callee, node) for callee in node.func.infer())

    def _result(self, callee: object, call: nodes.Call | None = None) -> bool:
        """Whether what a function gives is what astroid makes of it."""
        if isinstance(callee, bases.UnboundMethod):
            callee = callee.frame()
        if isinstance(callee, nodes.ClassDef):
            return True
        if not isinstance(callee, nodes.FunctionDef) or isinstance(callee, nodes.AsyncFunctionDef) or callee.is_generator():
            return False
        if callee.root().name == "builtins":
            return callee.name == "getattr" and call is not None and self._getattr(call)
        if callee.returns is not None or not _DECORATORS.issuperset(_decorators(callee)):
            return False
        returned = [item.value for item in callee.nodes_of_class(nodes.Return, skip_klass=(nodes.Lambda, nodes.ClassDef))]
        return bool(returned) and self._all(returned)

    def _getattr(self, call: nodes.Call) -> bool:
        """`getattr(value, "name")`. With a default, nobody expects that the attribute is where one can see it."""
        if len(call.args) != 2:
            return False
        value, name = call.args
        names = [item.value if isinstance(item, nodes.Const) else None for item in name.infer()]
        return all(isinstance(item, str) and self._member(value, item) for item in names)


def _is_on_receiver(function: nodes.NodeNG) -> bool:
    """Whether a method is called on `self` or `cls`: which one runs hangs on the class that derives."""
    if not isinstance(function, nodes.Attribute) or not isinstance(function.expr, nodes.Name):
        return False
    scope = function.scope()
    parameters = (scope.args.args or []) if isinstance(scope, nodes.FunctionDef) and scope.is_method() else []
    return bool(parameters) and parameters[0].name == function.expr.name


def _decorators(function: nodes.FunctionDef) -> set[str]:
    """The last words of a function's decorators."""
    decorators = function.decorators.nodes if function.decorators is not None else []
    called = [decorator.func if isinstance(decorator, nodes.Call) else decorator for decorator in decorators]
    return {str(decorator.as_string()).rpartition(".")[2] for decorator in called}
