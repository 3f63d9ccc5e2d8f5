"""Samples calls in loop code of which nosyncio says nothing, for a person to read: how much does its silence hide?

    python benchmarks/sample_silent.py PROJECTS --only NAME ... [--each 10] [--seed 5] [--tests] [--counts]

PROJECTS holds unpacked projects, each in a folder of its name. A call is in question if it runs on the loop, is not awaited,
and nothing is reported where it begins (line and column), neither as a blocking call nor as a way to one. Calls that cannot
block whoever reads them would only dilute a sample, so these are left out and counted: see `Harmless`. From each project the
same number is drawn, by a generator of its own, so that a project more or less changes nothing for the others.

Printed is a Markdown row per call: project, place, call, and what nosyncio takes the callee for (why it does not know it, and
where it lost track). `--counts` prints the numbers only.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePosixPath

from unknowns import root as lost_at

from nosyncio.analysis import facts
from nosyncio.analysis.facts import Flag, ScopeKind
from nosyncio.analysis.judge import counted
from nosyncio.analysis.types import (
    ClassSymbol,
    ClassType,
    Form,
    Frame,
    FunctionType,
    Instance,
    Module,
    Named,
    Special,
    Type,
    Unknown,
    candidates,
)
from nosyncio.config import Config
from nosyncio.discovery import find_files
from nosyncio.engine import Engine
from nosyncio.project import DiskFiles

_TESTS = frozenset(("tests", "test", "testing"))
_FORMS = frozenset(("typing.cast", "typing_extensions.cast", "typing.TypeVar", "typing.NewType"))
_OWN_CODE = frozenset(("__init__", "__new__", "__post_init__", "__attrs_post_init__", "model_post_init", "__setattr__"))
_GENERATED = frozenset(("BaseModel", "BaseSettings", "NamedTuple", "TypedDict", "Enum", "_TypedDict"))
_GENERATING = frozenset(("dataclass", "define", "attrs", "frozen"))
_STILL_A_COROUTINE = frozenset(("staticmethod", "classmethod", "abstractmethod", "asynccontextmanager", "overload", "override"))


class Harmless(Enum):
    """Why a call cannot block, whatever stands behind it."""

    BUILTIN = "a function or class of `builtins`, or a method of one"
    LOGGING = "logging"
    EXCEPTION = "the constructor of an exception"
    GENERATED = "a constructor that a library makes (pydantic, dataclasses, ...), without code of the project"
    COROUTINE = "a coroutine function or asynchronous generator, which only makes an object"
    FORM = "a form of `typing`"


@dataclass
class Silent:
    """The calls in question of one project, and how many were not."""

    calls: list[tuple[Frame, facts.Call]] = field(default_factory=list)
    left_out: Counter[Harmless] = field(default_factory=Counter)
    reported: int = 0
    awaited: int = 0
    in_tests: int = 0


class Project:
    """A project as the engine sees it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        config, files = Config(), DiskFiles(root)
        paths, _ = find_files(root, [root], config)
        files.read_all(paths, 2, lambda done: None)
        engine = Engine(files, config)
        # What the engine works out for itself, not anew: in question is what makes the findings.
        self.together, self.linker, self.verdicts = engine._together(paths), engine._linker, engine._verdicts

    def silent(self, *, tests: bool) -> Silent:
        """The calls that nothing is reported of, in the order of the files."""
        found = Silent()
        contexts = self.together.judging.contexts
        for module in self.together.modules:
            is_test = not tests and not _TESTS.isdisjoint(PurePosixPath(module.path or "").parts[:-1])
            reported = self._reported(module)
            for number, scope in enumerate(module.facts.scopes):
                frame = Frame(module, number)
                if not scope.sites or not contexts.on_loop(frame):
                    continue
                for index in contexts.running(frame):
                    site = scope.sites[index]
                    if not isinstance(site, facts.Call):
                        continue
                    if is_test:
                        found.in_tests += 1
                    elif site.flags & (Flag.AWAITED | Flag.ASYNC):
                        found.awaited += 1
                    elif site.place[:2] in reported:
                        found.reported += 1
                    elif (why := self._harmless(frame, index, site)) is not None:
                        found.left_out[why] += 1
                    else:
                        found.calls.append((frame, site))
        return found

    def _reported(self, module: Module) -> set[tuple[int, int]]:
        """Where something is reported, or is part of what is."""
        places: set[tuple[int, int]] = set()
        for _, operation in counted(module, self.together.judging.contexts, self.verdicts):
            places.update(blocked.place[:2] for blocked in (operation.first, *operation.further))
            sites = operation.frame.scope.sites
            places.update(sites[blocked.site].place[:2] for blocked in (operation.first, *operation.further))
        places.update(chain.place[:2] for chain in self.together.judging.reach.chains(module))
        return places

    # -------------------------------------------------------------------------------------------------------- cannot block

    def _harmless(self, frame: Frame, index: int, call: facts.Call) -> Harmless | None:
        """Why a call cannot block, if each thing that its callee can be says so."""
        items = candidates(self.linker.values.value(frame, call.function))
        found = [self._of_item(frame, index, item) for item in items]
        return found[0] if found and None not in found else None

    def _of_item(self, frame: Frame, index: int, item: Type) -> Harmless | None:
        if isinstance(item, (Special, Form)):
            return Harmless.FORM
        for name in self.verdicts.names(item):
            if isinstance(item, Named) and name.rpartition(".")[2].endswith(("Error", "Exception")):
                return Harmless.EXCEPTION  # of a library of which only names are known
            if name in _FORMS:
                return Harmless.FORM
            if name.startswith(("logging.", "loguru.")):
                return Harmless.LOGGING
        if isinstance(item, ClassType):
            return self._of_class(frame, index, item.symbol)
        if isinstance(item, FunctionType):
            receiver = item.receiver.symbol.qualified_name if isinstance(item.receiver, (Instance, ClassType)) else ""
            of_builtins = any(name.startswith("builtins.") for name in (item.symbol.qualified_name, receiver))
            if of_builtins and not item.symbol.is_project:
                return Harmless.BUILTIN
            decorators = {(name or "?").rpartition(".")[2] for name in self.linker.calls.decorators(item.symbol)}
            if item.symbol.frame.scope.is_async and decorators <= _STILL_A_COROUTINE:
                return Harmless.COROUTINE
        return None

    def _of_class(self, frame: Frame, index: int, cls: ClassSymbol) -> Harmless | None:
        order = [base for base, _ in self.linker.classes.order(cls)]
        if any(base.qualified_name == "builtins.BaseException" for base in order):
            return Harmless.EXCEPTION
        if cls.qualified_name.startswith("builtins."):
            return Harmless.BUILTIN
        own = [base for base in order if base.is_project]
        words = {base.qualified_name.rpartition(".")[2] for base in order if not base.is_project}
        is_generated = not words.isdisjoint(_GENERATED) or any(map(self._is_generating, own))
        if own and is_generated and not any(map(self._has_code, own)) and not self.together.judging.runs.functions(frame, index):
            return Harmless.GENERATED
        return None

    def _is_generating(self, cls: ClassSymbol) -> bool:
        """Whether a class is decorated with what makes a constructor."""
        assert cls.frame is not None
        outer = cls.frame.outer.scope
        for node in cls.frame.scope.decorators:
            site = outer.sites[node.site] if isinstance(node, facts.Result) else None
            word = site.function if isinstance(site, facts.Call) else node
            name = self.linker.names.dotted(cls.frame.outer, word) or ""
            if name.rpartition(".")[2] in _GENERATING:
                return True
        return False

    def _has_code(self, cls: ClassSymbol) -> bool:
        """Whether a class has code that its construction runs: an initialiser, a hook, or what is called a validator."""
        assert cls.frame is not None
        if not _OWN_CODE.isdisjoint(cls.frame.scope.names):
            return True
        for number in cls.frame.module.children(cls.frame.number):
            scope = cls.frame.module.facts.scopes[number]
            if scope.kind is ScopeKind.FUNCTION and scope.decorators:
                function = self.linker.names.function_symbol(cls.frame.module, number)
                if any("valid" in (name or "") for name in self.linker.calls.decorators(function)):
                    return True
        return False

    # ----------------------------------------------------------------------------------------------------------- one call

    def row(self, frame: Frame, call: facts.Call) -> Iterator[str]:
        """Place, text, and what the callee is taken for."""
        yield f"{frame.module.path}:{call.place[0]}:{call.place[1]}"
        yield f"`{self._text(frame, call.place)}`"
        items = candidates(self.linker.values.value(frame, call.function))
        known = list(dict.fromkeys(map(self._known_as, items))) or ["no value"]
        if any(isinstance(item, Unknown) for item in items) and (lost := lost_at(self.linker, frame, call.function)):
            known.append(f"lost at {lost}")
        yield "; ".join(known)

    def _known_as(self, item: Type) -> str:
        if isinstance(item, Unknown):
            return f"? {item.reason.value}"
        project = isinstance(item, (FunctionType, ClassType, Instance)) and item.symbol.is_project
        names = (item.symbol.qualified_name,) if isinstance(item, (FunctionType, ClassType)) else self.verdicts.names(item)
        return ("project " if project else "") + next(iter(names), type(item).__name__)

    def _text(self, frame: Frame, place: facts.Place) -> str:
        lines = (self.root / (frame.module.path or "")).read_text(encoding="utf-8", errors="replace").split("\n")
        line, column, end_line, end_column = place
        whole = lines[line - 1 : end_line]
        whole[-1] = whole[-1][: end_column - 1]
        whole[0] = whole[0][column - 1 :]
        return " ".join(" ".join(map(str.strip, whole)).split())[:100].replace("|", "\\|").replace("`", "'")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("projects", type=Path)
    parser.add_argument("--only", nargs="+", required=True, metavar="NAME")
    parser.add_argument("--each", type=int, default=10, metavar="N")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--tests", action="store_true", help="calls in folders of tests as well")
    parser.add_argument("--counts", action="store_true", help="print how many there are, and draw none")
    options = parser.parse_args()
    for name in options.only:
        project = Project((options.projects / name).resolve())
        silent = project.silent(tests=options.tests)
        if options.counts:
            left_out = ", ".join(f"{why.name.lower()} {number}" for why, number in silent.left_out.most_common())
            print(
                f"{name}: {len(silent.calls)} in question; {silent.awaited} awaited, {silent.reported} reported, "
                f"{silent.left_out.total()} left out ({left_out}), {silent.in_tests} in tests",
                flush=True,
            )
            continue
        drawn = random.Random(options.seed).sample(silent.calls, min(options.each, len(silent.calls)))
        for frame, call in sorted(drawn, key=lambda pair: (pair[0].module.path or "", pair[1].place)):
            print(f"| {name} | {' | '.join(project.row(frame, call))} |", flush=True)


if __name__ == "__main__":
    main()
