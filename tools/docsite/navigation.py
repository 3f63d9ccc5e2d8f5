"""The order of the pages. A page that stands in no group makes the build fail; one that is not written yet is left out."""

from __future__ import annotations

from pathlib import Path

GROUPS = (
    ("", ("getting-started", "configuration", "codes/index", "catalogue/index")),
    ("Front ends", ("cli", "cache", "flake8", "pylint", "pre-commit", "editors")),
    ("Continuous integration", ("ci", "gate", "history")),
    ("Guides", ("report", "migration", "plan", "moving", "following", "known", "peers")),
    (
        "Five migrations",
        (
            "example-mcp-json-state",
            "example-podcast-cli",
            "example-git-history-cli",
            "example-fastapi-gateway",
            "example-knowledge-graph",
        ),
    ),
    ("How it works", ("benchmarks", "accuracy", "readings", "architecture", "contributing")),
)


def fragments(docs: Path) -> dict[str, str]:
    """The navigation, as the home page includes it. Derived pages count as written."""
    trees: list[str] = []
    for caption, pages in GROUPS:
        written = [page for page in pages if page.endswith("/index") or (docs / f"{page}.md").is_file()]
        if written:
            options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
            trees.append("\n".join(["```{toctree}", *options, "", *written, "```"]))
    return {"_derived/navigation.md": "\n\n".join(trees) + "\n"}
