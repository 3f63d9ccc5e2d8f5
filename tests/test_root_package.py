"""A look from inside of a package's own folder says what the one from above says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands import checked, flake8, found, nosyncio, pylint, write
from nosyncio import fingerprints
from nosyncio.config import Config, Located, discover
from nosyncio.incremental import Incremental
from nosyncio.model import Report
from nosyncio.run import check as run_check
from nosyncio.store import FOLDER, store_in
from nosyncio.tree import package_at
from test_incremental import again, edited, fresh, next_run

CORE = """import time
from smtplib import SMTP


class Clock:
    def wait(self):
        time.sleep(1)


def pause(clock: Clock):
    clock.wait()


async def ask():
    SMTP("x")
"""
BY_WHOLE_NAME = """import shop.web.parts
from shop.core import Clock, pause
from shop.web import parts, rest


async def view(clock: Clock):
    clock.wait()
    pause(clock)
    rest(clock)
    shop.web.parts.item.load()
    parts.item.load()
"""
RELATIVE = """from . import parts, rest
from ..core import Clock
from ...shop.web.parts.item import load as far
from .. import web
from .parts import item


async def view(clock: Clock):
    rest(clock)
    far()
    web.parts.item.load()
    item.load()
    parts.item.load()
"""
BARE = """import core
import smtplib
from web.parts.item import load


async def main():
    core.pause(core.Clock())
    load()
    smtplib.SMTP("x")
"""
SCRIPT = """import beside
from {core} import pause, Clock


async def main():
    beside.load()
    pause(Clock())
"""
WHOLE = "import shop.scripts.beside as at\nimport beside\n\n\nasync def f():\n    at.load()\n    beside.load()\n"
USER = "import late\nimport shop.src.late as it\n\n\nasync def f():\n    late.load()\n    it.load()\n"
LOAD = "def load():\n    open('x')\n"
SHOP = {
    "shop/__init__.py": "from shop.core import Clock\n\n\nasync def tick(clock: Clock):\n    clock.wait()\n",
    "shop/core.py": CORE,
    "shop/smtplib.py": LOAD.replace("load", "SMTP"),
    "shop/main.py": BARE,
    "shop/scripts/beside.py": LOAD,
    "shop/scripts/absolute.py": SCRIPT.format(core="shop.core"),
    "shop/scripts/relative.py": SCRIPT.format(core="..core"),
    "shop/scripts/whole.py": WHOLE,
    "shop/src/late.py": LOAD,
    "shop/user.py": USER,
    "shop/web/__init__.py": "from shop.core import pause as rest\nfrom shop.web.parts import item\n",
    "shop/web/parts/__init__.py": "",
    "shop/web/parts/item.py": LOAD,
    "shop/web/views.py": BY_WHOLE_NAME,
    "shop/web/others.py": RELATIVE,
}


def from_above(root: Path, folder: str) -> Report:
    return run_check(Located(Config(), root), [root / folder], base=root / folder)


def lines(report: Report) -> list[tuple[str, int]]:
    return [(finding.path, finding.span.line) for finding in report.findings]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write(tmp_path, SHOP)
    return tmp_path / "shop"


def test_the_same_from_inside_and_from_above(shop: Path) -> None:
    above, inside = from_above(shop.parent, "shop"), checked(shop)
    assert inside.findings == above.findings
    assert [*fingerprints.identities(inside.findings)] == [*fingerprints.identities(above.findings)]
    assert lines(inside) == [
        ("__init__.py", 5),
        ("core.py", 15),  # by the standard library's `smtplib`
        ("main.py", 9),  # by the standard library's `smtplib`, too: nothing else there can be imported
        ("scripts/absolute.py", 6),
        ("scripts/absolute.py", 7),
        ("scripts/relative.py", 7),
        ("scripts/whole.py", 6),
        ("user.py", 7),
        *(("web/others.py", line) for line in range(9, 14)),
        *(("web/views.py", line) for line in range(7, 12)),
    ]
    (finding,) = (finding for finding in inside.findings if (finding.path, finding.span.line) == ("web/views.py", 8))
    assert finding.callee == "shop.core.pause"
    assert "'shop.core.Clock.wait'" in finding.message
    assert [hop.function for hop in finding.chain] == ["view", "pause", "Clock.wait"]


def test_inside_of_a_package_in_a_package(shop: Path) -> None:
    """What stands outside of the folder stays unknown, but to the user's own entries."""
    said = lines(checked(shop / "web"))
    assert said == [*(("others.py", line) for line in range(10, 14)), ("views.py", 10), ("views.py", 11)]
    write(shop / "web", {"acme.toml": '[[blocking]]\nfunctions = ["shop.core.pause", "shop.web.parts.item.load"]\n'})
    declared = found(shop / "web", "--config", "acme.toml", "--no-cache")
    assert [(path, line) for path, line, _, code in declared if code == "NSI120"] == [
        *(("others.py", line) for line in range(9, 14)),
        *(("views.py", line) for line in range(8, 12)),
    ]
    done = nosyncio(shop / "web", "catalogue", "check", "acme.toml")
    assert done.code == 0, done.out + done.err
    assert "shop.core.pause" in done.out
    assert "shop.web.parts.item.load" not in done.out  # it is there


def test_src_has_modules_found_by_their_bare_names(shop: Path) -> None:
    located = Located(Config(src=(".",)), shop)
    said = lines(run_check(located, [shop], base=shop))
    assert {*said} - {*lines(checked(shop))} == {("main.py", 7), ("main.py", 8)}


@pytest.mark.parametrize("mark", [".git/HEAD", "pyproject.toml"])
def test_a_checkout_may_be_called_anything(shop: Path, mark: str) -> None:
    write(shop, {mark: ""})
    report = checked(shop)
    assert ("main.py", 7) in lines(report)
    assert ("__init__.py", 5) not in lines(report)
    assert {finding.callee for finding in report.findings if finding.path == "main.py"} >= {"core.pause"}
    assert package_at(shop / "web") == "web"


def test_names(tmp_path: Path) -> None:
    write(tmp_path, {"my-shop/__init__.py": "", "my-shop/web/__init__.py": "", "my-shop/web/parts/item.py": LOAD})
    folders = ["my-shop", "my-shop/web", "my-shop/web/parts"]
    assert [package_at(tmp_path / folder) for folder in folders] == ["", "web", ""]
    write(tmp_path, {"my-shop/core.py": CORE, "my-shop/main.py": BARE})
    assert lines(checked(tmp_path / "my-shop")) == [("core.py", 15), ("main.py", 7), ("main.py", 8), ("main.py", 9)]


def test_other_linters_say_the_same(shop: Path) -> None:
    ours = found(shop, "--no-cache")
    assert len(ours) > 15
    assert flake8(shop, "--isolated", ".") == ours
    messages = pylint(shop, "--rcfile=", "--disable=all", "--enable=nosyncio", *(path.name for path in shop.glob("*.py")))
    at_top = [place for place in ours if "/" not in place[0]]
    assert [(path, line, column, code.replace("W9", "NSI")) for path, line, column, code in messages] == at_top


def test_why_and_report(shop: Path) -> None:
    assert "the loop gets to `shop.core.pause`" in nosyncio(shop, "why", "shop.core.pause").out
    assert nosyncio(shop, "report", "--output-format", "json").code == 0


# ---------------------------------------------------------------------------------------------------------------- from run to run


def cached(folder: Path) -> Report:
    store = store_in(folder / FOLDER)
    report = run_check(discover(folder), [folder], base=folder, store=store)
    store.close()
    return report


def test_a_package_that_comes_or_goes_around_is_noticed(shop: Path) -> None:
    web = shop / "web"
    assert cached(web) == checked(web)
    told = lines(cached(web))
    for step in ("gone", "back", "named", "checkout"):
        if step == "gone":
            (shop / "__init__.py").unlink()
        elif step == "back":
            write(shop, {"__init__.py": ""})
        elif step == "named":
            shop, web = shop.rename(shop.with_name("store")), shop.with_name("store") / "web"
        else:
            write(web, {"pyproject.toml": ""})
        assert cached(web) == checked(web), step
        assert cached(web) == checked(web), step
        assert (lines(cached(web)) == told) is (step == "back"), step


def inside(files: dict[str, str]) -> dict[str, str]:
    return {path.removeprefix("shop/"): text for path, text in files.items()}


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_as_if_fresh_after_every_edit(data: st.DataObject) -> None:
    originals = texts = inside(SHOP)
    incremental, package = Incremental(Config()), "shop"
    assert again(incremental, texts, package) == fresh(texts, Config(), package)
    for _ in range(data.draw(st.integers(1, 4))):
        texts = edited(data, texts, originals)
        package = data.draw(st.sampled_from(["shop", "shop", "shop", "", "all.shop"]))
        incremental = data.draw(st.sampled_from([incremental, next_run(incremental, Config())]))
        assert again(incremental, texts, package) == fresh(texts, Config(), package)


LATE = "from {name} import load\n\n\nasync def f():\n    load()\n"


@pytest.mark.parametrize(
    ("edit", "number"),
    [
        ({"item.py": LOAD.replace("open('x')", "2")}, 3),
        ({"late.py": LOAD}, 3),
        ({"item/__init__.py": "def load(): pass\n"}, 4),
        ({"other.py": LOAD}, 1),
    ],
    ids=["read", "found", "hidden", "unread"],
)
def test_what_cannot_have_changed_is_not_judged_again(edit: dict[str, str], number: int) -> None:
    before = {"__init__.py": "", "item.py": LOAD, "bare.py": LATE.format(name="item"), "bare_late.py": LATE.format(name="late")}
    for item, name in {"item": "shop.item", "relative": ".item", "late": "shop.late", "relative_late": ".late"}.items():
        before[f"by_{item}.py"] = LATE.format(name=name)
    incremental = Incremental(Config())
    again(incremental, before, "shop")
    later = next_run(incremental, Config())
    judged = incremental.judged
    after = {**before, **edit}
    assert again(incremental, after, "shop") == again(later, after, "shop") == fresh(after, Config(), "shop")
    assert later.judged == incremental.judged - judged == number


def test_another_package_is_another_project() -> None:
    texts = {"__init__.py": "", "item.py": LOAD, "user.py": LATE.format(name="shop.item")}
    incremental = Incremental(Config())
    said = {package: again(incremental, texts, package) for package in ("shop", "store", "", "shop")}
    assert [len(re.findall("NSI302", repr(item))) > 0 for item in said.values()] == [True, False, False]
    assert again(next_run(incremental, Config()), texts, "store") == said["store"]
