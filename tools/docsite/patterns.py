"""The table of patterns, read off the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from docsite import markdown
from nosyncio.catalogue.patterns import Pattern, Shape, patterns
from nosyncio.model import AsyncLibrary
from nosyncio.report.entries import code


def fragments() -> dict[str, str]:
    return {"_derived/patterns.md": table() + "\n"}


def table() -> str:
    """A row for each pattern: its name, what it is, by what it is told, what to write instead."""
    rows = [
        (code(pattern.name), f"**{pattern.title}.** {pattern.what}", "; or<br>".join(_told(pattern)), _rewrite(pattern))
        for pattern in patterns().patterns
    ]
    return markdown.table(("pattern", "what", "told by", "with asyncio"), rows, "patterns")


def _told(pattern: Pattern) -> Iterator[str]:
    for shape in pattern.fits:
        yield ", ".join(_parts(pattern, shape))


def _parts(pattern: Pattern, shape: Shape) -> Iterator[str]:
    if pattern.of:
        yield "any of " + ", ".join(map(code, pattern.of))
    if shape.kinds:
        yield "kind " + " or ".join(map(code, shape.kinds))
    if shape.callees:
        yield "a call of " + ", ".join(map(code, shape.callees))
    if shape.uses:
        yield "data that goes through " + ", ".join(map(code, shape.uses))
    yield from (_TRAITS[trait] for trait in shape.traits)


def _rewrite(pattern: Pattern) -> str:
    rewrite = pattern.rewrite.in_library(AsyncLibrary.ASYNCIO)
    return "" if rewrite is None else code(rewrite.replace("`", ""))


_TRAITS = {
    "reads": "opened to read",
    "writes": "opened to write",
    "appends": "opened to append",
    "binary": "opened as bytes",
    "handler": "in an exception handler",
    "loop": "in a loop",
    "while": "in a `while` loop",
    "retry": "in a loop that ends once what it tries works",
    "constructor": "in a constructor, or in what constructors alone call",
    "keyed": "the file's name is made of what the function is given",
    "grown": "what is written is a list with something added to it",
    "paired": "the class, or the module, has the other direction of the same file, too",
}
