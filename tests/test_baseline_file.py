"""The baseline as a file: one line an entry, the same bytes for the same entries, and a clear error for whatever else it says."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nosyncio import rules
from nosyncio.baseline import BaselineError, Entries, read, written
from nosyncio.baseline.file import _Entry
from nosyncio.model import Identity

ENTRY = '{ path = "a.py", function = "f", code = "NSI101", callee = "time.sleep" }'
IDENTITY = Identity("a.py", "f", "NSI101", "time.sleep")

_names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
_parts = _names.map(lambda name: name.replace("/", "_")).filter(lambda name: name not in (".", ".."))
_paths = st.lists(_parts, min_size=1, max_size=3).map("/".join)
_direct = st.tuples(_paths, st.just("") | _names, st.sampled_from(sorted(rules.codes())), _names)
_chained = st.tuples(_paths, _names, st.just("NSI302"), _names, _names, _paths, st.just("") | _names)
_entries = st.lists((_direct | _chained).map(lambda fields: Identity(*fields)), max_size=6).map(Counter)
_NOT_BELOW = "is no path below the project's root"


def parsed(folder: Path, content: str | bytes, *, mending: bool = False) -> Entries:
    file = folder / "known.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(file, mending=mending)


def problem(folder: Path, content: str | bytes, *, mending: bool = False) -> str:
    """What is said of a baseline that can't be used, behind its folder."""
    with pytest.raises(BaselineError) as error:
        parsed(folder, content, mending=mending)
    return str(error.value).removeprefix(f"{folder}{os.sep}")


def of(*entries: str) -> str:
    return "version = 1\nknown = [\n" + "".join(f"  {entry},\n" for entry in entries) + "]\n"


def test_the_fields_are_those_of_an_identity() -> None:
    assert sorted(_Entry.__struct_fields__) == sorted(Identity._fields)


@given(_entries)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, entries: Entries) -> None:
    text = written(entries)
    assert parsed(tmp_path_factory.getbasetemp(), text) == entries
    lines = [line for line in text.splitlines() if line.startswith("  {")]
    assert len(lines) == entries.total()
    assert written(Counter(sorted(entries.elements(), reverse=True))) == text


def test_the_order_is_that_of_places(tmp_path: Path) -> None:
    swapped = Counter([IDENTITY, IDENTITY._replace(path="B.py"), IDENTITY._replace(path="a/b.py"), IDENTITY])
    paths = [line.split('"')[1] for line in written(swapped).splitlines() if line.startswith("  {")]
    assert paths == ["B.py", "a.py", "a.py", "a/b.py"]


def test_what_may_differ(tmp_path: Path) -> None:
    assert parsed(tmp_path, "") == Counter()
    assert parsed(tmp_path, "# nothing\n") == Counter()
    assert parsed(tmp_path, "version = 1\n") == Counter()
    assert parsed(tmp_path, of(ENTRY, ENTRY)) == {IDENTITY: 2}
    assert parsed(tmp_path, of(ENTRY).replace("\n", "\r\n")) == {IDENTITY: 1}
    tables = 'version = 1\n[[known]]\npath = "a.py"\nfunction = "f"\ncode = "NSI101"\ncallee = "time.sleep"\n'
    assert parsed(tmp_path, tables) == {IDENTITY: 1}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("known = [\n", "known.toml: not valid TOML: "),
        ("[]", "known.toml: not valid TOML: "),
        (b"\xff\xfe", "known.toml: not valid TOML: byte 0xff is not UTF-8"),
        ("x = " + "[" * 100_000, "known.toml: nested too deeply"),
        ("version = " + "1" * 10_000, "known.toml: not valid TOML: "),
        ("version = 1\nversion = 1\n", "known.toml: not valid TOML: "),
        ("version = 2\n", "known.toml: version 2 is not known, only 1; a newer nosyncio wrote it"),
        ("version = 0\n", "known.toml: version 0 is not known, only 1"),
        ("version = true\n", "known.toml: version: must be a whole number, not true"),
        ('version = "1"\n', "known.toml: version: must be a whole number, not "),
        ("known = []\n", "known.toml: the key 'version' is missing"),
        ("version = 1\nentries = []\n", "known.toml: unknown key 'entries'"),
        ("version = 1\nknown = 3\n", "known.toml: known: must be a list of tables, not 3"),
        (of(ENTRY, "3"), "known.toml: known[1]: must be a table, not 3"),
        (of(ENTRY, ENTRY.replace("code", "kode")), "known.toml:4: known[1]: unknown key 'kode'; did you mean 'code'?"),
        (of(ENTRY, '{ path = "a.py" }'), "known.toml:4: known[1]: the key 'code' is missing"),
        (of(ENTRY.replace('"a.py"', "1")), "known.toml:3: known[0].path: must be a string, not 1"),
        (of(ENTRY.replace("path", 'path = "b.py", path')), "known.toml: not valid TOML: "),
        (of(ENTRY, ENTRY.replace("NSI101", "NSI999")), "known.toml:4: known[1]: 'NSI999' is no code; did you mean 'NSI"),
        (
            of(ENTRY, ENTRY.replace("a.py", "/etc/a.py")),
            f"known.toml:4: known[1]: '/etc/a.py' {_NOT_BELOW}",
        ),
        (of(ENTRY.replace("a.py", "../a.py")), f"known.toml:3: known[0]: '../a.py' {_NOT_BELOW}"),
        (of(ENTRY.replace("a.py", "b/../a.py")), f"known.toml:3: known[0]: 'b/../a.py' {_NOT_BELOW}"),
        (of(ENTRY.replace("a.py", "./a.py")), f"known.toml:3: known[0]: './a.py' {_NOT_BELOW}"),
        (of(ENTRY.replace("a.py", "a\\u0000.py")), f"known.toml:3: known[0]: 'a\\x00.py' {_NOT_BELOW}"),
        (of(ENTRY.replace("a.py", "")), f"known.toml:3: known[0]: '' {_NOT_BELOW}"),
        (
            of(ENTRY.replace(" }", ', leaf-path = "/b.py" }')),
            f"known.toml:3: known[0]: '/b.py' {_NOT_BELOW}",
        ),
        (of(ENTRY, "<<<<<<< HEAD"), "known.toml: not valid TOML: "),
        ("<<<<<<< HEAD\n" + of(ENTRY), "known.toml:1: conflict markers of a merge; `nosyncio baseline update` mends that"),
    ],
)
def test_what_it_must_not_say(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert problem(tmp_path, content).startswith(expected)


def test_each_side_of_a_conflict_must_be_sound(tmp_path: Path) -> None:
    torn = f"version = 1\nknown = [\n<<<<<<< HEAD\n  {ENTRY},\n=======\n  {{ path = 1 }},\n>>>>>>> other\n]\n"
    expected = "known.toml: their side of the conflict:3: known[0].path: must be a string, not 1"
    assert problem(tmp_path, torn, mending=True) == expected


def test_both_sides_of_a_conflict_count_once(tmp_path: Path) -> None:
    """What both have is no more than what the one has that has more; what both began with does not count."""
    other = ENTRY.replace("sleep", "nap")
    text = of(f"{ENTRY},\n<<<<<<< a\n  {ENTRY},\n||||||| base\n  {other},\n=======\n>>>>>>> b\n  #")
    assert parsed(tmp_path, text, mending=True) == {IDENTITY: 2}


def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "known.toml").mkdir()
    with pytest.raises(BaselineError, match="not a file"):
        read(tmp_path / "known.toml")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BaselineError, match="not a file"):
        read(tmp_path / "pipe")
    with pytest.raises(BaselineError, match="there is no such baseline"):
        read(tmp_path / "gone.toml")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "shut.toml").write_text("")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(BaselineError, match="cannot be read: Permission denied"):
        read(tmp_path / "shut.toml")
