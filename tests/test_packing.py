"""Facts in bytes: whatever is asked for of them, and in which order, is what was packed."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from nosyncio.analysis.build import build
from nosyncio.analysis.facts import ModuleFacts, Scope
from nosyncio.analysis.packing import Closed, packed, unpacked
from nosyncio.analysis.source import parse

FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted(FIXTURES.rglob("*.py"))[::7]


def made(text: str) -> ModuleFacts:
    return build(parse(text))


def again(facts: ModuleFacts) -> ModuleFacts:
    data = packed(facts)
    assert data is not None
    found = unpacked(data)
    assert found is not None
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FIXTURES)))
def test_what_was_packed_comes_back_whatever_is_asked_first(file: Path) -> None:
    facts = made(file.read_text("utf-8"))
    found = again(facts)
    places = [(number, field) for number in range(len(facts.scopes)) for field in Scope.__struct_fields__]
    random.Random(file.name).shuffle(places)
    for number, field in places:
        assert getattr(found.scopes[number], field) == getattr(facts.scopes[number], field)
    assert msgspec.structs.replace(found, scopes=[]) == msgspec.structs.replace(facts, scopes=[])


def test_what_is_not_asked_for_is_not_decoded() -> None:
    found = again(made("def f():\n    return g()\n\n\ndef g():\n    return 1\n"))
    scopes = [scope for scope in found.scopes if isinstance(scope, Closed)]
    assert [scope.name for scope in scopes] == ["", "f", "g"]
    assert found.scopes[1].returned
    assert found.scopes[1].sites
    assert [bool(scope.packed) for scope in scopes] == [True, False, True]
    with pytest.raises(AttributeError):
        _ = found.scopes[2].there_is_no_such_thing  # type: ignore[attr-defined]
    assert scopes[2].packed


def test_packed_twice_it_is_the_same() -> None:
    facts = made("class C:\n    def f(self):\n        global x\n        x = yield open(self)\n")
    data = packed(facts)
    assert data == packed(again(facts))
    half_opened = again(facts)
    assert half_opened.scopes[1].names
    assert data == packed(half_opened)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x93\x90\x90\x90", b"\x93\x97\x90\x90\x90\x90\x01\x01\xc0\x90\x91\xc4\x00"])
def test_other_bytes_are_no_facts(data: bytes) -> None:
    assert unpacked(data) is None


def test_on_a_used_up_stack_nothing_is_lost() -> None:
    facts = made("def f(x):\n    return " + "x" + ".y" * 60 + "\n")
    found = again(facts)

    def dive() -> object:
        try:
            return dive()
        except RecursionError:
            return found.scopes[1].returned

    assert dive() == facts.scopes[1].returned
