"""What nosyncio says that a site runs, asked in the way that its engine asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pysa_report import Key, Place, What, located
from unknowns import root

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Expr, Flag, ScopeKind
from nosyncio.analysis.types import (
    CallableType,
    ClassSymbol,
    ClassType,
    Frame,
    FunctionSymbol,
    FunctionType,
    Instance,
    Module,
    Named,
    Partial,
    Special,
    Super,
    Type,
    Unknown,
    candidates,
)
from nosyncio.config import Config
from nosyncio.discovery import find_files
from nosyncio.engine import Engine
from nosyncio.project import DiskFiles

_CONSTRUCTORS = ("__new__", "__init__")
_AFTER_INIT = frozenset(("__post_init__", "__attrs_post_init__", "model_post_init"))


@dataclass
class Answer:
    """What we say of a site: functions of the project, names of libraries with what the catalogue says of them, and why we do
    not know more, `roots` being where we lost track. `dropped`: functions that we know to be called and follow nowhere."""

    project: dict[Key, FunctionSymbol] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    entries: list[object] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)
    roots: dict[str, None] = field(default_factory=dict)
    dropped: dict[Key, None] = field(default_factory=dict)


class Project:
    """Our view of a project's files, resolved on demand as the engine does it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        config = Config()
        files = DiskFiles(root)
        paths, _ = find_files(root, [root], config)
        files.read_all(paths, 1, lambda done: None)
        engine = Engine(files, config)
        # What the engine works out for itself, not anew: the comparison is with what makes the findings.
        together, self.linker, self.verdicts = engine._together(paths), engine._linker, engine._verdicts
        self.catalogue, self.contexts, self.runs = self.linker.catalogue, together.judging.contexts, together.judging.runs
        self.modules: dict[str, Module] = {module.path: module for module in together.modules if module.path is not None}
        self.unread = len(paths) - len(self.modules)
        self.frames: dict[Key, list[Frame]] = {}
        self.sites: dict[tuple[str, What, Place], tuple[Frame, int]] = {}
        for path, module in self.modules.items():
            for number, scope in enumerate(module.facts.scopes):
                frame = Frame(module, number)
                if scope.kind is ScopeKind.FUNCTION:
                    self.frames.setdefault(Key(path, module.facts.qualified_name(number)), []).append(frame)
                for index, site in enumerate(scope.sites):
                    for what in _sorts(site):
                        self.sites.setdefault((path, what, located(what, site.place)), (frame, index))

    def key(self, frame: Frame) -> Key | None:
        path = frame.module.path
        return None if path is None else Key(path, frame.module.facts.qualified_name(frame.number))

    def runs_at_once(self, key: Key) -> bool:
        """Whether calling a function runs its body: not that of a coroutine function or generator."""
        return any(not frame.scope.is_async and not frame.scope.is_generator for frame in self.frames.get(key, ()))

    def is_of_protocol(self, key: Key) -> bool:
        """Whether a method belongs to a `Protocol`."""
        for frame in self.frames.get(key, ()):
            bases = frame.outer.scope.bases
            values = [self.linker.values.value(frame.outer.outer, base) for base in bases if frame.outer.scope.parent >= 0]
            if any(isinstance(value, Special) and value.name == "Protocol" for value in values):
                return True
        return False

    def receiver(self, frame: Frame, index: int) -> str:
        """What sort of receiver a site has, in words."""
        site = frame.scope.sites[index]
        value = _subject(site)
        if isinstance(site, facts.Call):
            if not isinstance(value, facts.Attribute):
                return "no receiver"
            value = value.value
        type_ = self.linker.values.value(frame, value)
        if isinstance(type_, (Super, ClassType)):
            return "on super() or a class"
        return "on self" if frame.scope.root(value) == facts.Local(0) else "on another receiver"

    # --------------------------------------------------------------------------------------------------------------- answers

    def answer(self, frame: Frame, index: int, what: What) -> Answer:
        """What we say that a site runs."""
        site = frame.scope.sites[index]
        answer = Answer()
        run = [symbol for symbol in self.runs.functions(frame, index) if symbol.is_project]
        if isinstance(site, facts.Call):
            self._callee(answer, self.linker.values.value(frame, site.function))
            called = _AFTER_INIT | {symbol.name for symbol in answer.project.values()} - set(_CONSTRUCTORS)
            keys = {self.key(symbol.frame) for symbol in run}
            for key, symbol in answer.project.items():
                scope = symbol.frame.scope
                if not scope.is_async and not scope.is_generator and key not in keys:
                    answer.dropped[key] = None
            run = [symbol for symbol in run if symbol.name in called]  # overrides; the others are called back
        elif isinstance(site, (facts.Read, facts.Write)):
            self._receiver(answer, frame, site.value, site.name, found=bool(run))
        else:
            run = [symbol for symbol in run if symbol.name == what.value]  # not generators
            self._receiver(answer, frame, _subject(site), what.value, found=bool(run))
        for symbol in run:
            self._function(answer, symbol)
        if answer.unknown and (lost := root(self.linker, frame, _subject(site))):
            answer.roots[lost] = None
        verdict = self.verdicts.verdict(frame, index)
        if verdict is not None:
            answer.names[verdict.name] = None
            answer.entries.append(verdict.entry)
        for name in answer.names:
            answer.entries += [getattr(told, "entry", told) for told in self.catalogue.verdicts(name)]
        return answer

    def _receiver(self, answer: Answer, frame: Frame, value: Expr, name: str, *, found: bool) -> None:
        """What the object is whose property is used, or whose special method runs. `found`: a function is known."""
        for item in candidates(self.linker.values.value(frame, value)):
            if isinstance(item, Unknown):
                answer.unknown[f"receiver: {item.reason.value}"] = None
            elif isinstance(item, Instance):
                answer.names.update({f"{cls.qualified_name}.{name}": None for cls, _ in self.linker.classes.order(item.symbol)})
                member = None if found else self.linker.members.find(item.symbol, name)
                if member is not None and isinstance(member.raw, FunctionType) and member.raw.symbol.is_project:
                    answer.unknown["a function that is not known to run there"] = None
                elif member is None and not found:
                    answer.unknown["receiver: of a class without such an attribute"] = None
            elif not found:
                answer.unknown[f"receiver is a {type(item).__name__}"] = None

    def _function(self, answer: Answer, symbol: FunctionSymbol) -> None:
        key = self.key(symbol.frame)
        if symbol.is_project and key is not None:
            answer.project[key] = symbol
        else:
            answer.names[symbol.qualified_name] = None

    def _callee(self, answer: Answer, callee: Type) -> None:
        for item in candidates(callee):
            for name in self.verdicts.names(item):
                answer.names[name] = None
            if isinstance(item, FunctionType):
                self._function(answer, item.symbol)
            elif isinstance(item, ClassType):
                for name in _CONSTRUCTORS:
                    self._method(answer, item.symbol, name)
            elif isinstance(item, Instance):
                if not self._method(answer, item.symbol, "__call__"):
                    answer.unknown["calling an instance without __call__"] = None
            elif isinstance(item, Partial):
                self._callee(answer, item.function)
            elif isinstance(item, CallableType):
                answer.unknown["a callable of which only the result is known"] = None
            elif isinstance(item, Unknown):
                answer.unknown[item.reason.value] = None
            elif not isinstance(item, Named):
                answer.unknown[f"calling a {type(item).__name__}"] = None

    def _method(self, answer: Answer, cls: ClassSymbol, name: str) -> bool:
        found = self.linker.members.find(cls, name, instance=False)
        if found is None or not isinstance(found.raw, FunctionType):
            return False
        self._function(answer, found.raw.symbol)
        return True


def _sorts(site: facts.Site) -> tuple[What, ...]:
    """What a site is, in the type checker's words."""
    if site.flags & Flag.ASYNC:
        return ()
    if isinstance(site, facts.Operate):
        return tuple(what for what in (What.GET_ITEM, What.SET_ITEM) if what.value == site.method)
    return _SORTS[type(site)]


_SORTS: dict[type[facts.Site], tuple[What, ...]] = {
    facts.Call: (What.CALL,),
    facts.Read: (What.READ,),
    facts.Write: (What.WRITE,),
    facts.Enter: (What.ENTER,),
    facts.Iterate: (What.ITERATE, What.STEP),
}


def _subject(site: facts.Site) -> Expr:
    """What is called, entered, iterated, or has the attribute or item."""
    if isinstance(site, facts.Call):
        return site.function
    if isinstance(site, facts.Enter):
        return site.manager
    return site.iterable if isinstance(site, facts.Iterate) else site.value
