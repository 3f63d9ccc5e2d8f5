"""What the documentation's pages show is what happens. `python tests/literate.py docs/PAGE.md` writes the output anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import literate

DOCS = literate.ROOT / "docs"
ELSEWHERE = {"getting-started"}
"""Pages that install something: they have an environment of their own."""
PAGES = sorted(
    page.stem for page in DOCS.glob("*.md") if literate.commands(page.read_text(encoding="utf-8")) and page.stem not in ELSEWHERE
)


def test_the_pages_that_say_what_happens_are_run() -> None:
    assert {"configuration", "flake8", "index", "migration", "moving", "peers"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_the_output_on_the_page_is_what_its_commands_print(page: str, tmp_path: Path) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert literate.performed(text, tmp_path / "page", Path(sys.executable).parent) == text
