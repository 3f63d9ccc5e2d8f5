"""After an edit, what is judged anew and what is kept come to what a fresh run gives; and what cannot have changed is kept."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nosyncio import config, saved
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.analysis.source import Unreadable
from nosyncio.checked import Checked
from nosyncio.engine import Engine, Stocked
from nosyncio.incremental import Incremental
from support import MemoryFiles

PROJECTS = Path(__file__).parent / "fixtures" / "projects"
WORD = re.compile(r"[A-Za-z_]\w+")


class Files(MemoryFiles):
    """Files that may be broken."""

    def facts(self, path: str) -> ModuleFacts | None:
        return _facts(self._texts.get(path))

    def facts_at(self, version: Hashable) -> ModuleFacts | None:
        return _facts(version.decode()) if isinstance(version, bytes) else None

    def is_folder(self, path: str) -> bool:
        return any(text.startswith(f"{path}/") for text in self._texts)


@cache
def _facts(text: str | None) -> ModuleFacts | None:
    try:
        return None if text is None else MemoryFiles({"x.py": text}).facts("x.py")
    except Unreadable:
        return None


def texts_of(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in sorted(folder.rglob("*.py"))}


def said(checked: list[Checked]) -> list[Any]:
    return [(item._replace(silencing=frozenset), sorted(item.silencing())) for item in checked]


def fresh(texts: dict[str, str], settings: config.Config, package: str = "") -> list[Any]:
    return said(list(Engine(Files(texts, package), settings).check(sorted(texts))))


def again(incremental: Incremental, texts: dict[str, str], package: str = "") -> list[Any]:
    return said(list(incremental.check(Files(texts, package), sorted(texts))))


def stocked(taken: Iterable[Stocked]) -> list[Any]:
    """An inventory without what is made anew each time."""
    return [
        item._replace(operations=[replace(found, pattern=None, rewrite=None, callers=()) for found in item.operations])
        for item in taken
    ]


def next_run(incremental: Incremental, settings: config.Config) -> Incremental:
    """One that knows what another one has kept: its next run, in a process of its own."""
    known = incremental.known()
    data = None if known is None else saved.encoded(known)
    return Incremental(settings, past=None if data is None else saved.decoded(data))


def edited(data: st.DataObject, texts: dict[str, str], originals: dict[str, str]) -> dict[str, str]:
    """The project after one edit: as an editor makes them, broken states included."""
    texts = dict(texts)
    path = data.draw(st.sampled_from(sorted({*texts, *originals})))
    kinds = ["line", "word", "async", "blocking", "delete", "restore"]
    kind = data.draw(st.sampled_from(kinds)) if path in texts else "restore"
    lines = texts.get(path, "").splitlines(keepends=True)
    if kind == "restore":
        texts[path] = originals[path]
    elif kind == "delete":
        del texts[path]
    elif kind == "line" and lines:
        number = data.draw(st.integers(0, len(lines) - 1))
        texts[path] = "".join([*lines[:number], *lines[number + 1 :]])
    elif kind == "word" and WORD.search(texts[path]):
        old = data.draw(st.sampled_from(sorted(set(WORD.findall(texts[path])))))
        new = data.draw(st.sampled_from(sorted({word for text in texts.values() for word in WORD.findall(text)})))
        texts[path] = re.sub(rf"\b{old}\b", new, texts[path])
    elif kind == "async":
        places = [match.start() for match in re.finditer(r"(async )?def ", texts[path])]
        if places:
            place = data.draw(st.sampled_from(places))
            rest = texts[path][place:]
            texts[path] = texts[path][:place] + (rest.removeprefix("async ") if rest.startswith("async ") else f"async {rest}")
    elif kind == "blocking":
        bodies = [number for number, line in enumerate(lines) if line.strip() and line.startswith("    ")]
        if bodies:
            number = data.draw(st.sampled_from(bodies))
            indent = lines[number][: -len(lines[number].lstrip())]
            texts[path] = "".join([*lines[:number], f"{indent}open('x').read()\n", *lines[number:]])
    return texts


@pytest.mark.parametrize("project", sorted(path.name for path in PROJECTS.iterdir() if path.is_dir()))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_as_if_fresh_after_every_edit(project: str, data: st.DataObject) -> None:
    originals = texts = texts_of(PROJECTS / project)
    found = config.discover(PROJECTS / project).config
    incremental = Incremental(found)
    assert again(incremental, texts) == fresh(texts, found)
    list(incremental.inventory(Files(texts), sorted(texts)))
    for _ in range(data.draw(st.integers(1, 4))):
        texts = edited(data, texts, originals)
        incremental = data.draw(st.sampled_from([incremental, next_run(incremental, found)]))
        assert again(incremental, texts) == fresh(texts, found)
        if data.draw(st.booleans()):
            list(incremental.inventory(Files(texts), sorted(texts)))
    inventory = stocked(incremental.inventory(Files(texts), sorted(texts)))
    assert inventory == stocked(Engine(Files(texts), found).inventory(sorted(texts)))


HELPERS = "def helper():\n    return open('x')\n\n\ndef other():\n    return 1\n"
CALLER = "from helpers import helper\n\n\nasync def work():\n    helper()\n"
THIRD = "import time\n\n\nasync def rest():\n    time.sleep(1)\n"
BASE = "class Base:\n    def run(self):\n        self.step()\n\n    def step(self):\n        pass\n"
RUNNER = "from base import Base\n\n\nasync def start(job: Base):\n    job.run()\n"
DERIVED = "from base import Base\n\n\nclass Derived(Base):\n    def step(self):\n        open('x')\n"


def judged_after(before: dict[str, str], **edits: str) -> int:
    """How many files are judged anew after an edit; what is found is as if all were."""
    incremental = Incremental(config.Config())
    again(incremental, before)
    assert incremental.judged == len(before)
    later = next_run(incremental, config.Config())
    after = {**before, **{f"{name}.py": text for name, text in edits.items()}}
    assert again(incremental, after) == fresh(after, config.Config())
    assert again(later, after) == fresh(after, config.Config())
    assert later.judged == incremental.judged - len(before)
    return later.judged


LATE = "from late import helper\n\n\nasync def work():\n    helper()\n"
FILES = {"helpers.py": HELPERS, "caller.py": CALLER, "third.py": THIRD, "base.py": BASE, "runner.py": RUNNER, "user.py": LATE}


@pytest.mark.parametrize(
    ("edits", "number"),
    [
        ({}, 0),
        ({"third": f"# moved down\n{THIRD}"}, 1),  # nobody reads it
        ({"helpers": HELPERS.replace("open('x')", "2")}, 2),  # `caller` has read it
        ({"helpers": "def (\n"}, 1),  # broken: only `caller` is left to judge
        ({"derived": DERIVED}, 2),  # a new override: of those who asked for `step`, and itself
        ({"late": HELPERS}, 2),  # what an import now finds: of the one who asked for it, and itself
    ],
    ids=["nothing", "unread", "read", "broken", "override", "found"],
)
def test_what_cannot_have_changed_is_not_judged_again(edits: dict[str, str], number: int) -> None:
    assert judged_after(FILES, **edits) == number


MIDDLE = "from helpers import helper, other\n\n\ndef step():\n    helper()\n    other()\n"
TOP = "from middle import step\n\n\nasync def work():\n    step()\n"
BEHIND = {"helpers.py": HELPERS, "middle.py": MIDDLE, "top.py": TOP}


@pytest.mark.parametrize(
    ("helpers", "number"),
    [
        (f"{HELPERS}\n\ndef third():\n    return 1\n", 1),
        (HELPERS.replace("return 1", "return 2"), 1),
        (f"# moved down\n{HELPERS}", 2),  # the chain of `work` shows the line
        (HELPERS.replace("return 1", "return open('y')"), 2),
        (HELPERS.replace("open('x')", "2"), 2),
        (HELPERS.replace("return 1", "return open('y')  # noqa: NSI102"), 1),
        (f"{HELPERS.replace('helper', 'step')}\nhelper = step\n", 2),  # the chain shows the name
    ],
    ids=["more", "another", "moved", "blocks", "blocks no more", "silent", "renamed"],
)
def test_what_an_edit_does_not_change_far_from_it_is_not_judged_again(helpers: str, number: int) -> None:
    """`work` hangs on what `step` reaches, not on the files behind it."""
    assert judged_after(BEHIND, helpers=helpers) == number


def test_who_asks_for_overrides_hangs_on_those_there_are() -> None:
    families = {"base.py": BASE, "runner.py": RUNNER, "derived.py": DERIVED, "other.py": DERIVED.replace("step", "leap")}
    assert judged_after(families, other=DERIVED.replace("step", "jump")) == 1
    assert judged_after(families, other=DERIVED) == 2
    assert judged_after(families, other="") == 2  # one class fewer derives from `Base`


def test_a_first_time_behind_a_call_is_asked_about_where_it_is() -> None:
    """What a function on the way marks as done says which of two calls is shown: it is a part of what the way shows."""
    made = """
class Store:
    def get(self):
        if self.it is None:
            self.it = open('x')
"""
    user = """
from store import Store


async def work(store: Store):
    through(store)
    through(store)


def through(store: Store):
    store.get()
"""
    before = {"store.py": made, "user.py": user}
    assert judged_after(before, store=made.replace("self.it = open", "self.at = open")) == 2


def test_what_cannot_be_spelled_is_no_obstacle() -> None:
    """Literals that have no place in a cache: a number of many bits, a text that is none."""
    for literal in (str(1 << 70), r"'\ud800'"):
        body = f"def step(mode):\n    if mode == {literal}:\n        open('x')\n"
        user = f"from middle import step\n\n\nasync def work():\n    step({literal})\n"
        judged_after({"middle.py": body, "user.py": user, "third.py": THIRD}, middle=f"{body}\n\ndef more():\n    return 1\n")


def test_what_many_read_and_few_follow() -> None:
    """A comment that silences a chain is used as long as one of the chains is there."""
    silent = HELPERS.replace("open('x')", "open('x')  # noqa: NSI102")
    before = {"helpers.py": silent, "caller.py": CALLER, "second.py": CALLER}
    incremental = Incremental(config.Config())
    for texts in (before, {**before, "second.py": THIRD}, {**before, "second.py": THIRD, "caller.py": THIRD}, before):
        assert again(incremental, texts) == fresh(texts, config.Config())


def test_types_too_deep_to_be_followed_are_said_again() -> None:
    deep = "class A0: pass\n" + "".join(f"class A{n}(A{n - 1}): pass\n" for n in range(1, 3000))
    deep += "async def f(a: A2999):\n    a.x()\n"
    incremental = Incremental(config.Config())
    for texts in ({"deep.py": deep, "third.py": THIRD}, {"deep.py": f"{deep}\n", "third.py": THIRD}):
        assert again(incremental, texts) == fresh(texts, config.Config())
