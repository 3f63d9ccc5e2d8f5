"""Elements of HTML and SVG. Text goes in as it is and comes out escaped: nothing else here or above writes a tag by hand."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from nosyncio.report.style import shown

Content = Element | str | None


def element(tag: str, *content: Content, **attributes: str | int | None) -> Element:
    """An element. Content and attributes that are None are left out; a trailing `_` of a name is dropped, others become `-`.

    What is not printable in a text stands there as an escape: it may be no character of XML, or turn the direction of the line.
    """
    made = Element(tag, {_name(key): shown(str(value)) for key, value in attributes.items() if value is not None})
    add(made, *content)
    return made


def add(parent: Element, *content: Content) -> None:
    """Put something behind what an element holds."""
    for piece in content:
        if isinstance(piece, Element):
            parent.append(piece)
        elif piece is not None:
            _add_text(parent, shown(piece))


def verbatim(tag: str, text: str) -> Element:
    """A `style` or `script` of ours. HTML ends it at its closing tag, whatever the text is there."""
    assert f"</{tag}" not in text.lower()
    made = Element(tag)
    made.text = text
    return made


def as_html(page: Element) -> str:
    return "<!DOCTYPE html>\n" + ElementTree.tostring(page, encoding="unicode", method="html") + "\n"


def as_svg(picture: Element) -> str:
    """A picture as a file of its own."""
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(picture, encoding="unicode") + "\n"


def _name(key: str) -> str:
    return key.removesuffix("_").replace("_", "-")


def _add_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
