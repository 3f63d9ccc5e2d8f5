"""The page, read as a browser reads it, without one: `tests/browser` looks at it in a real one."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from commands import run
from inventories import (
    ALLOWED,
    ASYNC,
    CHAIN,
    MIGRATION,
    OFFLOADED,
    ON_LOOP,
    ONE_OF_EACH,
    REACHED,
    UNREACHED,
    inventory,
    source_line,
)
from nosyncio.history import History
from nosyncio.inventory import Inventory
from nosyncio.model import Hop, NotAnalysed
from nosyncio.report import page
from site_links import Page, in_style

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "<!-- ",
    "]]>",
    "q\"uo'te",
    "&lt;b&gt;&amp;",
    "\x00\x07\x1b[31m",
    "und\udcff",
    "\u202egpj",
    "line\nbreak\r",
    "javascript:alert(1)",
    "{{7*7}} ${x}",
]


@dataclass
class Read(HTMLParser):
    """What a page consists of."""

    page: str
    tags: Counter[str] = field(default_factory=Counter)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.texts.append(data)
        else:
            self.raw[self.cdata_elem] = data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def valued(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


def rendered(shown: Inventory = ONE_OF_EACH, series: History | None = None) -> str:
    return page.render(shown, source_line, series)


def test_everything_is_there_without_the_script() -> None:
    read = Read(rendered(series=MIGRATION))
    text = " ".join(read.texts)
    assert "40 %" in text
    assert "3 of 5 I/O operations in 3 files still block. The event loop gets to 2 of them." in text
    for operation in ONE_OF_EACH.operations:
        assert f"{operation.path}:{operation.span.line}" in read.texts
        assert operation.callee.removeprefix("builtins.") in read.texts
    for hop in CHAIN:
        assert f"{hop.path}:{hop.span.line}" in read.texts
        assert hop.function in read.texts
    assert {"cache.get()", "open(path)"} <= {*read.texts}, "the source of each hop"
    assert {"app.cli.show", "aiofiles.open", "JSON load", "2 calls away"} <= {*read.texts}
    assert "the commit is not in this shallow clone" in text


def test_each_module_package_kind_and_pattern_has_a_row_and_a_bar() -> None:
    read = Read(rendered())
    assert {"by-kind", "by-pattern", "by-package", "by-module", "blocking", "done"} <= {*read.valued("id")}
    bars = [label for label in read.valued("aria-label") if re.match(r"\d", label)]
    assert bars[0] == "1 on the loop, 1 reached, 1 not reached, 1 allowed, 1 offloaded, 1 async"
    kinds, patterns, packages, modules = 2, 1, 2, 3
    assert len(bars) == 1 + kinds + patterns + packages + modules


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_of_the_project_are_text_and_nothing_else(hostile: str) -> None:
    def named(name: str) -> str:
        whole = inventory(
            replace(
                REACHED,
                path=name,
                function=name,
                callee=name,
                chain=(Hop(name, CHAIN[0].span, name), Hop(name, CHAIN[1].span, name)),
                callers=(name,),
                instead=name,
                rewrite=name,
            ),
            replace(ASYNC, path=name, function=name),
            not_analysed=(NotAnalysed(name, 1, name),),
        )
        return page.render(whole, lambda path, line: f"    {name}\n")

    text = named(hostile)
    text.encode()
    read, harmless = Read(text), Read(named("name"))
    assert read.tags == harmless.tags
    assert [key for key, _ in read.attributes] == [key for key, _ in harmless.attributes]
    assert read.valued("href") == harmless.valued("href")
    assert read.raw == harmless.raw
    assert len([*filter(None, map(str.strip, read.texts))]) == len([*filter(None, map(str.strip, harmless.texts))])
    assert all(char.isprintable() or char == "\n" for char in text)


def test_a_policy_lets_the_page_run_its_own_script_and_style_and_nothing_else() -> None:
    read = Read(rendered(series=MIGRATION))
    (policy,) = [value for value in read.valued("content") if "default-src" in value]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for inline in ("style", "script"):
        assert read.tags[inline] == 1
        digest = base64.b64encode(hashlib.sha256(read.raw[inline].encode()).digest()).decode()
        assert rules[f"{inline}-src"] == f"'sha256-{digest}'"
    assert not [key for key, _ in read.attributes if key == "style" or key.startswith("on")], "the policy would not allow it"


def test_nothing_is_fetched() -> None:
    text = rendered(series=MIGRATION)
    read = Read(text)
    assert Page(text).fetched == []
    assert in_style(read.raw["style"]) == []
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML|localStorage|location", read.raw["script"])


def test_each_link_leads_to_one_place() -> None:
    read = Read(rendered(series=MIGRATION))
    identities = read.valued("id")
    assert len(identities) == len({*identities})
    links = [link for link in read.valued("href") if link.startswith("#")]
    assert links
    assert {link.removeprefix("#") for link in links} <= {*identities}


def test_the_nearest_to_the_loop_comes_first() -> None:
    text = rendered()
    rows = re.findall(r'<tr[^>]* data-band="([a-z-]+)"', text)
    assert rows == ["on-loop", "reached", "unreached", "allowed", "offloaded", "async"]


def test_what_is_allowed_counts_neither_way() -> None:
    text = " ".join(Read(rendered(inventory(ALLOWED))).texts)
    assert "All I/O in 1 file is allowed to stay as it is." in text
    assert "async coverage" not in text


def test_a_project_that_is_done() -> None:
    text = " ".join(Read(rendered(inventory(ASYNC, OFFLOADED))).texts)
    assert "100 %" in text
    assert "All I/O in 2 files leaves the event loop free." in text
    assert "What blocks" not in text


def test_a_project_without_io() -> None:
    read = Read(rendered(inventory()))
    assert "No I/O is found in 0 files." in read.texts
    assert "table" not in read.tags


def test_what_could_not_be_analysed_is_said() -> None:
    text = " ".join(Read(rendered(inventory(ON_LOOP, not_analysed=(NotAnalysed("bad.py", 3, "invalid syntax"),)))).texts)
    assert "1 file could not be analysed" in text
    assert "bad.py:3" in text
    assert "invalid syntax" in text


def test_a_long_line_of_source_is_cut() -> None:
    wide = replace(UNREACHED, chain=(Hop("a.py", replace(CHAIN[0].span, column=1, end_column=5000), "f"),) * 2)
    text = page.render(inventory(wide), lambda path, line: "x" * 4999)
    assert "x" * 121 not in text
    assert "x" * 120 + "…" in text


def test_it_is_the_same_whatever_the_order_of_sets_is(tmp_path: Path) -> None:
    script = "import sys, test_page as t; sys.stdout.write(t.rendered(series=t.MIGRATION))"
    where = str(Path(__file__).parent)
    pages = {run(tmp_path, "-c", script, PYTHONHASHSEED=seed, PYTHONPATH=where, PYTHONUTF8="1").out for seed in "12"}
    assert pages == {rendered(series=MIGRATION)}
