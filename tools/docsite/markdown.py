"""Pieces of Markdown, in the dialect of MyST."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nosyncio import rules
from nosyncio.model import Kind


def link(text: str, target: str) -> str:
    return f"[{text}]({target})"


def slug(name: str) -> str:
    """A name as a file or an anchor: `os (processes)` is `os-processes`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def heading(kind: Kind) -> str:
    """What the calls of a kind are about, as a heading."""
    noun = rules.rule_for(kind).noun
    return f"{noun[0].upper()}{noun[1:]}"


def anchor(text: str) -> str:
    """The anchor that MyST gives a heading: GitHub's."""
    return re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> str:
    """A table in a container of the class `name`. Cells may hold `<br>`, but no line breaks."""
    lines = [f"| {' | '.join(headings)} |", f"|{' --- |' * len(headings)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return contained(name, "\n".join(lines))


def contained(name: str, text: str) -> str:
    """The text in a container of the class `name`, for the style sheet."""
    return f":::{{container}} {name}\n\n{text}\n:::"


def toctree(pages: Iterable[str]) -> str:
    """Pages that belong below this one in the navigation, without a list of them on the page itself."""
    return "\n".join(["```{toctree}", ":hidden:", "", *pages, "```"])
