"""The page in a browser: sorted, filtered, opened, with the keyboard too; in each size and colour; and it asks for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browsers import NARROW, WIDE, Viewer
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
    span,
)
from nosyncio.inventory import Inventory
from nosyncio.model import Hop, NotAnalysed
from nosyncio.report import page, picture

LONG = "a_name_without_a_break" * 12
HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"
BLOCKING = inventory(
    replace(ON_LOOP, path="b.py", span=span(20), callee="time.sleep"),
    replace(ON_LOOP, path="b.py", span=span(3), callee="builtins.input"),
    replace(REACHED, path="a10.py", callee="builtins.open"),
    replace(REACHED, path="a9.py", callee="requests.get"),
    replace(UNREACHED, path="c.py", callee="json.load"),
)


def html(shown: Inventory = ONE_OF_EACH) -> str:
    return page.render(shown, source_line, MIGRATION)


def names(cells: Locator) -> list[str]:
    """The first name of code in each."""
    return [cell.locator("code").first.text_content() or "" for cell in cells.all()]


def calls(shown: Page) -> list[str]:
    """What is called in the rows that can be seen, from the top down."""
    return names(shown.locator("#blocking tbody tr:visible .call"))


def heading(shown: Page, section: str, label: str) -> Locator:
    return shown.locator(f"#{section}").get_by_role("columnheader", name=label, exact=True)


def test_it_asks_nobody_for_anything(viewer: Viewer) -> None:
    view = viewer(html())
    view.page.wait_for_load_state("networkidle")
    assert view.requests == [f"{viewer.site.address}/report.html"]
    assert viewer.site.asked == ["/report.html"]
    assert view.complaints == []


def test_a_heading_sorts_and_says_so(viewer: Viewer) -> None:
    shown = viewer(html(BLOCKING)).page
    assert calls(shown) == ["input", "time.sleep", "open", "requests.get", "json.load"]
    expect(heading(shown, "blocking", "Loop")).to_have_attribute("aria-sort", "ascending")
    by_call = heading(shown, "blocking", "Call")
    by_call.get_by_role("button").click()
    expect(by_call).to_have_attribute("aria-sort", "ascending")
    assert heading(shown, "blocking", "Loop").get_attribute("aria-sort") is None
    assert calls(shown) == ["input", "json.load", "open", "requests.get", "time.sleep"]
    by_call.get_by_role("button").click()
    expect(by_call).to_have_attribute("aria-sort", "descending")
    assert calls(shown) == ["time.sleep", "requests.get", "open", "json.load", "input"]
    heading(shown, "blocking", "Place").get_by_role("button").click()
    assert calls(shown) == ["open", "requests.get", "input", "time.sleep", "json.load"], "in the order of the source"


def test_numbers_are_sorted_as_numbers(viewer: Viewer) -> None:
    many = (replace(UNREACHED, path="many.py", span=span(line)) for line in range(1, 12))
    shown = viewer(
        html(
            inventory(
                *many, replace(UNREACHED, path="few.py"), *(replace(ON_LOOP, path="some.py", span=span(line)) for line in (1, 2))
            )
        )
    ).page
    modules = shown.locator("#by-module tbody .name")
    assert names(modules) == ["many.py", "some.py", "few.py"]
    heading(shown, "by-module", "On loop").get_by_role("button").click()
    assert names(modules)[0] == "some.py", "the largest first"
    heading(shown, "by-module", "Blocking").get_by_role("button").click()
    heading(shown, "by-module", "Blocking").get_by_role("button").click()
    assert names(modules) == ["few.py", "some.py", "many.py"]


def test_the_filter_leaves_the_rows_that_hold_every_word(viewer: Viewer) -> None:
    shown = viewer(html(BLOCKING)).page
    tools = shown.locator("#blocking .filter")
    field = tools.get_by_role("searchbox")
    field.fill("B.PY input")
    assert calls(shown) == ["input"]
    expect(tools.get_by_role("status")).to_have_text("1 of 5")
    field.fill("cache.get")
    assert calls(shown) == ["open", "requests.get"], "by a hop of the chain"
    field.press("Escape")
    assert len(calls(shown)) == 5
    field.fill("nothing of the kind")
    assert calls(shown) == []
    expect(tools.get_by_role("status")).to_have_text("0 of 5")


def test_the_boxes_leave_out_what_is_not_wanted(viewer: Viewer) -> None:
    shown = viewer(html(BLOCKING)).page
    shown.locator("#blocking").get_by_role("checkbox", name="On the loop").uncheck()
    assert calls(shown) == ["open", "requests.get", "json.load"]
    shown.locator("#blocking").get_by_role("checkbox", name="Not reached").uncheck()
    assert calls(shown) == ["open", "requests.get"]


def test_the_link_of_a_module_shows_its_operations(viewer: Viewer) -> None:
    shown = viewer(html(BLOCKING)).page
    shown.locator("#blocking").get_by_role("searchbox").fill("nothing of the kind")
    shown.locator("#by-module").get_by_role("link", name="b.py").click()
    assert calls(shown) == ["input", "time.sleep"]
    expect(shown.locator("#blocking").get_by_role("searchbox")).to_be_focused()
    expect(shown.locator("#blocking").get_by_role("searchbox")).to_be_in_viewport()


def test_a_chain_opens_and_is_drawn_hop_by_hop(viewer: Viewer) -> None:
    shown = viewer(html()).page
    chain = shown.locator("#blocking .chain")
    expect(chain).to_be_hidden()
    shown.locator("#blocking summary").click()
    expect(chain).to_be_visible()
    hops = chain.locator("li")
    assert names(hops) == ["handle", "Cache.get", "Cache._load"]
    tops = [hops.nth(index).bounding_box() for index in range(3)]
    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)


def test_the_keyboard_is_enough(viewer: Viewer) -> None:
    shown = viewer(html()).page
    seen: list[str] = []
    for _ in range(80):
        shown.keyboard.press("Tab")
        seen.append(shown.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent"))
    assert "BUTTON Coverage" in seen
    assert any(item.startswith("SUMMARY from handle") for item in seen)
    assert any(item.startswith("INPUT") for item in seen)
    heading(shown, "blocking", "Call").get_by_role("button").focus()
    shown.keyboard.press("Enter")
    expect(heading(shown, "blocking", "Call")).to_have_attribute("aria-sort", "ascending")
    shown.locator("#blocking summary").focus()
    assert shown.locator("#blocking summary").evaluate("item => getComputedStyle(item).outlineStyle") == "solid"
    shown.keyboard.press("Enter")
    expect(shown.locator("#blocking .chain")).to_be_visible()


def test_without_scripts_it_can_be_read(viewer: Viewer) -> None:
    shown = viewer(html(), scripts=False).page
    assert calls(shown) == ["time.sleep", "open", "open"]
    expect(shown.locator(".filter").first).to_be_hidden()
    assert shown.get_by_role("button").count() == 0, "nothing that would not work"
    shown.locator("#blocking summary").click()
    expect(shown.locator("#blocking .chain li").last).to_be_visible()
    shown.locator("#by-module").get_by_role("link", name="app/cache.py").click()
    expect(shown.locator("#blocking tr:target .call")).to_be_in_viewport()


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_hangs_out_at_the_side(viewer: Viewer, width: int, dark: bool) -> None:
    operations = tuple(
        replace(
            operation,
            path=f"{LONG}/{operation.path}",
            function=LONG,
            callee=f"{LONG}.{operation.callee}",
            instead=LONG,
        )
        for operation in ONE_OF_EACH.operations
    )
    chained = replace(operations[0], chain=(Hop(LONG, CHAIN[0].span, LONG), Hop(LONG, CHAIN[1].span, LONG)), callers=(LONG, LONG))
    text = page.render(
        inventory(*ONE_OF_EACH.operations, *operations, chained, not_analysed=(NotAnalysed(LONG, 1, LONG),)),
        lambda path, line: LONG,
        MIGRATION,
    )
    shown = viewer(text, width=width, dark=dark).page
    shown.evaluate("for (const item of document.querySelectorAll('details')) item.open = true")
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    outside = """[...document.querySelectorAll("body *")]
        .filter((item) => item.getBoundingClientRect().right > innerWidth + 1 && !item.closest(".unseen"))
        .map((item) => item.outerHTML.slice(0, 80))"""
    assert shown.evaluate(outside) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_written_stands_out(viewer: Viewer, dark: bool) -> None:
    shown = viewer(html(), dark=dark).page
    background = luminance(shown.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert (background < 0.1) is dark
    colours = """[...new Set([...document.querySelectorAll("body *")]
        .filter((item) => item.innerText)
        .map((item) => getComputedStyle(item).color))]"""
    contrasts = {colour: contrast(luminance(colour), background) for colour in shown.evaluate(colours)}
    assert min(contrasts.values()) >= 4.5, contrasts


def luminance(colour: str) -> float:
    """Relative luminance of `rgb(...)`, as WCAG 2.2 defines it."""
    channels = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_a_screen_reader_meets_tables(viewer: Viewer) -> None:
    """A row that is laid out as a grid stays a row."""
    for width in (WIDE, NARROW):
        shown = viewer(html(), width=width).page
        rows = shown.locator("#blocking").get_by_role("row")
        assert rows.count() == 4
        assert rows.nth(2).get_by_role("cell").count() == 6, "those of the columns, and the chain"
        nodes: list[dict[str, Any]] = shown.context.new_cdp_session(shown).send("Accessibility.getFullAXTree")["nodes"]
        roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
        assert roles.count("table") >= 6
        assert {"row", "cell", "columnheader"} <= {*roles}


def test_on_paper_every_chain_is_open(viewer: Viewer) -> None:
    shown = viewer(html()).page
    shown.emulate_media(media="print")
    expect(shown.locator("#blocking .chain li").last).to_be_visible()
    expect(shown.locator("#blocking .filter")).to_be_hidden()
    expect(shown.locator("nav")).to_be_hidden()
    assert shown.pdf().startswith(b"%PDF")


def test_names_cannot_run_anything(viewer: Viewer) -> None:
    hostile = tuple(
        replace(operation, path=HOSTILE, function=HOSTILE, callee=HOSTILE, instead=HOSTILE)
        for operation in ONE_OF_EACH.operations
    )
    view = viewer(page.render(inventory(*hostile), lambda path, line: HOSTILE, MIGRATION))
    expect(view.page.locator("#blocking td.call").first).to_contain_text(HOSTILE)
    assert view.page.evaluate("window.broken") is None
    assert view.requests == [f"{viewer.site.address}/report.html"]
    assert view.complaints == []


def test_the_policy_stops_what_would_get_in(viewer: Viewer) -> None:
    """Were escaping to fail one day: the same page, with an element put in."""
    elements = (
        "<script>window.broken = 1</script><img src='/x.png' onerror='window.broken = 1'><link rel='stylesheet' href='/x.css'>"
    )
    view = viewer(html().replace("</main>", f"{elements}</main>"))
    assert view.page.evaluate("window.broken") is None
    assert viewer.site.asked == ["/report.html"]
    assert len(view.complaints) >= 3
    assert all("Content Security Policy" in complaint for complaint in view.complaints)


def test_the_picture_alone(viewer: Viewer) -> None:
    viewer.site.put("favicon.ico", "")  # browsers ask for it: a picture cannot say that it has none
    view = viewer(picture.render(MIGRATION), name="history.svg")
    view.page.wait_for_load_state("networkidle")
    assert {*viewer.site.asked} <= {"/history.svg", "/favicon.ico"}
    assert view.complaints == []
    box = view.page.locator("polyline.left").bounding_box()
    assert box
    assert box["width"] > 100
    light = view.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    dark = viewer(picture.render(MIGRATION), name="history.svg", dark=True).page
    assert luminance(dark.evaluate("getComputedStyle(document.documentElement).backgroundColor")) < 0.1 < luminance(light)


@pytest.mark.parametrize(("width", "there"), [(WIDE, ".wide"), (NARROW, ".narrow")])
def test_the_picture_that_fits_is_shown(viewer: Viewer, width: int, there: str) -> None:
    shown = viewer(html(), width=width).page
    expect(shown.locator("#history svg:visible")).to_have_count(1)
    size = shown.locator(f"#history {there} text").first.evaluate("item => item.getBoundingClientRect().height")
    assert 11 <= size <= 24, "as large as the text around it"


def test_ten_thousand_operations_open(viewer: Viewer) -> None:
    of_each = (ON_LOOP, REACHED, UNREACHED, ALLOWED, OFFLOADED, ASYNC)
    many = [replace(operation, path=f"p{number}/{operation.path}") for number in range(1700) for operation in of_each]
    text = html(inventory(*many))
    assert len(text) < 12_000_000
    shown = viewer(text).page
    found = """(() => {
        const [field] = document.querySelectorAll("#blocking [type=search]");
        field.value = "p1234/app/cache.py";
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return document.querySelector("#blocking output").textContent;
    })()"""
    assert shown.evaluate(found) == "1 of 5100"
    assert shown.evaluate("performance.getEntriesByType('navigation')[0].domInteractive") < 20_000
