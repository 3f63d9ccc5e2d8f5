"""Function bodies of installed packages are read when somebody asks: with the same result as if the file were read whole."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

import nosyncio
from nosyncio.analysis.build import build
from nosyncio.analysis.facts import ModuleFacts, ScopeKind
from nosyncio.analysis.outline import outline
from nosyncio.analysis.pieces import Rest, in_pieces, unpacked
from nosyncio.analysis.source import Unreadable, parse

SOURCES = sorted(Path(nosyncio.__file__).parent.rglob("*.py")) + sorted(Path(msgspec.__file__).parent.rglob("*.py"))
LONG = "    first = {what}\n    second = [first, first, first]\n    third = [second, second, second]\n    return third\n"
"""A body that is worth cutting out."""

_REFERENCES = {"FunctionRef", "ClassRef"}


def numbered_by_place(facts: ModuleFacts) -> list[Any]:
    """Facts in which a scope is named by where it stands, so that its number says nothing; without comments and imports."""
    names = {number: f"{scope.kind} {scope.name} {scope.place}" for number, scope in enumerate(facts.scopes)}

    def plain(value: object) -> Any:
        if isinstance(value, msgspec.Struct):
            fields = [field for field in value.__struct_fields__ if field not in ("rest", "number")]
            parts = [
                names[getattr(value, field)] if field == "scope" and type(value).__name__ in _REFERENCES
                else names.get(getattr(value, field)) if field == "parent"
                else plain(getattr(value, field))
                for field in fields
            ]  # fmt: skip
            return [type(value).__name__.replace("Later", "Scope"), *parts]
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value

    scopes = sorted((plain(scope) for scope in facts.scopes if scope.parent >= 0 or scope.kind == 0), key=repr)
    return [scopes, facts.star_imports, facts.lines, facts.head, facts.exports]


def read_all(rest: Rest, order: int) -> ModuleFacts:
    """All of a file, its bodies in some order."""
    while rest.size:  # what is read may have more in it
        scopes = list(rest.facts.scopes)
        random.Random(order).shuffle(scopes)
        for scope in scopes:
            scope.read()
    return rest.facts


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_pieces_and_the_whole_give_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    whole = numbered_by_place(build(parse(text)))
    rest = in_pieces(text)
    kept = unpacked(rest.packed())
    assert kept is not None
    assert numbered_by_place(read_all(rest, 1)) == whole
    assert numbered_by_place(read_all(kept, 2)) == whole
    again = unpacked(kept.packed())
    assert again is not None
    assert again.size == 0
    assert numbered_by_place(again.facts) == whole


def test_numbers_do_not_hang_on_what_is_read_first() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name == "names.py").replace(
        "from __future__", "#"
    )
    assert msgspec.msgpack.encode(read_all(in_pieces(text), 1)) == msgspec.msgpack.encode(read_all(in_pieces(text), 2))


CASES = {
    "strings": 'def f():\n    """A text\ndef g(): pass\n\n    """\n' + LONG.format(what="'''\nclass C: pass\n'''") + "\nx = 1\n",
    "quotes in a comment": 'def f():  # it\'s """ no string\n' + LONG.format(what="1") + "\ndef g():\n" + LONG.format(what="2"),
    "quotes in a string": 'def f(a=\'"""\'):\n' + LONG.format(what="'\\'\"\"\"'") + "\ndef g():\n" + LONG.format(what='"#"'),
    "a header over lines": "def f(\n    a: dict[str, int] = {'x': 1},  # a: b\n    *,\n    b=lambda x: (x),\n) -> 'a:b':\n"
    + LONG.format(what="a"),
    "a continued line": "def f():\n" + LONG.format(what="1 + \\\n2") + "x = 1\n",
    "brackets at the edge": "def f():\n" + LONG.format(what="[\n1,\n]") + "x = 1\n",
    "in brackets, less deep": "class C:\n    def f():\n"
    + LONG.format(what="[\n1,\n]").replace("    ", "        ")
    + "    x = 1\n",
    "a comment at the edge": "def f():\n# about\n"
    + LONG.format(what="1")
    + "# nothing\n"
    + LONG.format(what="2")
    + "# end\n@f\nclass C: pass\n",
    "branches": "if x:\n    def f():\n" + LONG.replace("    ", "        ").format(what="1") + "else:\n    f = None\n",
    "type checking": "if TYPE_CHECKING:\n    def f():\n" + LONG.replace("    ", "        ").format(what="g()") + "x = 1\n",
    "async, decorated": "@a(lambda: 1)\nasync def f(x, *y, **z):\n"
    + LONG.format(what="await x(lambda: [y, z])")
    + "@b\ndef g(): pass\n",
    "stores": "def f():\n    global x\n    x = 1\n" + LONG.format(what="2") + "def g():\n" + LONG.format(what="(yield)"),
    "letters": "ä = 'ö'\ndef f(ü='ä'):\n"
    + LONG.format(what="ü.ä('ö', ü.é)")
    + "class É:\n    def f():\n        'ü'; x.y; x.z; x.y.z; x.y.z.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t\n",
    "tabs": "def f():\n\tfirst = 1\n" + "\tfirst = first + 1\n" * 9 + "x = 1\n",
    "a form feed": "\fdef f():\n" + LONG.format(what="1"),
    "no newline at the end": ("def f():\n" + LONG.format(what="1")).rstrip("\n"),
    "one line": "def f(): return 1; " + "x = 1; " * 20 + "\ny = 2\n",
    "classes": "def f():\n    class A:\n        def g(self):\n            class B: pass\n            return lambda: B\n"
    + LONG.format(what="A"),
    "defaults that are names": "A = B = 1\nfor A in x:\n    def f(self, a=A, *, b: 'A=2' = B, c=A, d='=', e=None, f=...):\n"
    + LONG.replace("    ", "        ").format(what="a")
    + "    A = 2\ndef g(a=A, b=Unbound):\n"
    + LONG.format(what="b"),
    "defaults that are more": "A = 1\ndef f(a=A.b, b=[A, A], c=-1, d=f'{A.b}', e=A if A else 2):\n"
    + LONG.format(what="a")
    + "def g(a=lambda: 1, b=a[0], c=A == 1):\n"
    + LONG.format(what="b"),
    "comments in a header": "A = 1\ndef f(\n    a: A = A,  # it's (a=b)\n    # b=c.d\n    c=A,\n) -> A:\n"
    + LONG.format(what="a"),
    "nothing": "class C:\n    @x.overload\n    def f(self, first: A, second: B, third: C, last: D = 1) -> dict[A, B]: ... # no\n"
    "    async def g(self, first: A, second: B, third: C, fourth: D = 1) -> dict[str, A]: ...\n    def h(self): ...\n",
    "classes with much in them": "@a\nclass C(A, metaclass=B):\n    '''A text\nclass D: pass\n    '''\n"
    + "    x: int = 1\n    for y in z():\n        def f(self, a=x, *, b: 'B' = y):\n"
    + LONG.replace("    ", "            ").format(what="lambda: a")
    + "    class D:\n        def g(self):\n            self.x, (self.y) = 1, 2\n"
    + LONG.replace("    ", "            ").format(what="[\n1,\n]")
    + "        async def h(self): ...\n    w = [v for v in y if v]\nclass E(C): pass\n",
    "a class where nothing runs": "if TYPE_CHECKING:\n    class C:\n"
    + LONG.replace("    ", "        ").format(what="g()")[:-21]
    + "x = 1\n",
    "a class under main": "if __name__ == '__main__':\n    class C:\n        x = g()\n        def f(self):\n"
    + LONG.replace("    ", "            ").format(what="g()"),
    "tabs that indent nothing": "def f():\n"
    + LONG.format(what="1")
    + "\t\t# about \\\n\t\n    x = '\\s*def\\s+' \t# no\ndef g():\n"
    + LONG.format(what="2"),
    "records": "def f():\n    T = NamedTuple('T', [('x', int)])\n" + LONG.format(what="T(1)"),
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_unusual_text_is_cut_rightly_or_not_at_all(text: str) -> None:
    assert numbered_by_place(read_all(in_pieces(text), 1)) == numbered_by_place(build(parse(text)))


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_signatures_are_read_alone(text: str) -> None:
    whole = {(scope.name, *scope.place[:2]): scope for scope in build(parse(text)).scopes}
    rest = in_pieces(text)
    left = rest.size
    kept = unpacked(rest.packed())
    assert kept is not None
    for facts in (rest.facts, kept.facts):
        for scope in facts.scopes:
            same = whole.get((scope.name, *scope.place[:2]))
            if same is not None and scope.parent >= 0:
                assert (scope.parameters, scope.returns) == (same.parameters, same.returns)
                assert (scope.is_async, scope.type_parameters) == (same.is_async, same.type_parameters)
    assert rest.size == left
    assert numbered_by_place(read_all(rest, 1)) == numbered_by_place(build(parse(text)))


def test_a_signature_stays_where_the_body_is_broken() -> None:
    rest = in_pieces("def f(a: int = 1) -> str:\n" + LONG.format(what="1 1"))
    f = rest.facts.scopes[1]
    assert f.sites == []
    assert [parameter.name for parameter in f.parameters] == ["a"]
    assert f.returns is not None


def test_looking_for_a_header_takes_no_longer_than_it_is() -> None:
    lines = "    a: int,  # it's (so)\n" * 2000
    assert outline(f"def f(\n{lines}    (b):\n{LONG.format(what='1')}") is None


def test_bodies_are_cut_out_where_that_pays() -> None:
    text = CASES["quotes in a string"]
    found = outline(text)
    assert found is not None
    assert [cut.line for cut in found.cuts.values()] == [1, 7]
    assert in_pieces(text).size == 2
    assert outline("def f():\n    return 1\n") is None


CLASS = "class C(A):\n    x = y\n    def f(self):\n        self.z = self.w\n" + LONG.replace("    ", "        ").format(
    what="lambda: 1"
)


def test_classes_are_not_read_to_say_what_they_do_not_bind() -> None:
    rest = in_pieces(CLASS)
    found = rest.facts.scopes[1]
    assert not found.binds("g")
    assert not found.may_assign("w")
    assert found.may_assign("z")
    assert rest.size == 1
    assert found.binds("f")
    assert not found.binds("first")
    assert (rest.size, [*found.names]) == (1, ["x", "f"])  # that of the method


def test_what_a_kept_number_stands_for_is_read() -> None:
    rest = in_pieces(CLASS)
    assert rest.facts.has(2, ScopeKind.FUNCTION)
    assert rest.facts.scopes[2].name == "f"
    assert in_pieces(CLASS).facts.has(3, ScopeKind.LAMBDA)
    assert not in_pieces(CLASS).facts.has(3, ScopeKind.FUNCTION)
    assert not in_pieces(CLASS).facts.has(4, ScopeKind.LAMBDA)


def test_a_class_that_is_broken_has_nothing_in_it_and_the_rest_is_there() -> None:
    rest = in_pieces(CLASS.replace("x = y", "x = = y") + "class D:\n    x = 1\n" + LONG.format(what="1")[:-17])
    broken, good = (scope for scope in rest.facts.scopes if scope.kind is ScopeKind.CLASS)
    assert ([*broken.names], [*good.names]) == ([], ["x", "first", "second", "third"])


def test_a_body_that_is_broken_has_nothing_in_it_and_the_rest_is_there() -> None:
    rest = in_pieces("def f(a):\n" + LONG.format(what="1 1") + "def g():\n" + LONG.format(what="1"))
    f, g = rest.facts.scopes[1], rest.facts.scopes[2]
    assert (f.sites, f.returned, len(g.returned)) == ([], [], 1)
    assert rest.size == 0


def test_a_file_that_is_broken_elsewhere_says_so() -> None:
    with pytest.raises(Unreadable, match="syntax error"):
        in_pieces("def f():\n" + LONG.format(what="1") + "x = = 1\n")


def test_a_piece_that_nests_deeply_is_read() -> None:
    text = "def f():\n" + LONG.format(what="[" * 80 + "]" * 80) + "x = 1\n"

    def deep(left: int) -> int:
        return deep(left - 1) if left else len(in_pieces(text).facts.scopes[1].returned)

    assert deep(700) == 1


def test_a_piece_that_nests_too_deeply_for_any_stack_has_nothing_in_it() -> None:
    text = "def f():\n" + LONG.format(what="x" + ".a" * 50_000) + "def g():\n" + LONG.format(what="1")
    rest = in_pieces(text)
    assert [len(scope.returned) for scope in rest.facts.scopes[1:]] == [0, 1]
    assert rest.size == 0


@pytest.mark.parametrize("data", [b"", b"\x90", b"x" * 50, msgspec.msgpack.encode([[], []])])
def test_other_bytes_are_no_facts(data: bytes) -> None:
    assert unpacked(data) is None
