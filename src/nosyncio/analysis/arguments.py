"""The arguments of a call, and which parameter each of them meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, ParameterFacts, ParameterKind
from nosyncio.analysis.types import Frame, FunctionSymbol, Type

if TYPE_CHECKING:
    from nosyncio.analysis.linker import Linker


_MOST_CONSTANTS = 16


class Operand:
    """One argument: an expression with its scope, or a type where there is no expression."""

    __slots__ = ("_linker", "_type", "expr", "frame")

    def __init__(
        self, linker: Linker, frame: Frame | None = None, expr: Expr | None = None, *, type_: Type | None = None
    ) -> None:
        self._linker = linker
        self.frame = frame
        self.expr = expr
        self._type = type_

    @property
    def type(self) -> Type:
        if self._type is None:
            assert self.frame is not None
            assert self.expr is not None
            self._type = self._linker.values.value(self.frame, self.expr)
        return self._type

    def literal(self) -> facts.Constant | None:
        """The literal that the argument is, if it is known to be one."""
        if self.frame is None or self.expr is None:
            return None
        return self._linker.values.literal(self.frame, self.expr)

    def constants(self) -> set[str] | None:
        """The qualified names of the module constants that the argument is, or is or-ed of; None if it is anything else."""
        if self.frame is None or self.expr is None:
            return None
        names: set[str] = set()
        pending = [(self.frame, self.expr)]
        for _ in range(_MOST_CONSTANTS):
            if not pending:
                return names
            frame, expr = pending.pop()
            if isinstance(expr, facts.Operation) and expr.operator == "or":
                pending += [(frame, expr.left), (frame, expr.right)]
                continue
            name = self._linker.names.dotted(frame, expr)
            if name is not None:
                names.add(name)
                continue
            defined = self._linker.names.module_constant(frame, expr)
            if defined is None:
                return None
            pending.append((Frame(frame.module, 0), defined))
        return None


@dataclass(slots=True)
class Arguments:
    """`complete` is False where `*args` or `**kwargs` may add to what is listed; `rest` is then each that `*args` adds."""

    positional: Sequence[Operand]
    keywords: Mapping[str, Operand]
    complete: bool
    rest: Operand | None = None

    @classmethod
    def of_call(cls, linker: Linker, frame: Frame, call: facts.Call) -> Arguments:
        positional: list[Operand] = []
        complete = True
        rest: Operand | None = None
        for argument in call.arguments:
            if isinstance(argument, facts.Starred):
                complete = False
                rest = Operand(linker, frame, facts.Element(argument.value, False))
                break
            positional.append(Operand(linker, frame, argument))
        keywords = {keyword.name: Operand(linker, frame, keyword.value) for keyword in call.keywords if keyword.name}
        return cls(positional, keywords, complete and len(keywords) == len(call.keywords), rest)

    @classmethod
    def unknown(cls) -> Arguments:
        return cls((), {}, complete=False)

    def at(self, position: int | None, name: str | None) -> Operand | None:
        """The argument at a position (from 0) or with a name."""
        if name is not None and name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None

    def bind(self, symbol: FunctionSymbol, *, skip_receiver: bool) -> list[tuple[ParameterFacts, Operand]] | None:
        """Which parameter each argument meets; None where the function does not take these arguments."""
        parameters = symbol.frame.scope.parameters
        if skip_receiver and parameters and parameters[0].kind is not ParameterKind.VAR_POSITIONAL:
            parameters = parameters[1:]
        bound: list[tuple[ParameterFacts, Operand]] = []
        filled: set[str] = set()
        rest = list(self.positional)
        catch_all: ParameterFacts | None = None
        for parameter in parameters:
            if parameter.kind in (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD):
                if rest:
                    bound.append((parameter, rest.pop(0)))
                    filled.add(parameter.name)
            elif parameter.kind is ParameterKind.VAR_POSITIONAL:
                bound.extend((parameter, operand) for operand in rest)
                rest.clear()
                if self.rest is not None:
                    bound.append((parameter, self.rest))
            elif parameter.kind is ParameterKind.VAR_KEYWORD:
                catch_all = parameter
        if rest:
            return None
        by_name = {parameter.name: parameter for parameter in parameters if _takes_keyword(parameter)}
        for name, operand in self.keywords.items():
            target = by_name.get(name, catch_all)
            if target is None or name in filled:
                return None
            bound.append((target, operand))
            filled.add(name)
        if self.complete and any(_is_required(parameter) and parameter.name not in filled for parameter in parameters):
            return None
        return bound


def _takes_keyword(parameter: ParameterFacts) -> bool:
    if parameter.name.startswith("__") and not parameter.name.endswith("__"):
        return False  # stubs' older spelling of positional-only
    return parameter.kind in (ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY)


def _is_required(parameter: ParameterFacts) -> bool:
    variadic = parameter.kind in (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)
    return parameter.default is None and not variadic


def every_argument(call: facts.Call) -> Iterator[Expr]:
    """What a call is given, in displays too."""
    pending = call.passed
    while pending:
        expr = pending.pop()
        if isinstance(expr, facts.Display):
            pending += expr.items
        elif isinstance(expr, facts.DictDisplay):
            pending += expr.values
        else:
            yield expr.value if isinstance(expr, facts.Starred) else expr
