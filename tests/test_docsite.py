"""The derived pages of the documentation: all of the rules, the catalogue and the options is there, and nothing else is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import Context

import docsite
from docsite import catalogue, codes, commands, navigation, options, samples
from docsite.libraries import LIBRARIES
from docsite.markdown import slug
from nosyncio import rules
from nosyncio.catalogue import libraries
from nosyncio.catalogue.schema import Argument, Blocking, Called, Condition, Handle, Offloads, RunsOnLoop
from nosyncio.config import OPTIONS, key_of
from nosyncio.frontends.cli import cli
from nosyncio.report.entries import conditions
from nosyncio.rules.base import Code
from support import check_source

DOCS = Path(__file__).parent.parent / "docs"
CODE_PAGES = codes.pages()
LIBRARY_PAGES = catalogue.pages()
CODES = list(rules.codes().values())


def plain(page: str) -> str:
    """The page without what highlights its examples."""
    return re.sub(r"^```\{code-block\} python\n(?::.*\n)+\n", "```python\n", page, flags=re.MULTILINE)


# -------------------------------------------------------------------------------------------------------------------- codes


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_a_code_has_a_page_that_says_what_explain_says(code: Code) -> None:
    page = CODE_PAGES[f"codes/{code.code}.md"]
    assert page.startswith(f"# {code.code} {code.name}\n")
    assert code.page in plain(page)
    assert f"[{code.code}]({code.code}.md)" in CODE_PAGES["codes/index.md"]


def test_there_is_a_page_for_nothing_else() -> None:
    assert CODE_PAGES.keys() == {"codes/index.md", *(f"codes/{code.code}.md" for code in CODES)}


def test_the_lines_that_are_reported_stand_out() -> None:
    block = re.search(
        r"```\{code-block\} python\n:class: reported\n:emphasize-lines: (\d+)\n\n(.*?)```",
        CODE_PAGES["codes/NSI102.md"],
        re.DOTALL,
    )
    assert block is not None
    assert "# NSI102" in block[2].splitlines()[int(block[1]) - 1]


# ---------------------------------------------------------------------------------------------------------------- catalogue


def test_a_library_has_a_page_of_its_own() -> None:
    assert len({slug(library.library) for library in libraries()}) == len(list(libraries()))
    assert LIBRARY_PAGES.keys() == {"catalogue/index.md", *(f"catalogue/{slug(library.library)}.md" for library in libraries())}
    for library in libraries():
        assert f"[{library.library}]({slug(library.library)}.md)" in LIBRARY_PAGES["catalogue/index.md"]


@pytest.mark.parametrize("entry", LIBRARIES, ids=lambda entry: entry.title)
def test_a_page_has_all_that_its_library_blocks_on_offloads_and_registers(entry: docsite.libraries.Entry) -> None:
    page = LIBRARY_PAGES[entry.path]
    library = entry.library
    wanted = {call.name.removeprefix("builtins.") for call in entry.calls()}
    takers: tuple[Offloads | RunsOnLoop, ...] = (*library.offloads, *library.runs_on_loop)
    for item in takers:
        wanted.update((*item.functions, *item.decorators))
        wanted.update(f"{item.class_}.{name}" for name in (*item.methods, *item.overrides))
    assert {name for name in wanted if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("library", ["asyncio", "anyio", "trio"])
def test_the_advice_is_that_of_the_messages(library: str) -> None:
    source = "import queue\nimport time\n\nasync def f(q: queue.Queue[int]) -> None:\n    q.get()\n    time.sleep(1)\n"
    for finding in check_source(source, async_library=library):
        module = str(finding.callee).partition(".")[0]
        row = next(
            line for line in LIBRARY_PAGES[f"catalogue/{module}.md"].splitlines() if f"`{finding.callee}`" in line and "|" in line
        )
        assert f"{library}: `{finding.instead}`" in row


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Blocking(unless=(Condition(argument="block", position=0, one_of=(False, 0)),)), ["not with `block` = `False` or `0`"]),
        (Blocking(unless=(Condition(argument="timeout", equals=0),)), ["not with `timeout=0`"]),
        (Blocking(when=(Condition(argument="stream", equals=True, default=True),)), ["only with `stream=True`, or without it"]),
        (Blocking(when=(Condition(position=1, given=True),)), ["only with argument 2"]),
        (Blocking(unless=(Condition(argument="url", starts_with=("data:",)),)), ['not with `url` starting with `"data:"`']),
        (Blocking(when_made=(Condition(argument="flags", names=("os.WNOHANG",)),)), ["only if made with `flags` = `os.WNOHANG`"]),
        (Blocking(unless_called=(Called(method="done"),)), ["not where the function calls `done` of the same object"]),
        (Blocking(handle=Handle(argument="fp", method="read")), ["only if `read()` of `fp` does"]),
        (Blocking(in_memory=Argument(position=0), lazy=True), ["when its result is iterated", "not if argument 1 is in memory"]),
        (Blocking(unless_patched=("nest_asyncio.apply",)), ["not in a program that calls `nest_asyncio.apply`"]),
    ],
)  # fmt: skip
def test_conditions_are_put_into_words(entry: Blocking, words: list[str]) -> None:
    assert conditions(entry) == words


# ----------------------------------------------------------------------------------------------------------------- the rest


def test_every_option_and_every_command_is_there() -> None:
    assert [key_of(field) for field in OPTIONS] == re.findall(r"^\| `(.+?)` \|", options.table(), re.MULTILINE)
    text = commands.fragments()["_derived/commands.md"]
    assert re.findall(r"^## `nosyncio (.+)`$", text, re.MULTILINE) == sorted(cli.list_commands(Context(cli)))
    assert all(f"--{key_of(field)}" in text or f"--{key_of(field)}/" in text for field in OPTIONS)


def test_the_sample_shows_a_way_from_the_loop() -> None:
    (sample,) = samples.pages().values()
    assert '<ol class="chain">' in sample
    assert str(DOCS.parent) not in sample


def test_every_page_has_a_place_in_the_navigation() -> None:
    placed = {page for _, pages in navigation.GROUPS for page in pages}
    assert {page.stem for page in DOCS.glob("*.md")} - {"index"} <= placed


def test_a_page_that_is_not_written_yet_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "cli.md").touch()
    (fragment,) = navigation.fragments(tmp_path).values()
    assert ":caption: Front ends\n\ncli\n```" in fragment
    assert "flake8" not in fragment


def test_writing_removes_what_is_no_longer_derived_and_touches_nothing_that_is_current(tmp_path: Path) -> None:
    docsite.write(tmp_path)
    page, old = tmp_path / "codes" / "NSI101.md", tmp_path / "codes" / "NSI199.md"
    old.write_text("# gone\n", encoding="utf-8")
    before = page.stat().st_mtime_ns
    docsite.write(tmp_path)
    assert not old.exists()
    assert page.stat().st_mtime_ns == before
    files = (path for path in tmp_path.rglob("*") if path.is_file())
    assert {path.relative_to(tmp_path).as_posix() for path in files} == docsite.derived(tmp_path).keys()


def test_nothing_derived_is_kept_in_the_repository() -> None:
    ignored = (DOCS.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {f"/docs/{folder}/" for folder in docsite.FOLDERS} <= set(ignored)
