"""What the documentation's pages show is what happens. `python tests/literate.py PAGE` writes the output anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import literate

DOCS = literate.ROOT / "docs"
EXAMPLES = literate.ROOT / "examples"
ELSEWHERE = {"getting-started"}
"""Pages that install something: they have an environment of their own."""
PAGES = sorted(
    page.relative_to(literate.ROOT).as_posix()
    for page in (*DOCS.glob("*.md"), *EXAMPLES.glob("*/README.md"))
    if literate.commands(page.read_text(encoding="utf-8")) and page.stem not in ELSEWHERE
)


def test_the_pages_that_say_what_happens_are_run() -> None:
    names = ("configuration", "flake8", "index", "migration", "moving", "peers", "plan")
    assert {f"docs/{name}.md" for name in names} <= set(PAGES)
    assert {f"examples/{variant.parent.name}/README.md" for variant in EXAMPLES.glob("*/before")} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_the_output_on_the_page_is_what_its_commands_print(page: str, tmp_path: Path) -> None:
    text = (literate.ROOT / page).read_text(encoding="utf-8")
    assert literate.performed(text, tmp_path / "page", Path(sys.executable).parent) == text
