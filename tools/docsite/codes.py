"""One page for each code: what `nosyncio explain` prints, with the examples highlighted, and where to go from there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docsite import markdown
from docsite.libraries import LIBRARIES, Entry
from nosyncio import rules
from nosyncio.model import Kind
from nosyncio.rules.base import PREFIX, Code

_GROUPS = {
    "1": ("In loop code", "In bodies of `async def`, and in sync functions that the loop calls."),
    "2": ("In async-only modules", "Anywhere in a module that has been declared free of sync I/O."),
    "3": (
        "Behind a call",
        "At a call in loop code to a sync function that reaches a blocking call. The finding shows the chain.",
    ),
    "4": ("Misuse", "Code that looks async and is not."),
    "9": ("Hygiene", "About suppressions, and about files that could not be checked."),
}
"""What the first digit of a code says."""

_EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(rf"# {PREFIX}\d{{3}}\b")


def pages() -> dict[str, str]:
    codes = rules.codes().values()
    return {"codes/index.md": _index(), **{f"codes/{code.code}.md": page(code) for code in codes}}


def page(code: Code) -> str:
    """The page of one code."""
    parts = [f"# {code.code} {code.name}", f"{_sentence(code.summary)} {_default(code)}", highlighted(code.page)]
    if code.kind is not None:
        parts += list(_around(code, code.kind))
    return "\n\n".join(parts) + "\n"


def highlighted(text: str) -> str:
    """The text of a page with its Python shown in colour, and the lines that are reported picked out."""
    return _EXAMPLE.sub(_block, text)


def _block(match: re.Match[str]) -> str:
    source = match[1]
    lines = [str(number) for number, line in enumerate(source.splitlines(), start=1) if _MARKER.search(line)]
    options = [":class: reported", f":emphasize-lines: {','.join(lines)}"] if lines else [":class: silent"]
    return "\n".join(["```{code-block} python", *options, "", f"{source}```"])


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _default(code: Code) -> str:
    if code.default:
        return "On by default."
    return "Off by default: name it in [`select` or `extend-select`](../configuration.md#options)."


def _around(code: Code, kind: Kind) -> Iterator[str]:
    """The same kind in other contexts, and the libraries that have such calls."""
    others = [other for other in rules.codes().values() if other.kind is kind and other.code != code.code]
    if others:
        links = [f"- {markdown.link(f'{other.code} {other.name}', f'{other.code}.md')}: {other.summary}" for other in others]
        yield "\n".join(["## The same elsewhere", "", *links])
    found = [_in_library(entry, kind) for entry in LIBRARIES if entry.calls(kind)]
    if found:
        yield f"## In the catalogue\n\n{', '.join(found)}."


def _in_library(entry: Entry, kind: Kind) -> str:
    return markdown.link(entry.title, f"../{entry.path}#{markdown.anchor(markdown.heading(kind))}")


def _index() -> str:
    codes = list(rules.codes().values())
    parts = [
        "# Codes",
        "The first digit says where, the other two say what. A code can be named by its name, too: in configuration, and for "
        "`nosyncio explain`, which prints what these pages say.",
    ]
    for digit, (heading, about) in _GROUPS.items():
        group = [code for code in codes if code.code[len(PREFIX)] == digit]
        rows = [
            (
                markdown.link(code.code, f"{code.code}.md"),
                code.name,
                _sentence(code.summary) + ("" if code.default else " Off by default."),
            )
            for code in group
        ]
        parts += [f"## {heading} (`{PREFIX}{digit}xx`)", about, markdown.table(("Code", "Name", "Reports"), rows, "codes")]
    parts.append(markdown.toctree(code.code for code in codes))
    return "\n\n".join(parts) + "\n"
