"""The inventory as one page of HTML, with all that it needs in it: nothing is fetched, and without its script it lacks only
sorting and the filter.

A policy in its head lets a browser run this script and use this style sheet and nothing else, whatever names a project has.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from nosyncio.history import History
from nosyncio.inventory import Inventory, IoOperation
from nosyncio.model import NotAnalysed
from nosyncio.report import picture
from nosyncio.report.data import text_of
from nosyncio.report.drawing import count
from nosyncio.report.elements import as_html, element, verbatim
from nosyncio.report.page.bands import Band, bands_of, swatch
from nosyncio.report.page.groups import group_sections
from nosyncio.report.page.headline import headline
from nosyncio.report.page.operations import SourceLine, operation_table
from nosyncio.report.page.timeline import timeline
from nosyncio.report.page.words import code

_TITLE = "I/O and the event loop"


def render(inventory: Inventory, source_line: SourceLine, history: History | None = None) -> str:
    """The page. `source_line(path, line)` gives a line of a checked file, empty if it can't."""
    style = verbatim("style", text_of(picture.STYLE) + text_of("page/page.css"))
    script = verbatim("script", text_of("page/page.js"))
    sections = _sections(inventory, source_line, history)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content="nosyncio"),
        element("title", _TITLE),
        style,
    )
    body = element("body", _header(inventory, sections), element("main", *sections), script)
    return as_html(element("html", head, body, lang="en"))


def _policy(style: Element, script: Element) -> str:
    """Nothing may be fetched, an icon for the tab included, and nothing run or used but these two."""
    nothing = "; ".join(f"{name} 'none'" for name in ("default-src", "base-uri", "form-action"))
    return f"{nothing}; style-src {_hash(style)}; script-src {_hash(script)}"


def _hash(inline: Element) -> str:
    digest = hashlib.sha256((inline.text or "").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _header(inventory: Inventory, sections: Sequence[Element]) -> Element:
    links = [element("a", section.findtext("h2"), href=f"#{section.get('id')}") for section in sections]
    return element("header", element("h1", _TITLE), headline(inventory), element("nav", *links, aria_label="Sections"))


def _sections(inventory: Inventory, source_line: SourceLine, history: History | None) -> list[Element]:
    operations = inventory.operations
    left = [operation for operation in operations if operation.is_left]
    done = [operation for operation in operations if not operation.is_left]
    anchors = {path: f"module-{index}" for index, path in enumerate(dict.fromkeys(item.path for item in (*left, *done)), start=1)}
    sections = [timeline(history)] if history is not None and history.points else []
    if inventory.not_analysed:
        sections.append(_not_analysed(inventory.not_analysed))
    if operations:
        sections += group_sections(inventory, anchors)
    if left:
        sections.append(_listed("blocking", "What blocks", "Operations that still block", left, anchors, source_line))
    if done:
        first_left = {item.path for item in left}
        others = {path: anchor for path, anchor in anchors.items() if path not in first_left}
        sections.append(_listed("done", "What does not", "Operations that do not count as blocking", done, others, source_line))
    return sections


def _listed(
    name: str, title: str, caption: str, operations: Sequence[IoOperation], anchors: dict[str, str], source_line: SourceLine
) -> Element:
    """A list of operations, with what filters it: hidden until there is a script that does so."""
    bands = bands_of(operations)
    field = element("input", type="search", placeholder="Filter: path, function, call, kind …", aria_label="Filter operations")
    tools = element(
        "div",
        field,
        *(_choice(band) for band in bands if len(bands) > 1),
        element("output", aria_live="polite"),
        class_="filter",
        role="search",
        hidden="",
        data_noun="operations",
    )
    return element(
        "section", element("h2", title), tools, operation_table(caption, operations, anchors, source_line), id=name, class_="list"
    )


def _choice(band: Band) -> Element:
    box = element("input", type="checkbox", value=band.style, checked="")
    return element("label", box, swatch(band), band.label)


def _not_analysed(items: Sequence[NotAnalysed]) -> Element:
    rows = [
        element("li", code(item.path if item.line is None else f"{item.path}:{item.line}"), " ", item.reason) for item in items
    ]
    return element(
        "section",
        element("h2", "Not analysed"),
        element("p", f"{count(len(items), 'file')} could not be analysed. What is in there is missing from all numbers."),
        element("ul", *rows),
        id="not-analysed",
        class_="warning",
    )
