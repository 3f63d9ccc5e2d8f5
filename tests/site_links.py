"""A built site, checked: what its pages link to is there, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

_HERE = "http://site/"
_FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "link": "href"}
"""Elements that make a browser fetch something, with the attribute that says what."""
_NOT_FETCHED = {"canonical", "next", "prev", "index", "search", "author"}
"""Relations of `link` that only say where something is."""
_IN_STYLE = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")


@dataclass
class Page(HTMLParser):
    """What a page links to, fetches, and can be linked to at."""

    text: str
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.anchors.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _FETCHED and _FETCHED[tag] in given and given.get("rel") not in _NOT_FETCHED:
            self.fetched.append(given[_FETCHED[tag]])
        self.fetched += in_style(given.get("style", ""))


def in_style(text: str) -> list[str]:
    """What a style sheet fetches."""
    return [first or second for first, second in _IN_STYLE.findall(text)]


def broken(site: Path) -> list[str]:
    """The links of a site's pages that lead nowhere, anchors included. Other sites are not asked."""
    pages = {_address(site, path): Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    return [
        f"{address}: {link}"
        for address, page in pages.items()
        for link in page.links
        if not _resolves(site, pages, address, link)
    ]


def _address(site: Path, path: Path) -> str:
    return _HERE + path.relative_to(site).as_posix().removesuffix("index.html")


def _resolves(site: Path, pages: dict[str, Page], address: str, link: str) -> bool:
    target = urlsplit(urljoin(address, link))
    if target.scheme not in ("http", "https") or target.netloc != "site":
        return target.scheme in ("http", "https", "mailto")
    page = pages.get(f"{_HERE}{unquote(target.path).lstrip('/')}")
    if page is None:
        return (site / unquote(target.path).lstrip("/")).is_file()
    return not target.fragment or unquote(target.fragment) in page.anchors


def third_parties(site: Path) -> list[str]:
    """What a browser would fetch from elsewhere, for any page or style sheet of the site."""
    return [f"{path.relative_to(site)}: {url}" for path, url in _all_fetched(site) if re.match(r"\s*(?:https?:)?//", url)]


def _all_fetched(site: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(site.rglob("*")):
        if path.suffix == ".html":
            page = path.read_text(encoding="utf-8")
            yield from ((path, url) for url in Page(page).fetched)
            for style in re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL):
                yield from ((path, url) for url in in_style(style))
        elif path.suffix == ".css":
            yield from ((path, url) for url in in_style(path.read_text(encoding="utf-8")))
