"""Names of code in a text."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from nosyncio.report.elements import Content, element


def code(name: str) -> Element:
    return element("code", name)


def names(text: str) -> list[Content]:
    """Advice as the catalogue words it: names, with `or` between them."""
    return separated(map(code, text.split(" or ")), " or ")


def separated(elements: Iterable[Element], separator: str = ", ") -> list[Content]:
    found: list[Content] = []
    for item in elements:
        found += [separator, item] if found else [item]
    return found


def function(name: str | None) -> Element:
    """Where code stands: the function around it."""
    return element("span", "the module", class_="muted") if name is None else code(name)
