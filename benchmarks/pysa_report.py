"""Reads the call graph that `pyrefly check SRC --report-pysa DIR --report-pysa-format json` writes.

What it holds, as of pyrefly 1.4: `pyrefly.pysa.json` numbers the modules; `definitions/` has the functions and classes of each,
by an id inside the module; `call_graphs/` has, for each function, what stands at each place of its body. A place is
`line:column-line:column`, counted from 1, columns in bytes of UTF-8, end exclusive; after a `|` it says which implicit call
(`with`, `for`, an operator) is meant. A target `Function` is that function, a target `Overrides` is it or what a subclass of
the receiver's class puts in its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

Place: TypeAlias = tuple[int, int, int, int]
_Id: TypeAlias = tuple[int, str]


class Key(NamedTuple):
    """A function or class of the project: its file, relative to the project's root, and its `__qualname__`."""

    path: str
    name: str


@dataclass(frozen=True)
class Definition:
    """A function: `key` is None for what is not written in the project. `owner` is the class that defines it."""

    name: str
    qualified_name: str
    key: Key | None
    owner: ClassDefinition | None


@dataclass(frozen=True, eq=False)
class ClassDefinition:
    """A class with the names of the classes that it derives from, itself first."""

    qualified_name: str
    order: tuple[str, ...]
    key: Key | None


@dataclass(frozen=True)
class Target:
    """A function that a site may run; with `overridable`, or one that a subclass of `receiver` puts in its place."""

    function: Definition
    receiver: ClassDefinition | None
    overridable: bool

    def names(self) -> Iterator[str]:
        """The qualified names that a catalogue may know the target by, the most specific first."""
        for cls in (self.receiver, self.function.owner):
            if cls is not None:
                for name in cls.order:
                    yield f"{name}.{self.function.name}"
                    if self.function.owner is not None and name == self.function.owner.qualified_name:
                        break
        yield self.function.qualified_name


class What(Enum):
    """What a site does. The value of syntax that calls a special method is that method's name."""

    CALL = "call"
    READ = "property read"
    WRITE = "property write"
    ENTER = "__enter__"
    ITERATE = "__iter__"
    STEP = "__next__"
    GET_ITEM = "__getitem__"
    SET_ITEM = "__setitem__"


_SYNTAX = {
    "artificial-call|with-enter": What.ENTER,
    "artificial-call|for-iter": What.ITERATE,
    "artificial-call|generator-iter": What.ITERATE,
    "artificial-call|for-next": What.STEP,
    "artificial-call|generator-next": What.STEP,
    "artificial-call|subscript-get-item": What.GET_ITEM,
    "artificial-call|subscript-set-item": What.SET_ITEM,
}


@dataclass(frozen=True)
class Site:
    """What the type checker says of a place. `constructed` is the class whose instance a call makes; `handed` the functions
    among the arguments; `unresolved` why it does not know more."""

    what: What
    place: Place
    targets: tuple[Target, ...]
    constructed: ClassDefinition | None = None
    handed: tuple[Target, ...] = ()
    unresolved: str | None = None


@dataclass
class _ModuleTables:
    functions: Mapping[str, Any] = field(default_factory=dict)
    classes: Mapping[int, Any] = field(default_factory=dict)


def located(what: What, place: Place) -> Place:
    """What two views of a site agree on: of `x[k] = v` only where it starts, as one takes in the value and the other does not."""
    return (*place[:2], 0, 0) if what is What.SET_ITEM else place


class PysaReport:
    """The report in `folder` on the project whose files are below `root`."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root.resolve()
        modules = _load(folder / "pyrefly.pysa.json")["modules"].values()
        self._modules = {module["module_id"]: module for module in modules}
        self._tables: dict[int, _ModuleTables] = {}
        self._functions: dict[_Id, Definition] = {}
        self._classes: dict[tuple[int, int], ClassDefinition] = {}
        self._overriders: dict[tuple[str, str], list[Key]] | None = None

    def paths(self) -> dict[str, int]:
        """The project's files, with their modules' numbers."""
        found = {number: self._path(number) for number in self._modules}
        return {path: number for number, path in found.items() if path is not None}

    def _path(self, module: int) -> str | None:
        source = self._modules[module]["source_path"].get("FileSystem")
        if source is None or not Path(source).is_relative_to(self._root):
            return None
        return Path(source).relative_to(self._root).as_posix()

    # ----------------------------------------------------------------------------------------------------------- definitions

    def _table(self, module: int) -> _ModuleTables:
        if module not in self._tables:
            path = self._folder / "definitions" / self._modules[module]["info_filename"]
            tables = _ModuleTables()
            if path.exists():
                document = _load(path)
                classes = {definition["class_id"]: definition for definition in document["class_definitions"].values()}
                tables = _ModuleTables(document["function_definitions"], classes)
            self._tables[module] = tables
        return self._tables[module]

    def _qualname(self, module: int, definition: Mapping[str, Any]) -> str:
        parent = definition.get("parent", "TopLevel")
        if parent == "TopLevel":
            return str(definition["name"])
        table = self._table(module)
        if "Class" in parent:
            return f"{self._qualname(module, table.classes[parent['Class']['class_id']])}.{definition['name']}"
        outer = table.functions.get(f"F:{parent['Function']['func_def_index']}")
        around = "?" if outer is None else self._qualname(module, outer)
        return f"{around}.<locals>.{definition['name']}"

    def function(self, module: int, number: str, name: str = "?") -> Definition:
        """A function by its number; `name` is for one that the tables do not have."""
        known = self._functions.get((module, number))
        if known is None:
            definition = self._table(module).functions.get(number)
            module_name = self._modules[module]["module_name"]
            if definition is None:
                known = Definition(name, f"{module_name}.{name}", None, None)
            else:
                qualname = self._qualname(module, definition)
                owner = definition.get("defining_class")
                path = self._path(module) if definition.get("is_def_statement", True) else None
                known = Definition(
                    str(definition["name"]),
                    f"{module_name}.{qualname}",
                    None if path is None else Key(path, qualname),
                    None if owner is None else self.class_(owner),
                )
            self._functions[module, number] = known
        return known

    def class_(self, reference: Mapping[str, Any]) -> ClassDefinition:
        identity = (reference["module_id"], reference["class_id"])
        known = self._classes.get(identity)
        if known is None:
            module, number = identity
            definition = self._table(module).classes.get(number)
            name = f"{reference['module_name']}.{reference['class_name']}"
            order: list[str] = []
            key = None
            if definition is not None:
                qualname = self._qualname(module, definition)
                name = f"{reference['module_name']}.{qualname}"
                mro = definition.get("mro", {})
                order = [self._class_name(base) for base in mro.get("Resolved", ())] if isinstance(mro, dict) else []
                path = self._path(module)
                key = None if path is None else Key(path, qualname)
            known = self._classes[identity] = ClassDefinition(name, (name, *order), key)
        return known

    def _class_name(self, reference: Mapping[str, Any]) -> str:
        module = reference["module_id"]
        definition = self._table(module).classes.get(reference["class_id"])
        name = reference["class_name"] if definition is None else self._qualname(module, definition)
        return f"{reference['module_name']}.{name}"

    def overriders(self, target: Target) -> set[Key]:
        """The project's methods that may run in the target's place."""
        if not target.overridable or target.receiver is None:
            return set()
        if self._overriders is None:
            self._overriders = {}
            for module in self.paths().values():
                for number, definition in self._table(module).functions.items():
                    if "defining_class" in definition and definition.get("is_def_statement", True):
                        function = self.function(module, number)
                        if function.key is not None and function.owner is not None:
                            for name in function.owner.order[1:]:
                                self._overriders.setdefault((name, function.name), []).append(function.key)
        found = set(self._overriders.get((target.receiver.qualified_name, target.function.name), ()))
        return found - {target.function.key}

    # ----------------------------------------------------------------------------------------------------------------- sites

    def sites(self, module: int) -> Iterator[tuple[Key, Site]]:
        """What stands in each function of a module: calls, properties, and the syntax of `_SYNTAX`."""
        path = self._path(module)
        graph = self._folder / "call_graphs" / self._modules[module]["info_filename"]
        if path is None or not graph.exists():
            return
        lines = (self._root / path).read_text(encoding="utf-8", errors="replace").split("\n")
        for number, places in _load(graph)["call_graphs"].items():
            if not number.startswith("F:"):
                continue
            key = self.function(module, number).key
            if key is not None:
                for where, expression in places.items():
                    position, _, sort = where.partition("|")
                    if not sort:
                        for site in self._site(_place(position, lines), expression):
                            yield key, site
                    elif sort in _SYNTAX and "Call" in expression:
                        targets = self._targets(expression["Call"].get("call_targets", []))
                        if all(target.function.name == _SYNTAX[sort].value for target in targets):  # not `async with`
                            yield key, Site(_SYNTAX[sort], _place(position, lines), targets)

    def _site(self, place: Place, expression: Mapping[str, Any]) -> Iterator[Site]:
        call = expression.get("Call")
        if call is not None:
            targets = [*call.get("call_targets", ()), *call.get("init_targets", ()), *call.get("new_targets", ())]
            handed = [
                target for given in call.get("higher_order_parameters", {}).values() for target in given.get("call_targets", ())
            ]
            made = next((target["receiver_class"] for target in call.get("init_targets", ()) if "receiver_class" in target), None)
            constructed = None if made is None else self.class_(made)
            unresolved = call.get("unresolved", {}).get("True")
            yield Site(What.CALL, place, self._targets(targets), constructed, self._targets(handed), unresolved)
        access = expression.get("AttributeAccess")
        if access is not None:
            for what, found in ((What.READ, "property_getters"), (What.WRITE, "property_setters")):
                if access.get(found):
                    yield Site(what, place, self._targets(access[found]))

    def _targets(self, targets: list[Any]) -> tuple[Target, ...]:
        found: dict[Target, None] = {}
        for item in targets:
            if not isinstance(item["target"], dict):
                continue
            for sort, reference in item["target"].items():
                function = self.function(reference["module_id"], reference["function_id"], reference["function_name"])
                receiver = self.class_(item["receiver_class"]) if "receiver_class" in item else None
                found[Target(function, receiver, sort == "Overrides")] = None
        return tuple(found)


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _place(text: str, lines: list[str]) -> Place:
    (line, column), (end_line, end_column) = ([int(number) for number in position.split(":")] for position in text.split("-"))
    return (line, _characters(lines, line, column), end_line, _characters(lines, end_line, end_column))


def _characters(lines: list[str], line: int, column: int) -> int:
    """A column that was counted in bytes, counted in characters."""
    text = lines[line - 1] if line <= len(lines) else ""
    return column if text.isascii() else len(text.encode()[: column - 1].decode(errors="ignore")) + 1
