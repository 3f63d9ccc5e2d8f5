"""Names of code in a text."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from nosyncio.report.elements import Content, element


def code(name: str) -> Element:
    return element("code", name)


def names(text: str) -> list[Content]:
    """Advice as the catalogue words it: names, with `or` between them."""
    found: list[Content] = []
    for index, name in enumerate(text.split(" or ")):
        found += [" or ", code(name)] if index else [code(name)]
    return found


def function(name: str | None) -> Element:
    """Where code stands: the function around it."""
    return element("span", "the module", class_="muted") if name is None else code(name)
