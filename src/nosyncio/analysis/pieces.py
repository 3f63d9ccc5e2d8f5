"""Facts of a file whose function bodies are read when somebody asks for what is in them.

What is asked, and in which order, changes no answer: the scopes of a body have their numbers before it is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import msgspec

from nosyncio.analysis import source
from nosyncio.analysis.build import ModuleBuilder, NotRead
from nosyncio.analysis.facts import ModuleFacts, Scope
from nosyncio.analysis.outline import outline
from nosyncio.analysis.source import Source, TooDeep, Unreadable

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

_NEEDED = {"yielded": ("yield",), "is_generator": ("yield",), "outer_stores": ("global", "nonlocal")}
_WORDS = [(field, _NEEDED.get(field, ())) for field in _BODY]
"""For each of them, words without which a body leaves it empty; none where it never surely is."""

_SIGNATURE = ("parameters", "returns")
"""The fields that its header gives, where that is read later, too."""

_HEADER = [field for field in Scope.__struct_fields__ if field not in _BODY]
_FIRST = [field for field in _HEADER if field not in _SIGNATURE]


class Later(Scope, array_like=True):
    """A function whose body is not read yet, and perhaps its signature. The fields that these give are not there before somebody
    asks for one of them."""

    rest: Rest | None = None
    number: int = 0

    def __getattr__(self, name: str) -> object:
        if name in _BODY:
            self.read()
        elif name in _SIGNATURE and self.rest is not None:
            self.rest.sign(self)
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def read(self) -> None:
        if self.rest is not None:
            self.rest.read(self)

    def may_assign(self, attribute: str) -> bool:
        return self.rest is None or assignment(attribute).search(self.rest.text(self.number)) is not None


@cache
def assignment(attribute: str) -> re.Pattern[str]:
    """Finds all places that assign an attribute, and others."""
    return re.compile(rf"\.\s*{re.escape(attribute)}\b(?!\s*[.(\[])")


class _Kept(msgspec.Struct, array_like=True):
    facts: ModuleFacts
    left: list[NotRead]


_DECODER = msgspec.msgpack.Decoder(_Kept)
_ENCODER = msgspec.msgpack.Encoder()


class Rest:
    """What is not read yet of a file. facts: those of the file."""

    def __init__(self, facts: ModuleFacts, left: Iterable[NotRead]) -> None:
        self.facts = facts
        self._left = {item.number: item for item in left}
        for item in self._left.values():
            facts.scopes[item.number] = self._later(facts.scopes[item.number], item)

    @property
    def size(self) -> int:
        """How many bodies are left."""
        return len(self._left)

    def _later(self, scope: Scope, item: NotRead) -> Later:
        later = Later(rest=self, number=item.number, **{field: getattr(scope, field) for field in _HEADER})
        for field, words in _WORDS:
            if not words or any(word in item.text for word in words):
                delattr(later, field)
        if item.header:
            for field in _SIGNATURE:
                delattr(later, field)
        return later

    def text(self, number: int) -> str:
        """The text of a function whose body is left."""
        return self._left[number].text

    def read(self, later: Later) -> None:
        """Read the body of a function. One that cannot be read has nothing in it. Raises RecursionError where the stack is used
        up; then nothing is read yet."""
        item = self._left[later.number]
        _empty(later)
        try:
            source.with_stack(lambda: self._build(item))
        except Unreadable:
            _empty(later)
            if item.header:
                self.sign(later)
        except BaseException:
            for field in _BODY:
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
        try:
            ModuleBuilder(parsed, stub=False).sign(later, item, node)
        except RecursionError:
            raise TooDeep from None

    def _build(self, item: NotRead) -> None:
        parsed, node = _parsed(item.text, item.line)
        _empty(self.facts.scopes[item.number])
        try:
            ModuleBuilder(parsed, stub=False).resume(self.facts.scopes, item, node)
        except RecursionError:
            raise TooDeep from None

    def packed(self) -> bytes:
        """All of it, for `unpacked`. Raises RecursionError for what nests too deeply."""
        scopes = list(self.facts.scopes)
        for number, item in self._left.items():
            fields = _FIRST if item.header else _HEADER
            scopes[number] = Scope(**{field: getattr(scopes[number], field) for field in fields})
        return _ENCODER.encode(_Kept(msgspec.structs.replace(self.facts, scopes=scopes), [*self._left.values()]))


def _empty(scope: Scope) -> None:
    for field, empty in _BODY.items():
        setattr(scope, field, empty())


def _parsed(text: str, line: int) -> tuple[Source, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The tree of a function that begins in a line, and the function in it. Raises Unreadable, also for something else."""
    is_inside = text.startswith(" ")
    parsed = source.parse(f"if 1:\n{text}" if is_inside else text, line - 1 - is_inside)
    statement = parsed.tree.body[0]
    node = statement.body[0] if isinstance(statement, ast.If) else statement
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        raise Unreadable("not a function")
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
    try:
        kept = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return None
    return Rest(kept.facts, kept.left)
