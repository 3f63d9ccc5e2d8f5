"""The picture of a history: valid, whole, and true to its numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from inventories import MIGRATION, gap, history, point
from nosyncio.history import Commit, History
from nosyncio.inventory import Coverage
from nosyncio.model import NotAnalysed
from nosyncio.report import picture
from nosyncio.report.scale import counting, percent, shares
from site_links import in_style

SVG = "{http://www.w3.org/2000/svg}"
BLIND = (NotAnalysed("a.py", 1, "invalid syntax"),)


def drawn(shown: History) -> Element:
    return ElementTree.fromstring(picture.render(shown))


def of_class(root: Element, *names: str) -> list[Element]:
    return [item for item in root.iter() if {*names} <= {*item.get("class", "").split()}]


def lines(root: Element, series: str) -> list[list[tuple[float, float]]]:
    """The points of each piece of a line."""
    found = (item.get("points", "").split() for item in of_class(root, "line", series))
    return [[(float(x), float(y)) for x, y in (pair.split(",") for pair in pairs)] for pairs in found]


def titles(root: Element) -> list[str]:
    return [item.text or "" for item in root.iter(f"{SVG}title")][1:]


def test_a_line_falls_with_what_is_left_and_another_rises_with_coverage() -> None:
    root = drawn(history(point(1, 30, 10), point(2, 20, 20), point(3, 0, 40)))
    ((_, first), (_, second), (_, third)) = lines(root, "left")[0]
    assert first < second < third, "y counts from the top"
    assert (second - first) / (third - second) == pytest.approx(10 / 20, rel=0.02)
    ((_, low), (_, middle), (_, high)) = lines(root, "covered")[0]
    assert low > middle > high
    assert [item.text for item in of_class(root, "value")] == ["0", "100 %"]


def test_a_gap_breaks_the_line_and_says_why() -> None:
    root = drawn(MIGRATION)
    (piece,) = lines(root, "left")
    assert len(piece) == 2, "the fourth commit stands alone, and is a dot"
    assert len(of_class(root, "dot", "left")) == 2
    (shaded,) = of_class(root, "gap")
    assert float(shaded.get("x", "")) > piece[-1][0]
    assert (shaded[0].text or "").endswith(": the commit is not in this shallow clone")
    assert "Shaded: 1 commit that could not be counted" in [item.text for item in root.iter(f"{SVG}text")]


def test_each_commit_says_what_it_is_when_pointed_at() -> None:
    said = titles(drawn(MIGRATION))
    assert len(said) == 4
    assert said[0] == "1000000000, 2024-01-01, a change: 30 left, 25 % async coverage"
    assert said[2] == "3000000000, 2024-01-03, a change: the commit is not in this shallow clone"


def test_a_commit_need_not_have_a_date_or_a_subject() -> None:
    bare = replace(point(1, 2, 3), commit=Commit("a" * 40, "", ""))
    root = drawn(history(bare, point(2, 2, 3)))
    assert titles(root)[0] == "aaaaaaaaaa: 2 left, 60 % async coverage"


def test_counts_that_cannot_be_compared_are_not_joined() -> None:
    root = drawn(history(point(1, 9, 1), point(2, 9, 1), point(3, 4, 1, blind=BLIND), point(4, 4, 1, blind=BLIND)))
    assert list(map(len, lines(root, "left"))) == [2, 2]
    assert len(of_class(root, "cut")) == 2, "one in each half"
    assert titles(root)[2].endswith("; 1 file could not be analysed")


@pytest.mark.parametrize(
    "shown",
    [
        history(),
        history(point(1, 3, 4)),
        history(point(1, 0, 0), point(2, 0, 0)),
        history(gap(1, "no")),
        history(gap(1, "no"), gap(2, "no")),
        history(*(point(1, number, 1) for number in range(3000))),
    ],
    ids=["no commit", "one", "no I/O", "one gap", "only gaps", "many"],
)
def test_every_history_has_a_picture(shown: History) -> None:
    root = drawn(shown)
    assert "nan" not in ElementTree.tostring(root, encoding="unicode")
    assert len(titles(root)) == len(shown.points)
    dates = [item.text or "" for item in root.iter(f"{SVG}text") if re.fullmatch(r"\d{4}-\d\d-\d\d", item.text or "")]
    assert len(dates) == min(len(shown.points), 7)


def test_nothing_in_a_subject_gets_out_of_its_title() -> None:
    hostile = "</title></svg><script>alert(1)</script> \" ' & ]]> \x00\x1b[31m \u202e \udcff"
    text = picture.render(history(point(1, 2, 3, subject=hostile), gap(2, hostile)))
    root = ElementTree.fromstring(text)
    assert not [item for item in root.iter() if "script" in item.tag]
    assert all("<script>alert(1)</script>" in title for title in titles(root))
    assert "\\x00\\x1b[31m \\u202e \\udcff" in titles(root)[0]
    text.encode()


def test_it_needs_nothing_from_elsewhere() -> None:
    text = picture.render(MIGRATION)
    assert in_style(text) == []
    assert [*re.findall(r"https?://[^\"' ]+", text)] == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"\b(href|src)=", text)


def test_it_is_the_same_each_time() -> None:
    assert picture.render(MIGRATION) == picture.render(MIGRATION)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (310, [0, 100, 200, 300, 400]),
        (9_999, [0, 5000, 10_000]),
    ],
)
def test_an_axis_has_round_numbers(most: int, ticks: list[int]) -> None:
    assert [*counting(most).ticks] == ticks


def test_only_all_of_it_is_a_hundred_per_cent_and_only_none_is_zero() -> None:
    counted = ((999, 1000), (29, 100), (7, 7), (1, 1000), (0, 9))
    assert [percent(Coverage(*pair).share or 0) for pair in counted] == ["99 %", "29 %", "100 %", "1 %", "0 %"]
    assert [shares().label(tick) for tick in shares().ticks] == ["0 %", "50 %", "100 %"]
