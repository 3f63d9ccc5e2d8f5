"""Facts of a file whose classes and functions are read when somebody asks for what is in them.

What is asked, and in which order, changes no answer: the scopes of a body have their numbers before it is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from typing import Any

import msgspec

from nosyncio.analysis import source
from nosyncio.analysis.build import Definition, ModuleBuilder, NotRead
from nosyncio.analysis.facts import ModuleFacts, Scope, ScopeKind
from nosyncio.analysis.outline import Cut, outline
from nosyncio.analysis.source import Source, TooDeep, Unreadable
from nosyncio.decoding import decoded

_BODY: dict[str, Callable[[], Any]] = {
    "bindings": list,
    "names": dict,
    "sites": list,
    "outer_stores": list,
    "generators": list,
    "guards": list,
    "bound_under": list,
    "returned": list,
    "yielded": list,
    "is_generator": bool,
}
"""The fields of a function's scope that its body gives, with what makes an empty one."""

_MARKED = (("yield", ("yielded", "is_generator")), ("global", ("outer_stores",)), ("nonlocal", ("outer_stores",)))
"""Words without any of which a body leaves some of them empty."""

_CLASS_BODY: dict[str, Callable[[], Any]] = {
    **{field: _BODY[field] for field in ("bindings", "names", "sites", "outer_stores", "generators", "guards", "bound_under")},
    "final": dict,
}
"""The same of a class's scope."""

_SIGNATURE = ("parameters", "returns")
"""The fields that its header gives, where that is read later, too."""

_FIELDS = Scope.__struct_fields__
_HINTED = frozenset(field for _, fields in _MARKED for field in fields)
_KEPT = tuple([tuple([field for field in _FIELDS if field not in body]) for body in (_BODY, _CLASS_BODY)])
_LEFT = tuple([tuple([field for field in body if field not in _HINTED]) for body in (_BODY, _CLASS_BODY)])
"""What is known of a function, and of a class, before it is read, and what never is."""


def _body_of(scope: Scope) -> dict[str, Callable[[], Any]]:
    return _CLASS_BODY if scope.kind is ScopeKind.CLASS else _BODY


class Later(Scope, array_like=True):
    """A function or class whose body is not read yet, and perhaps its signature. The fields that these give are not there before
    somebody asks for one of them."""

    rest: Rest | None = None
    number: int = 0

    def __getattr__(self, name: str) -> object:
        if name in _body_of(self):
            self.read()
        elif name in _SIGNATURE and self.rest is not None:
            self.rest.sign(self)
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def read(self) -> bool:
        if self.rest is None:
            return False
        self.rest.read(self)
        return True

    def may_assign(self, attribute: str) -> bool:
        if self.rest is None:
            return True
        text = self.rest.text(self.number)
        return attribute in text and assignment(attribute).search(text) is not None

    def binds(self, name: str) -> bool:
        if self.kind is ScopeKind.CLASS and self.rest is not None and name not in self.rest.text(self.number):
            return False
        return name in self.names


@cache
def assignment(attribute: str) -> re.Pattern[str]:
    """Finds all places that assign an attribute, and others: what stands behind tells it from most that read it."""
    return re.compile(rf"\.\s*{re.escape(attribute)}\b(?=\s*(?:=(?!=)|[-+*/%@&|^]=|(?://|\*\*|<<|>>)=|[:,)\]#\\]|in\b))")


class _Kept(msgspec.Struct, array_like=True):
    facts: ModuleFacts
    left: list[NotRead]


_DECODER = msgspec.msgpack.Decoder(_Kept)
_ENCODER = msgspec.msgpack.Encoder()


class Rest:
    """What is not read yet of a file. facts: those of the file."""

    def __init__(self, facts: ModuleFacts, left: Iterable[NotRead]) -> None:
        self.facts = facts
        self._left: dict[int, NotRead] = {}
        self._leave(left)

    @property
    def size(self) -> int:
        """How many bodies are left."""
        return len(self._left)

    def _leave(self, left: Iterable[NotRead]) -> None:
        for item in left:
            self._left[item.number] = item
            self.facts.scopes[item.number] = self._later(self.facts.scopes[item.number], item)

    def _later(self, scope: Scope, item: NotRead) -> Later:
        later = Later(rest=self, number=item.number, **{field: getattr(scope, field) for field in _KEPT[item.is_class]})
        for field in _LEFT[item.is_class]:
            delattr(later, field)
        for field in {field for word, fields in _MARKED if word in item.text for field in fields} & _body_of(scope).keys():
            delattr(later, field)
        if item.header:
            for field in _SIGNATURE:
                delattr(later, field)
        return later

    def text(self, number: int) -> str:
        """The text of a function or class whose body is left."""
        return self._left[number].text

    def read(self, later: Later) -> None:
        """Read the body of a function or class. One that cannot be read has nothing in it. Raises RecursionError where the stack
        is used up; then nothing is read yet."""
        item = self._left[later.number]
        _empty(later)
        try:
            source.with_stack(lambda: self._build(item))
        except Unreadable:
            _empty(later)
            if item.header:
                self.sign(later)
        except BaseException:
            for field in _body_of(later):
                delattr(later, field)
            raise
        later.rest = None
        del self._left[later.number]

    def sign(self, later: Later) -> None:
        """Read the signature of a function; of one that cannot be read, it is empty. Raises RecursionError where the stack is
        used up; then nothing is read yet."""
        item = self._left[later.number]
        try:
            source.with_stack(lambda: self._sign(later, item))
        except Unreadable:
            later.parameters, later.returns = (), None

    def _sign(self, later: Later, item: NotRead) -> None:
        parsed, node = _parsed(item.text[: item.header] + " 0", item.line)
        if isinstance(node, ast.ClassDef):
            raise Unreadable("not a function")
        try:
            ModuleBuilder(parsed, stub=False).sign(later, item, node)
        except RecursionError:
            raise TooDeep from None

    def _build(self, item: NotRead) -> None:
        parsed, node, cuts = _class_parsed(item) if item.is_class else (*_parsed(item.text, item.line), None)
        _empty(self.facts.scopes[item.number])
        builder = ModuleBuilder(parsed, stub=False, cuts=cuts)
        try:
            builder.resume(self.facts.scopes, item, node)
        except RecursionError:
            raise TooDeep from None
        self._leave(builder.left)

    def packed(self) -> bytes:
        """All of it, for `unpacked`. Raises RecursionError for what nests too deeply."""
        scopes = list(self.facts.scopes)
        for number, item in self._left.items():
            left = {*_body_of(scopes[number]), *(_SIGNATURE if item.header else ())}
            scopes[number] = Scope(**{field: getattr(scopes[number], field) for field in _FIELDS if field not in left})
        return _ENCODER.encode(_Kept(msgspec.structs.replace(self.facts, scopes=scopes), [*self._left.values()]))


def _empty(scope: Scope) -> None:
    for field, empty in _body_of(scope).items():
        setattr(scope, field, empty())


def _class_parsed(item: NotRead) -> tuple[Source, Definition, dict[int, Cut]]:
    """The outline of a class as a tree, and what was cut out of it, by line. Raises Unreadable."""
    found = outline(item.text, item.text.index("class") + 1)
    if found is not None:
        with suppress(Unreadable):  # what is wrong, if anything is, shows in the whole class
            parsed, node = _parsed(found.text, item.line)
            below = item.line - 1 - parsed.above
            return parsed, node, {line + below: cut._replace(line=line + below) for line, cut in found.cuts.items()}
    return (*_parsed(item.text, item.line), {})


def _parsed(text: str, line: int) -> tuple[Source, Definition]:
    """The tree of a function or class that begins in a line, and itself in it. Raises Unreadable, also for something else."""
    is_inside = text.startswith(" ")
    parsed = source.parse(f"if 1:\n{text}" if is_inside else text, line - 1 - is_inside)
    statement = parsed.tree.body[0]
    node = statement.body[0] if isinstance(statement, ast.If) else statement
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        raise Unreadable("not a definition")
    return parsed, node


def in_pieces(text: str) -> Rest:
    """The facts of a file's text. Raises Unreadable."""
    return source.with_stack(lambda: _in_pieces(text))


def _in_pieces(text: str) -> Rest:
    found = outline(text)
    try:
        parsed = source.parse(text if found is None else found.text)
    except Unreadable:
        if found is None:
            raise
        found, parsed = None, source.parse(text)  # what is wrong, if anything is, shows in the whole file
    builder = ModuleBuilder(parsed, stub=False, cuts={} if found is None else found.cuts)
    try:
        return Rest(builder.run(), builder.left)
    except RecursionError:
        raise TooDeep from None


def unpacked(data: bytes) -> Rest | None:
    """What `packed` gave; None for something else."""
    kept = decoded(_DECODER, data)
    return None if kept is None else Rest(kept.facts, kept.left)
