"""The tables of `docs/accuracy.md` are those of `checked.toml`."""

from __future__ import annotations

from reality.record import MARKS, PAGE, read_record, tables


def test_tables() -> None:
    shown = PAGE.read_text(encoding="utf-8").partition(MARKS[0])[2].partition(MARKS[1])[0]
    assert shown.strip() == tables(read_record()).strip()
