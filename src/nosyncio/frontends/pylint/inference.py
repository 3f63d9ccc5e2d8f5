"""What astroid says of a call."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from astroid import bases, nodes
from astroid.exceptions import AstroidError

from nosyncio.analysis.facts import Place
from nosyncio.analysis.inferred import Callee, Definition, Inference
from nosyncio.frontends.pylint.derivation import Derivation
from nosyncio.frontends.pylint.places import Places

_MOST = 8
"""A call that may run more things than this is left alone."""


class Astroid:
    """Answers for the calls of one module. `project_path`: the path, in the project, of a file that is part of it."""

    def __init__(self, places: Places, project_path: Callable[[Path], str | None]) -> None:
        self._places = places
        self._project_path = project_path

    def __call__(self, place: Place) -> Inference | None:
        """All that the call there may run; None unless astroid knows each of them, and by nothing doubtful."""
        call = self._places.call(place)
        if call is None:
            return None
        try:
            values = list(islice(call.func.infer(), _MOST + 1))
            callees = [self._callee(value) for value in values]
        except (AstroidError, RecursionError):
            return None
        known = tuple(callee for callee in callees if callee is not None)
        if not known or len(known) != len(values) or len(values) > _MOST:
            return None
        derivation = Derivation()
        return Inference(known, frozenset(derivation.attributes)) if derivation.relies_on(call.func) else None

    def _callee(self, value: object) -> Callee | None:
        """A value as something that is called; None where calling it runs something else, or nothing yet."""
        if isinstance(value, nodes.ClassDef):
            return Callee(tuple(_constructors(value)), self._definition(value))
        if not isinstance(value, (bases.UnboundMethod, nodes.FunctionDef)):
            return None
        function = value.frame()
        if not isinstance(function, nodes.FunctionDef) or isinstance(function, nodes.AsyncFunctionDef):
            return None
        owner = _owner(value)
        if owner is None:
            return Callee((function.qname(),), self._definition(function))
        receiver = self._definition(owner)
        return Callee(tuple(_method_names(owner, function)), self._definition(function), receiver)

    def _definition(self, node: nodes.ClassDef | nodes.FunctionDef) -> Definition | None:
        file, line = node.root().file, node.lineno
        path = None if file is None or line is None else self._project_path(Path(file))
        return None if path is None or line is None else Definition(path, line, node.name)


def _owner(value: object) -> nodes.ClassDef | None:
    """The class that a method is called for."""
    if not isinstance(value, bases.BoundMethod):
        return None
    bound = value.bound
    if isinstance(bound, nodes.ClassDef):
        return bound
    return bound._proxied if isinstance(bound, bases.Instance) and isinstance(bound._proxied, nodes.ClassDef) else None


def _method_names(owner: nodes.ClassDef, function: nodes.FunctionDef) -> list[str]:
    """A method's name on each class from the receiver's up to the one that defines it."""
    names: list[str] = []
    for cls in owner.mro():
        names.append(f"{cls.qname()}.{function.name}")
        if function.name in cls.locals:
            break
    return names


def _constructors(cls: nodes.ClassDef) -> list[str]:
    """The class and, as long as none has a constructor of its own, its bases: what making an instance calls."""
    names: list[str] = []
    for base in cls.mro():
        names.append(base.qname())
        if {"__init__", "__new__"} & base.locals.keys():
            break
    return names
