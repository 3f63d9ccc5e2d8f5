"""What `tools/check_catalogue.py` looked at, and with which result: kept as data in `checked.toml`, and shown in
`docs/accuracy.md` as tables that are made from that alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from reality.claims import HERE, File, Told, read_toml

CHECKED = HERE / "checked.toml"
PAGE = HERE.parents[1] / "docs" / "accuracy.md"
MARKS = "<!-- tools/check_catalogue.py: begin -->", "<!-- tools/check_catalogue.py: end -->"

ENDS = ("lowest", "newest")
ADVICE = "advice"
"""The place in which all that `instead` names is installed together."""

_COUNTED = {
    "test_names": "names",
    "test_arguments": "arguments",
    "test_instead": "replacements",
    "test_stubs": "stubs",
    "test_alias_ends": "aliases",
}


_SEEN = ("held", "asked", "computed")


class Row(msgspec.Struct, omit_defaults=True):
    """One file of the catalogue in one place: a version of the library, or of Python."""

    release: str = ""
    python: str = ""
    names: int = 0
    arguments: int = 0
    replacements: int = 0
    stubs: int = 0
    aliases: int = 0
    held: int = 0
    asked: int = 0
    computed: int = 0
    wrong: int = 0
    failure: str = ""

    @property
    def seen(self) -> int:
        return self.held + self.asked + self.computed


class Checked(msgspec.Struct):
    """What is recorded of one file: how many entries it has, of what, and what each place gave."""

    entries: int
    distribution: str
    places: dict[str, Row]


Record: TypeAlias = dict[str, Checked]


def row(told: Sequence[Told], release: str, failure: str) -> Row:
    """What the tests of one file say together."""
    counts = dict.fromkeys(_COUNTED.values(), 0)
    for one in told:
        if one.test in _COUNTED:
            counts[_COUNTED[one.test]] += one.looked
    how = [evidence for one in told for evidence in one.seen.values()]
    wrong = len({name for one in told for name in one.wrong})
    python = told[0].python if told else ""
    seen = {evidence: how.count(evidence) for evidence in _SEEN}
    return Row(release=release, python=python, **counts, **seen, wrong=wrong, failure=failure)


def read_record() -> Record:
    return msgspec.convert(read_toml(CHECKED) if CHECKED.exists() else {}, Record)


def write_record(found: Mapping[str, Mapping[str, Row]], known: Sequence[File]) -> None:
    """Puts what was found beside, or in place of, what was recorded before."""
    record = read_record()
    for file in known:
        if file.name in found:
            entries = len({name for table in file.library.blocking for name in table.names})
            before = record[file.name].places if file.name in record else {}
            record[file.name] = Checked(entries, file.library.distribution or "", {**before, **found[file.name]})
    lines = [
        "# What each file of the catalogue was checked in, and how much of it. Written by `tools/check_catalogue.py --record`."
    ]
    for name, checked in sorted(record.items()):
        lines += ["", f"[{name}]", f"entries = {checked.entries}", f"distribution = {json.dumps(checked.distribution)}"]
        for place, one in sorted(checked.places.items()):
            values = msgspec.to_builtins(one)
            lines.append(f"places.{json.dumps(place)} = {{ {', '.join(f'{k} = {json.dumps(v)}' for k, v in values.items())} }}")
    CHECKED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_tables(page: Path = PAGE) -> None:
    """Puts the tables where the page has its marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    page.write_text(f"{before}{MARKS[0]}\n\n{tables(read_record())}\n{MARKS[1]}{after}", encoding="utf-8")


def tables(record: Record) -> str:
    return "\n".join([*_looked_up(record), "", *_not_checked(record), *_seen_to_block(record)])


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---:' if rows and isinstance(cell, int) else '---' for cell in (rows or [head])[0])} |"
    yield from (f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else cell for cell in cells)} |" for cells in rows)


def _looked_up(record: Record) -> Iterator[str]:
    places = sorted({p for checked in record.values() for p in checked.places if " on " not in p}, key=_in_order)
    rows: list[Sequence[Any]] = []
    for place in places:
        ran = [checked.places[place] for checked in record.values() if place in checked.places]
        there = [one for one in ran if not one.failure]
        sums = [sum(getattr(one, field) for one in there) for field in (*_COUNTED.values(), "wrong")]
        rows.append([_said(place), len(ran), *sums, len(ran) - len(there)])
    head = ("", "files", "names", "arguments", "replacements", "in stubs", "aliases", "wrong", "files not checked")
    yield from _table(head, rows)


def _in_order(place: str) -> tuple[bool, int, int, str]:
    number = tuple(map(int, place.split("."))) if place[0].isdigit() else (0, 0)
    return (not place[0].isdigit(), number[1], [*ENDS, ADVICE].index(place) if place in (*ENDS, ADVICE) else 0, place)


def _said(place: str) -> str:
    if place[0].isdigit():
        return f"standard library, Python {place}"
    return {ADVICE: "what the advice names, installed beside each other"}.get(place, f"libraries, {place} version")


def _not_checked(record: Record) -> Iterator[str]:
    rows = [
        (f"`{checked.distribution or name}` {one.release}", place, one.failure.replace("|", "\\|"))
        for name, checked in record.items()
        for place, one in checked.places.items()
        if one.failure
    ]
    if rows:
        yield "Not checked:"
        yield ""
        yield from _table(("library", "version", "why"), rows)
        yield ""


def _of_stdlib(record: Record) -> str:
    seen: dict[str, int] = defaultdict(int)
    for checked in record.values():
        if not checked.distribution:
            for place, one in checked.places.items():
                seen[place] += one.seen
    return ", ".join(f"{count} on Python {place}" for place, count in sorted(seen.items()) if count)


def _seen_to_block(record: Record) -> Iterator[str]:
    rows = []
    for checked in record.values():
        seen = {place: one for place, one in checked.places.items() if one.seen}
        if checked.distribution and seen:
            most = max(seen.values(), key=lambda one: one.seen)
            pythons = sorted({one.python for one in seen.values()}, key=_in_order)
            rows.append((f"`{checked.distribution}`", checked.entries, most.seen, most.held, most.asked, most.computed,
                         ", ".join(pythons), "yes" if "lowest" in seen else "no"))  # fmt: skip
    yield f"Seen to block: {sum(cells[2] for cells in rows):,} entries of {len(rows)} libraries, and of the standard library"
    yield f"{_of_stdlib(record)}."
    yield ""
    head = ("library", "entries", "seen to block", "held", "asked", "computed", "on Python", "lowest version, too")
    yield from _table(head, rows)
    yield ""
