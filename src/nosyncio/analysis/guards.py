"""Whether a site can run at all in a function that is called like this, on the event loop.

A call says something of the tests in what it calls: a flag that is False, an argument that is left out, a value of a class that
`isinstance` asks about. And on the loop, asking for the running loop never fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.arguments import Arguments
from nosyncio.analysis.assumed import assumed
from nosyncio.analysis.facts import Expr, ScopeKind
from nosyncio.analysis.fields import Fields
from nosyncio.analysis.forwarded import is_changed, is_left_out, keywords_given, own_keywords, own_names
from nosyncio.analysis.origins import origins
from nosyncio.analysis.protocols import has_members
from nosyncio.analysis.questions import Asked, Questions, Wanted
from nosyncio.analysis.reads import Kept
from nosyncio.analysis.receivers import is_receiver
from nosyncio.analysis.slots import Given, Known, Slot, slot_of
from nosyncio.analysis.types import (
    ClassSymbol,
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    ModuleType,
    Named,
    NoneType,
    Tuple,
    Type,
    alternatives,
)
from nosyncio.analysis.undecided import hangs_on_given, leaves_open
from nosyncio.model import Kind

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker
    from nosyncio.analysis.verdicts import Verdicts


class Guards:
    """Decides the tests that sites stand under."""

    def __init__(
        self, linker: Linker, verdicts: Verdicts, fields: Fields, called_at_import: Callable[[FunctionSymbol], bool]
    ) -> None:
        """`called_at_import`: whether a function is called while a module is imported, before any loop runs."""
        self._fields = fields
        self._called_at_import = called_at_import
        self._linker = linker
        self._verdicts = verdicts
        self._questions = Questions(linker, self._never_runs)
        self._closed: Kept[tuple[Frame, int], bool] = Kept(linker.reads)
        self._holding: Kept[tuple[Frame, int], bool] = Kept(linker.reads)
        self._joining: set[tuple[Frame, facts.Phi]] = set()

    def may_run(self, frame: Frame, site: facts.Site, given: Given) -> bool:
        """Whether a site may run on the loop, in a function that is called with `given`."""
        if site.guard < 0:
            return True
        if given:
            return self._holds(frame, site.guard, dict(given))
        return self._holding.once((frame, site.guard), lambda: self._holds(frame, site.guard, {}))

    def doubts(self, frame: Frame, site: facts.Site, given: Given) -> tuple[facts.Guard, ...]:
        """The tests of which nobody knows whether they come out so that a site runs. Code that checks what it is given and raises
        an error is taken to find nothing wrong; and a file that is looked for, to be there at times."""
        known = dict(given)
        guards = (guard for guard in frame.scope.guards_from(site.guard) if not guard.otherwise_fails)
        return tuple([guard for guard in guards if self._is_open(frame, guard.test, guard.holds, known)])

    def comes_out(self, frame: Frame, guard: facts.Guard, given: Given) -> bool:
        """Whether a test comes out as a site under it needs, in a function that is called with `given`: it leaves no doubt."""
        if leaves_open(frame, guard):  # seen before any value is worked out
            return False
        known = dict(given)
        outcome = self._outcome(frame, guard.test, known)
        if outcome is not None:
            return outcome is guard.holds
        return guard.otherwise_fails or not self._stays_open(frame, guard.test, guard.holds, known)

    def _never_runs(self, frame: Frame, call: facts.Call) -> bool:
        """Whether a call in an installed package stands under a test that does not come out, whatever a function is called
        with."""
        if call.guard < 0 or not frame.module.is_installed:
            return False
        return self._closed.once((frame, call.guard), lambda: self._is_closed(frame, call.guard))

    def _is_closed(self, frame: Frame, guard: int) -> bool:
        guards = [*frame.scope.guards_from(guard)]
        if any(leaves_open(frame, item) for item in guards):
            return True
        return any(not hangs_on_given(frame, item.test) and not self.comes_out(frame, item, ()) for item in guards)

    def _is_open(self, frame: Frame, test: facts.Test, holds: bool, given: Mapping[Slot, Known]) -> bool:
        """Whether nobody knows if a test comes out as `holds` says, now or at another time."""
        return self._outcome(frame, test, given) is None and self._stays_open(frame, test, holds, given)

    def _stays_open(self, frame: Frame, test: facts.Test, holds: bool, given: Mapping[Slot, Known]) -> bool:
        """The same of a test that has no outcome."""
        if isinstance(test, facts.Opposite):
            return self._is_open(frame, test.test, not holds, given)
        if isinstance(test, facts.Junction):
            return any(part is None or self._is_open(frame, part, holds, given) for part in test.tests)
        return not (holds and isinstance(test, facts.Truth) and self._looks_for_file(frame, test.value))

    def _looks_for_file(self, frame: Frame, value: facts.Expr) -> bool:
        """Whether a value is what a look at a file or folder gave, made right there."""
        root = frame.scope.root(value) if frame.module.is_project else value
        verdict = self._verdicts.verdict(frame, root.site) if isinstance(root, facts.Result) else None
        return verdict is not None and Kind.from_label(verdict.entry.kind) is Kind.FILE_METADATA

    def _holds(self, frame: Frame, guard: int, known: Mapping[Slot, Known]) -> bool:
        """Whether all tests may come out as a guard and those around it say."""
        outcomes = ((self._outcome(frame, item.test, known), item.holds) for item in frame.scope.guards_from(guard))
        return all(outcome is None or outcome is holds for outcome, holds in outcomes)

    # ------------------------------------------------------------------------------------------------------------- outcomes

    def _outcome(self, frame: Frame, test: facts.Test, given: Mapping[Slot, Known]) -> bool | None:
        """How a test comes out; None where that is not known."""
        if isinstance(test, facts.Opposite):
            inner = self._outcome(frame, test.test, given)
            return None if inner is None else not inner
        if isinstance(test, facts.Junction):
            outcomes = [None if part is None else self._outcome(frame, part, given) for part in test.tests]
            if (not test.every) in outcomes:
                return not test.every
            return test.every if all(outcome is test.every for outcome in outcomes) else None
        if isinstance(test, facts.Failed):
            return False if self._asks_for_loop(frame, test.site) else None
        known = self._known(frame, test.value, given)
        if known is None:
            return None
        if isinstance(test, facts.Truth):
            return known.truth
        if isinstance(test, facts.Same):
            return self._is_same(known, self._linker.values.literal(frame, test.other))
        if isinstance(test, facts.Equal):
            return self._is_equal(frame, known, test.others)
        if isinstance(test, facts.Contains):
            return self._was_given(frame, test, given)
        if isinstance(test, facts.StartsWith):
            return _starts_with(known, self._linker.values.literal(frame, test.prefix))
        return self._is_instance(frame, known, test.classes)

    def _was_given(self, frame: Frame, test: facts.Contains, given: Mapping[Slot, Known]) -> bool | None:
        """Whether a caller gave a keyword that a function looks for in its own `**kwargs`."""
        names = own_names(frame, tuple(given.items()))
        if names is None or slot_of(frame, frame.scope.root(test.value)) != own_keywords(frame):
            return None
        return True if test.key in names else None if is_changed(self._linker, frame, test.key) else False

    def _is_same(self, known: Known, other: facts.Constant | None) -> bool | None:
        if other is None:
            return None
        if other.type_name == "NoneType":
            return known.is_none
        if other.type_name != "bool":
            return None
        if known.literal is not None:
            return known.literal == other
        return None if self._may_be_bool(known.symbol) else False

    def _may_be_bool(self, symbol: ClassSymbol | str | None) -> bool:
        """Whether a bool may be of a class; of one that is not known, it may."""
        if not isinstance(symbol, ClassSymbol):
            return True
        return symbol.qualified_name in _OF_BOOL or self._linker.classes.is_protocol(symbol)

    def _is_equal(self, frame: Frame, known: Known, others: tuple[Expr, ...]) -> bool | None:
        literals = [self._linker.values.literal(frame, other) for other in others]
        if known.literal is None or None in literals:
            return None
        return known.literal in literals

    def _is_instance(self, frame: Frame, known: Known, classes: Expr) -> bool | None:
        value = self._linker.values.value(frame, classes)
        wanted = [part for item in (value.items if isinstance(value, Tuple) else (value,)) for part in alternatives(item)]
        if known.is_none and wanted and all(isinstance(item, (ClassType, Named)) for item in wanted):
            return False
        if any(isinstance(item, Named) and item.qualified_name == known.symbol for item in wanted):
            return True
        symbols = [item.symbol for item in wanted if isinstance(item, ClassType)]
        if len(symbols) != len(wanted) or not symbols or not isinstance(known.symbol, ClassSymbol):
            return None
        if any(self._linker.classes.derives(known.symbol, symbol) for symbol in symbols):
            return True
        protocols = [symbol for symbol in symbols if self._linker.classes.is_protocol(symbol)]
        if any(has_members(self._linker, known.symbol, protocol) for protocol in protocols):
            return True
        is_open = any(cls.frame is None for symbol in (known.symbol, *symbols) for cls, _ in self._linker.classes.order(symbol))
        related = any(self._linker.classes.derives(symbol, known.symbol) for symbol in symbols)
        return None if related or is_open or protocols else False

    def _asks_for_loop(self, frame: Frame, index: int) -> bool:
        """Whether a call asks whether a loop runs in this thread, which on the loop is so."""
        call = frame.scope.sites[index]
        if not isinstance(call, facts.Call):
            return False
        callee = self._linker.values.value(frame, call.function)
        names = (name for item in alternatives(callee) for name in self._verdicts.names(item))
        return any(map(self._linker.catalogue.asks_for_loop, names))

    # --------------------------------------------------------------------------------------------------------------- values

    def _known(self, frame: Frame, expr: Expr, given: Mapping[Slot, Known]) -> Known | None:
        """What is known of a value that a test asks about."""
        root = frame.scope.root(expr)
        slot = slot_of(frame, root)
        if slot is not None:
            return given.get(slot)
        if isinstance(root, facts.Local):
            value = frame.scope.bindings[root.binding]
            if isinstance(value, facts.Phi) and given:
                return self._joined(frame, value, given)
        if isinstance(expr, facts.Name) and self._is_set_at_import(frame, expr.id):
            return Known(truth=True)
        if isinstance(expr, (facts.Local, facts.Constant)):  # not a global: other modules may change those
            literal = self._linker.values.literal(frame, expr)
            if literal is not None:
                return _of_literal(literal)
        if frame.module.is_installed and isinstance(root, (facts.Local, facts.Result)):
            literal = assumed(self._linker, frame, root)
            if literal is not None:
                return _of_literal(literal)
        if isinstance(root, (facts.Local, facts.Result)):
            for origin in origins(self._linker, frame, root):
                if not origin.is_generator and origin.frame == frame and self._asks_for_loop(frame, origin.site):
                    return Known(truth=True)
        return None

    def _is_set_at_import(self, frame: Frame, name: str) -> bool:
        """Whether a global is a mark that the function itself sets once it has done its work, at import."""
        sets = any(stored == name and is_global for stored, _, is_global in frame.scope.outer_stores)
        if not sets or frame.scope.kind is not ScopeKind.FUNCTION:
            return False
        return self._called_at_import(self._linker.names.function_symbol(*frame))

    def _told_by_guards(self, frame: Frame, guard: int, expr: Expr) -> Known | None:
        """What the tests that a call stands under say of one of its arguments."""
        root = frame.scope.root(expr)
        if not isinstance(root, (facts.Local, facts.Name)):
            return None
        pending = [(item.test, item.holds) for item in frame.scope.guards_from(guard)]
        while pending:
            test, holds = pending.pop()
            if isinstance(test, facts.Opposite):
                pending.append((test.test, not holds))
            elif isinstance(test, facts.Junction):
                pending += [(part, holds) for part in test.tests if part is not None and test.every is holds]
            elif isinstance(test, facts.Truth) and holds and frame.scope.root(test.value) == root:
                return Known(truth=True)
            elif isinstance(test, facts.Same) and not holds and frame.scope.root(test.value) == root:
                if self._linker.values.literal(frame, test.other) == _NONE:
                    return Known()
        return None

    def _joined(self, frame: Frame, phi: facts.Phi, given: Mapping[Slot, Known]) -> Known | None:
        """What is known of a variable where paths meet: what all bindings agree on that may have been made."""
        if (frame, phi) in self._joining:
            return None  # a loop: whether it is bound anew hangs on what it is
        self._joining.add((frame, phi))
        try:
            found: set[Known | None] = set()
            for binding in phi.bindings:
                value = frame.scope.bindings[binding]
                if isinstance(value, (facts.Phi, facts.Narrowed)):
                    return None
                if self._holds(frame, frame.scope.bound_under[binding], given):
                    found.add(self._known(frame, facts.Local(binding), given))
            return found.pop() if len(found) == 1 else None
        finally:
            self._joining.discard((frame, phi))

    def given(self, frame: Frame, call: facts.Call, around: Given, symbol: FunctionSymbol, *, skip_receiver: bool) -> Given:
        """What a call says of the parameters of `symbol` that tests ask about. `around`: what is known of the caller's own."""
        asked = self._questions.about(symbol, Wanted(self._may_know_receiver(frame, call, around, symbol), not skip_receiver))
        if not asked:
            return ()
        arguments = Arguments.of_call(self._linker, frame, call)
        bound = arguments.bind(symbol, skip_receiver=skip_receiver)
        if bound is None:
            return ()
        operands = {parameter.name: operand for parameter, operand in bound}
        found: list[tuple[Slot, Known]] = []
        for slot, need in sorted(asked.items(), key=lambda item: str(item[0])):
            known: Known | None = None
            if isinstance(slot, str):
                known = self._of_receiver(frame, call, around, symbol, slot, need)
            else:
                parameter = symbol.frame.scope.parameters[slot]
                if parameter.kind is facts.ParameterKind.VAR_KEYWORD:
                    known = keywords_given(frame, call, around, symbol, arguments)
                elif parameter.kind is facts.ParameterKind.VAR_POSITIONAL:
                    continue
                elif parameter.name in operands:
                    operand = operands[parameter.name]
                    assert operand.frame is not None
                    assert operand.expr is not None
                    known = self._argument(operand.frame, operand.expr, dict(around), need)
                    known = known or self._told_by_guards(frame, call.guard, operand.expr)
                elif parameter.default is not None and is_left_out(
                    self._linker, frame, call, around, symbol, parameter, arguments
                ):
                    known = self._argument(symbol.frame.outer, parameter.default, {}, need)
            if known is not None:
                found.append((slot, known))
        return tuple(found)

    def _may_know_receiver(self, frame: Frame, call: facts.Call, around: Given, symbol: FunctionSymbol) -> bool:
        """Whether `_of_receiver` may give something, for some attribute."""
        function = call.function
        if symbol.name == "__init__":
            return self._fields.may_say(frame, call)
        if not isinstance(function, facts.Attribute):
            return False
        if is_receiver(frame, frame.scope.root(function.value)):
            return any(isinstance(slot, str) for slot, _ in around)
        return self._fields.may_be_said(frame, function.value)

    def _of_receiver(
        self, frame: Frame, call: facts.Call, around: Given, symbol: FunctionSymbol, name: str, need: Asked
    ) -> Known | None:
        """What is known of an attribute of that of which a call runs a method."""
        function = call.function
        if symbol.name == "__init__":
            said = self._fields.said_by(frame, call, name)
        elif not isinstance(function, facts.Attribute):
            return None
        elif is_receiver(frame, frame.scope.root(function.value)):
            return dict(around).get(name)
        else:
            said = self._fields.said(frame, function.value, name)
        return None if said is None else self._argument(said.frame, said.expr, {}, need)

    def _argument(self, frame: Frame, expr: Expr, given: Mapping[Slot, Known], need: Asked) -> Known | None:
        """What is known of an argument, no more of it than tests ask: so that calls that differ in nothing else are alike."""
        if isinstance(expr, (facts.Display, facts.DictDisplay)):
            is_empty = not (expr.items if isinstance(expr, facts.Display) else expr.keys)
            return Known(truth=False) if is_empty else None
        known = self._known(frame, expr, given)
        if known is None:
            known = self._of_type(self._linker.values.value(frame, expr)) or self._of_unknown_class(frame, expr)
        if known is None:
            return None
        literal, symbol = known.literal, known.symbol
        if literal is not None and isinstance(literal.value, str):
            text = literal.value
            if literal not in need.literals and not any(text.startswith(prefix) for prefix in need.prefixes):
                literal = _OTHER_TEXT if text else literal
        return Known(literal, symbol if need.classes else None, known.truth)

    def _of_type(self, value: Type) -> Known | None:
        """What the type of a value says of it."""
        items = alternatives(value)
        if not items:
            return None
        if all(isinstance(item, NoneType) for item in items):
            return _of_literal(facts.Constant("NoneType", None))
        if all(isinstance(item, (FunctionType, ClassType, ModuleType)) for item in items):
            return Known(truth=True)
        if not all(isinstance(item, Instance) for item in items):
            return None
        symbols = [item.symbol for item in items if isinstance(item, Instance)]
        truths = [self._is_true(symbol) for symbol in symbols]
        return Known(None, symbols[0] if len(symbols) == 1 else None, True if all(truths) else None)

    def _of_unknown_class(self, frame: Frame, expr: Expr) -> Known | None:
        """What `isinstance` with a class of a library that has no facts said of a variable."""
        value = frame.scope.bindings[expr.binding] if isinstance(expr, facts.Local) else None
        if not isinstance(value, facts.Narrowed) or not value.holds:
            return None
        cls = self._linker.values.value(frame, value.test)
        return Known(symbol=cls.qualified_name) if isinstance(cls, Named) else None

    def _is_true(self, symbol: ClassSymbol) -> bool:
        """Whether all instances of a class are true."""
        if any(cls.frame is None for cls, _ in self._linker.classes.order(symbol)):
            return False
        return all(self._linker.members.find(symbol, name, instance=False) is None for name in ("__bool__", "__len__"))


_NONE = facts.Constant("NoneType", None)
_OF_BOOL = frozenset(("builtins.bool", "builtins.int", "builtins.object"))
_OTHER_TEXT = facts.Constant("str", "\0")
"""Any text that is not empty and that no test asks about."""


def _of_literal(literal: facts.Constant) -> Known | None:
    if literal.type_name == "NoneType":
        return Known(literal, None, False)
    if literal.value is None or not isinstance(literal.value, (bool, int, float, str)):
        return None
    return Known(literal, None, bool(literal.value))


def _starts_with(known: Known, prefix: facts.Constant | None) -> bool | None:
    text = None if known.literal is None else known.literal.value
    if prefix is None or not isinstance(prefix.value, str) or not isinstance(text, str):
        return None
    return text.startswith(prefix.value)
