"""The pages of the documentation that are derived: from rules, catalogue, configuration, command line, and an example.

`docs/conf.py` has them written before Sphinx reads its sources. They are never committed.
"""

from __future__ import annotations

from pathlib import Path

from docsite import catalogue, codes, commands, navigation, options, patterns, samples

FOLDERS = ("codes", "catalogue", "_derived", samples.FOLDER)
"""The folders below `docs/` that hold nothing but derived pages."""


def derived(docs: Path) -> dict[str, str]:
    """The text of every derived file, by its path below `docs`."""
    return {
        **codes.pages(),
        **catalogue.pages(),
        **options.fragments(),
        **patterns.fragments(),
        **commands.fragments(),
        **navigation.fragments(docs),
        **samples.pages(),
    }


def write(docs: Path) -> None:
    """Bring the derived files below `docs` up to date. What has not changed is not touched: Sphinx need not read it again."""
    texts = derived(docs)
    for folder in FOLDERS:
        for path in (docs / folder).rglob("*"):
            if path.is_file() and path.relative_to(docs).as_posix() not in texts:
                path.unlink()
    for name, text in texts.items():
        path = docs / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
