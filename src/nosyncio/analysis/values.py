"""What an expression evaluates to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nosyncio.analysis import facts
from nosyncio.analysis.circles import Circles
from nosyncio.analysis.displays import displayed
from nosyncio.analysis.facts import Expr, ParameterKind, ScopeKind
from nosyncio.analysis.types import (
    NEVER,
    NONE,
    CallableType,
    ClassType,
    Form,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    Module,
    NoneType,
    Reason,
    Special,
    Tuple,
    Type,
    Union,
    Unknown,
    alternatives,
    union,
)

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


class Values:
    """Evaluates expressions to types, each binding and call site once, as in `Circles`."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._reads = linker.reads
        self._circles = Circles(linker.reads)
        self._known = self._circles.known
        self.once = self._circles.once
        self._evaluate: dict[type[Any], Callable[[Frame, Any], Type]] = {
            facts.Name: lambda frame, node: self._kept(frame, node, lambda: linker.names.lookup(frame, node.id)),
            facts.Local: lambda frame, node: self.binding(frame, node.binding),
            facts.Attribute: self._attribute,
            facts.Result: self._result,
            facts.Awaited: lambda frame, node: linker.members.awaited(self.value(frame, node.value)),
            facts.Constant: self._constant,
            facts.Display: self._display,
            facts.DictDisplay: self._dict_display,
            facts.Subscript: self._subscript,
            facts.Operation: self._operation,
            facts.Either: self._either,
            facts.Element: lambda frame, node: linker.members.element(self.value(frame, node.iterable), node.asynchronous),
            facts.Entered: lambda frame, node: linker.members.entered(self.value(frame, node.manager), node.asynchronous),
            facts.Unpacked: self._unpacked,
            facts.Parameter: self._parameter,
            facts.Imported: lambda frame, node: linker.names.imported(frame.module, node),
            facts.FunctionRef: lambda frame, node: self.function(frame.module, node.scope),
            facts.ClassRef: lambda frame, node: ClassType(linker.names.class_symbol(frame.module, node.scope)),
            facts.GeneratorRef: self._generator,
            facts.Narrowed: self._narrowed,
            facts.Declared: self._declared,
            facts.Caught: lambda frame, node: linker.annotations.instance_of(self.value(frame, node.caught)),
            facts.Phi: self._phi,
            facts.Starred: lambda frame, node: self.value(frame, node.value),
            facts.AliasStatement: lambda frame, node: Form(linker.annotations.denoted(frame, node.annotation)),
            facts.Unknown: lambda frame, node: Unknown(Reason.EXPRESSION),
        }

    def value(self, frame: Frame, expr: Expr) -> Type:
        """The type of an expression of `frame`'s scope."""
        return self._evaluate[type(expr)](frame, expr)

    def binding(self, frame: Frame, binding: int) -> Type:
        """The type of one of a scope's bindings."""
        key = (frame, binding)
        known = self._known.get(key)
        if known is not None:
            self._reads.seen |= known[1]
            self._reads.seen |= frame.module.numbers
            return known[0]
        value = frame.scope.bindings[binding]
        stores = self._linker.stores_beside(frame.module).get((frame.number, binding), ())
        if stores:
            return self.once(key, lambda: self._shared(frame, value, stores))
        return self.once(key, lambda: self.value(frame, value))

    def _shared(self, frame: Frame, value: Expr, stores: Sequence[tuple[int, int]]) -> Type:
        """The type of a variable that functions inside assign, too."""
        if isinstance(value, facts.Declared):
            declared = self.declared(frame, value)
            if not isinstance(declared, Unknown):
                return declared
        given = [self.binding(Frame(frame.module, inner), stored) for inner, stored in stores]
        return union([self.value(frame, value), *given])

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is being worked out was asked for since the last settled value."""
        return self._circles.is_settled

    def literal(self, frame: Frame, expr: Expr) -> facts.Constant | None:
        """The literal that an expression stands for, through variables that are bound once."""
        for _ in range(8):
            if isinstance(expr, facts.Constant):
                return expr
            if isinstance(expr, facts.Declared) and expr.value is not None:
                expr = expr.value
            elif isinstance(expr, facts.Local):
                expr = frame.scope.bindings[expr.binding]
            elif isinstance(expr, facts.Name):
                scope = frame.module.facts.scopes[0]
                if expr.id not in scope.final or len(scope.names[expr.id]) != 1:
                    return None
                frame, expr = Frame(frame.module, 0), scope.bindings[scope.final[expr.id]]
            else:
                return None
        return None

    # ------------------------------------------------------------------------------------------------------------- variables

    def _phi(self, frame: Frame, node: facts.Phi) -> Type:
        """The union over all bindings that reach, through phis of phis; loops of phis are no obstacle."""
        bindings = frame.scope.bindings
        leaves: dict[int, None] = {}
        seen: set[int] = set()
        pending = list(reversed(node.bindings))
        while pending:
            binding = pending.pop()
            if binding in seen:
                continue
            seen.add(binding)
            value = bindings[binding]
            if isinstance(value, facts.Phi):
                pending.extend(reversed(value.bindings))
            else:
                leaves[binding] = None
        return union([self.binding(frame, leaf) for leaf in leaves])

    def _parameter(self, frame: Frame, node: facts.Parameter) -> Type:
        scope = frame.scope
        parameter = scope.parameters[node.index]
        symbol = self._linker.names.function_symbol(frame.module, frame.number)
        if node.index == 0 and symbol.owner is not None and scope.kind is ScopeKind.FUNCTION:
            receiver = self._linker.members.own_receiver(symbol)
            if receiver is not None:
                return receiver
        if parameter.annotation is not None:
            declared = self._linker.annotations.of_signature(frame, parameter.annotation)
            if parameter.kind is ParameterKind.VAR_POSITIONAL:
                return self._linker.classes.standard("builtins.tuple", declared)
            if parameter.kind is ParameterKind.VAR_KEYWORD:
                text = self._linker.classes.standard("builtins.str")
                return self._linker.classes.standard("builtins.dict", text, declared)
            return declared
        if parameter.default is not None:
            default = self.value(frame.outer, parameter.default)
            if not isinstance(default, (NoneType, Unknown)):
                return default
        return Unknown(Reason.PARAMETER, soft=True)

    def _declared(self, frame: Frame, node: facts.Declared) -> Type:
        if node.later and node.value is not None:
            value = self.value(frame, node.value)
            if not isinstance(value, Unknown) and NEVER not in getattr(value, "arguments", ()):  # not an empty display
                return value
        declared = self.declared(frame, node)
        if node.value is not None and frame.scope.kind is ScopeKind.FUNCTION:
            value = self.value(frame, node.value)
            if self._is_narrower(value, declared):
                return value
        return declared

    def declared(self, frame: Frame, node: facts.Declared) -> Type:
        """What an annotation says of a variable or attribute; what it is given, where the annotation says nothing."""
        form = self.value(frame, node.annotation)
        if isinstance(form, Special) and form.name in ("TypeAlias", "Final", "ClassVar") and not form.arguments:
            return Unknown(Reason.NO_VALUE) if node.value is None else self.value(frame, node.value)
        declared = self._linker.annotations.instance_of(form)
        if isinstance(declared, (Unknown, CallableType)) and node.value is not None:
            value = self.value(frame, node.value)
            return declared if isinstance(value, (Unknown, NoneType)) else value
        if isinstance(declared, Instance) and node.value is not None:
            if any(isinstance(argument, CallableType) for argument in declared.arguments):
                value = self.value(frame, node.value)
                if isinstance(value, Instance) and value.symbol is declared.symbol and NEVER not in value.arguments:
                    return value
        return declared

    def _is_narrower(self, value: Type, declared: Type) -> bool:
        """Whether what a variable is given says more than what it is declared as. Empty displays and `...` do not."""
        if isinstance(value, (Unknown, Union)) or value == self._linker.classes.standard("builtins.ellipsis"):
            return False
        if isinstance(value, NoneType):
            return isinstance(declared, Union)
        if isinstance(value, Instance) and value.arguments:
            return isinstance(declared, (Unknown, CallableType))
        return True

    def _narrowed(self, frame: Frame, node: facts.Narrowed) -> Type:
        value = self.value(frame, node.value)
        test = self.value(frame, node.test)
        if isinstance(test, NoneType):
            return NONE if node.holds else union(item for item in alternatives(value) if not isinstance(item, NoneType))
        wanted = [part for item in (test.items if isinstance(test, Tuple) else (test,)) for part in alternatives(item)]
        classes = [item.symbol for item in wanted if isinstance(item, ClassType)]
        if len(classes) != len(wanted) or not classes:
            return Unknown(Reason.UNKNOWN_CLASS) if node.holds else value
        derives = self._linker.classes.derives

        def matches(item: Type) -> bool:
            if isinstance(item, ClassType):
                return any(cls.qualified_name == "builtins.type" for cls in classes)
            return isinstance(item, Instance) and any(derives(item.symbol, cls) for cls in classes)

        if not node.holds:
            return union(item for item in alternatives(value) if not matches(item))
        kept = [item for item in alternatives(value) if matches(item)]
        return union(kept or [Instance(cls) for cls in classes])

    # ----------------------------------------------------------------------------------------------------------- definitions

    def function(self, module: Module, scope: int) -> Type:
        """A function as its decorators leave it."""
        symbol = self._linker.names.function_symbol(module, scope)
        if not symbol.frame.scope.decorators:
            return FunctionType(symbol)
        return self.once(("decorated", symbol), lambda: self._linker.calls.decorated(symbol))

    def returned(self, symbol: FunctionSymbol) -> Type:
        """What the body of a function without a return annotation returns, or yields."""
        scope = symbol.frame.scope

        def compute() -> Type:
            values = scope.yielded if scope.is_generator else scope.returned
            found = union([self.value(symbol.frame, value) for value in values])
            return NONE if found == NEVER and not values else found

        return self.once(("returned", symbol), compute)

    # ----------------------------------------------------------------------------------------------------------- expressions

    def _attribute(self, frame: Frame, node: facts.Attribute) -> Type:
        return self._kept(frame, node, lambda: self._linker.members.member(self.value(frame, node.value), node.name))

    def _kept(self, frame: Frame, node: Expr, compute: Callable[[], Type]) -> Type:
        """`compute()`, kept if it is settled: of what is asked often, and leads to itself only through a binding or a call."""
        key = (frame, node)
        known = self._known.get(key)
        reads = self._reads
        if known is not None:
            reads.seen |= known[1]
            return known[0]
        before = reads.begin()
        try:
            result = compute()
        finally:
            own = reads.end(before)
        if self._circles.is_settled:
            self._known[key] = (result, own)
        return result

    def _result(self, frame: Frame, node: facts.Result) -> Type:
        call = frame.scope.sites[node.site]
        if not isinstance(call, facts.Call):
            return Unknown(Reason.EXPRESSION)
        return self.once((frame, "result", node.site), lambda: self._linker.calls.result_of_site(frame, call))

    def _constant(self, frame: Frame, node: facts.Constant) -> Type:
        return NONE if node.type_name == "NoneType" else self._linker.classes.standard(f"builtins.{node.type_name}")

    def _display(self, frame: Frame, node: facts.Display) -> Type:
        items: list[Type] = []
        is_exact = node.type_name == "tuple"
        for item in node.items:
            value = self.value(frame, item)
            if isinstance(item, facts.Starred):
                is_exact = False
                value = self._linker.members.element(value, False)
            items.append(value)
        if is_exact:
            return Tuple(tuple(items))
        return self._linker.classes.standard(f"builtins.{node.type_name}", union(items))

    def _dict_display(self, frame: Frame, node: facts.DictDisplay) -> Type:
        keys: list[Type] = []
        values: list[Type] = []
        for key, value in zip(node.keys, node.values):
            given = self.value(frame, value)
            if not isinstance(value, facts.Starred):
                keys.append(self.value(frame, key))
                values.append(given)
                continue
            inside = self._linker.classes.as_base(given, "typing.Mapping") if isinstance(given, Instance) else None
            keys.append(inside[0] if inside else Unknown(Reason.MAPPING))
            values.append(inside[1] if inside else Unknown(Reason.MAPPING))
        return self._linker.classes.standard("builtins.dict", union(keys), union(values))

    def _subscript(self, frame: Frame, node: facts.Subscript) -> Type:
        shown = displayed(self._linker, frame, node)
        if shown is not None:
            return self.value(*shown)
        value = self.value(frame, node.value)
        if isinstance(value, (ClassType, Special)):
            return self._linker.annotations.subscripted(frame, value, node.index)
        if isinstance(value, Form):
            return self._linker.annotations.alias_subscripted(frame, value, node.index)
        if isinstance(value, (Tuple, Union)):
            return union([self._item(frame, item, node.index) for item in alternatives(value)])
        return self._item(frame, value, node.index)

    def _item(self, frame: Frame, value: Type, index: Expr) -> Type:
        found = self._linker.members.item(value, self.literal(frame, index))
        return self._linker.calls.method(value, "__getitem__", [(frame, index)]) if found is None else found

    def _operation(self, frame: Frame, node: facts.Operation) -> Type:
        left = self.value(frame, node.left)
        if node.operator == "or" and isinstance(left, (ClassType, Special, Form, NoneType)):
            return Form(self._linker.annotations.denoted(frame, node))
        result = self._linker.calls.method(left, f"__{node.operator}__", [(frame, node.right)])
        if not isinstance(result, Unknown):
            return result
        right = self.value(frame, node.right)
        reflected = self._linker.calls.method(right, f"__r{node.operator}__", [(frame, node.left)])
        return result if isinstance(reflected, Unknown) else reflected

    def _either(self, frame: Frame, node: facts.Either) -> Type:
        return union([self.value(frame, value) for value in node.values])

    def _unpacked(self, frame: Frame, node: facts.Unpacked) -> Type:
        value = self.value(frame, node.value)
        items: list[Type] = []
        for item in alternatives(value):
            found = self._linker.members.item(item, facts.Constant("int", node.index))
            items.append(self._linker.members.element(item, False) if found is None else found)
        return union(items)

    def _generator(self, frame: Frame, node: facts.GeneratorRef) -> Type:
        element = self.value(frame, frame.scope.generators[node.generator])
        return self._linker.classes.standard("typing.Generator", element, NONE, NONE)
