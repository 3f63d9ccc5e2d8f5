"""One page for each library of the catalogue, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from docsite import markdown
from docsite.libraries import LIBRARIES, Call, Entry
from nosyncio import rules
from nosyncio.catalogue.replacement import thread
from nosyncio.catalogue.schema import HandsOver, Instead, Offloads, RunsOnLoop
from nosyncio.findings import advice_for
from nosyncio.model import AsyncLibrary, Context, Kind
from nosyncio.report.entries import argument, code, conditions, handling


def pages() -> dict[str, str]:
    return {"catalogue/index.md": _index(), **{entry.path: page(entry) for entry in LIBRARIES}}


def page(entry: Entry) -> str:
    """The page of one library."""
    parts = [f"# {entry.title}", _origin(entry)]
    if entry.calls():
        parts.append(_LEGEND)
    for kind in entry.kinds:
        parts += _of_kind(entry, kind)
    parts += _handed_over("Runs in a thread or process", _OFFLOADS, entry.library.offloads)
    parts += _handed_over("Called by the event loop", _LOOP, entry.library.runs_on_loop)
    parts += _safe(entry)
    parts += _followed(entry)
    if len(parts) == 2:
        parts.append("Nothing of it blocks by itself. The catalogue has its types, so that what lies behind them is known.")
    return "\n\n".join(parts) + "\n"


# ------------------------------------------------------------------------------------------------------------- what blocks

_SAME_NAME = "…"
_LEGEND = (
    f"*A thread* stands for {', '.join(code(thread(library)) for library in AsyncLibrary)}, by the async library of the code; "
    f"{code(_SAME_NAME)} for the call's own name."
)


def _origin(entry: Entry) -> str:
    library = entry.library
    modules = ", ".join(code(module) for module in library.modules if not module.startswith("_"))
    if library.distribution is None:
        return f"Of the standard library. Looked up for names that start with {modules}."
    versions = f", checked in versions {library.versions[0]} and {library.versions[1]}" if library.versions else ""
    return f"The distribution {code(library.distribution)}{versions}. Looked up for names that start with {modules}."


def _of_kind(entry: Entry, kind: Kind) -> list[str]:
    codes = dict.fromkeys(found for context in Context if (found := rules.code_for(kind, context)) is not None)
    links = ", ".join(markdown.link(found.code, f"../codes/{found.code}.md") for found in codes)
    calls = entry.calls(kind)
    index = "\n".join(["```{eval-rst}", ".. index::", *(f"   single: {call.name}" for call in calls), "```"])
    rows = [(_called(group), _advice(kind, group)) for group in _groups(calls)]
    table = markdown.table(("Call", "Use instead"), rows, "calls")
    return [f"## {markdown.heading(kind)}", f"Reported as {links}.", index, table]


def _groups(calls: Iterable[Call]) -> Iterator[list[Call]]:
    """Calls in a row of which the catalogue says the same."""
    group: list[Call] = []
    for call in calls:
        if group and _said(group[0]) != _said(call):
            yield group
            group = []
        group.append(call)
    if group:
        yield group


def _said(call: Call) -> tuple[Instead | None, list[str]]:
    return call.verdict.instead, conditions(call.entry)


def _called(group: Sequence[Call]) -> str:
    when = "; ".join(conditions(group[0].entry))
    return _lines(call.name.removeprefix("builtins.") for call in group) + (f" <br>[{when}]{{.when}}" if when else "")


def _advice(kind: Kind, group: Sequence[Call]) -> str:
    """What messages name, for each async library; libraries with the same advice together."""
    verdict = group[0].verdict if len(group) == 1 else replace(group[0].verdict, name=_SAME_NAME)
    by_advice: dict[str, list[str]] = {}
    for library in AsyncLibrary:
        names = ("a thread" if name == thread(library) else code(name) for name in advice_for(kind, verdict, library))
        by_advice.setdefault(" or ".join(names), []).append(library.value)
    if len(by_advice) == 1:
        return next(iter(by_advice))
    return " <br>".join(f"{', '.join(libraries)}: {advice}" for advice, libraries in by_advice.items())


# ------------------------------------------------------------------------------------------------------ threads and the loop

_OFFLOADS = "A function that is given to these does not run on the event loop, and nothing in it is reported on their account."
_LOOP = "A sync function that is given to these runs on the event loop: what blocks in it is reported."


def _handed_over(heading: str, about: str, entries: Iterable[HandsOver]) -> list[str]:
    rows = [row for entry in entries for row in _takers(entry)]
    return [f"## {heading}", about, markdown.table(("What", "Takes"), rows, "takers")] if rows else []


def _takers(entry: HandsOver) -> Iterator[tuple[str, str]]:
    also = "; coroutine functions run on the loop" if isinstance(entry, Offloads) and entry.accepts_async else ""
    called = [*entry.functions, *(f"{entry.class_}.{method}" for method in entry.methods)]
    if called and entry.callable is not None:
        yield _lines(called), f"{argument(entry.callable)}{also}"
    if isinstance(entry, (Offloads, RunsOnLoop)):
        if entry.decorators:
            yield _lines(entry.decorators), f"what it decorates{also}"
        if entry.overrides:
            yield _lines(f"{entry.class_}.{method}" for method in entry.overrides), "overrides in subclasses"


def _lines(items: Iterable[str]) -> str:
    return " <br>".join(map(code, items))


# ------------------------------------------------------------------------------------------------------------ the rest


def _safe(entry: Entry) -> list[str]:
    rows = [(_lines(safe.names), safe.reason) for safe in entry.library.safe]
    return ["## Known not to block", markdown.table(("Call", "Why"), rows, "takers")] if rows else []


def _followed(entry: Entry) -> list[str]:
    """What calls, enters or iterates an argument, so that analysis goes on there."""
    library = entry.library
    looked_through = (library.calls, library.enters, library.consumes, library.passes, library.asks_for_loop)
    rows = [(_lines(item.names), handling(item) or "") for items in looked_through for item in items]
    if not rows:
        return []
    about = "What these are given is looked into: it blocks here if it blocks at all."
    return ["## Looked through", about, markdown.table(("Call", "What it does"), rows, "takers")]


# -------------------------------------------------------------------------------------------------------------------- index


_INTRODUCTION = """\
What blocks is data: {number} names in {files} files, checked against the real libraries. A name that is not here is not reported.
The search finds every call by its name, and the [index](<project:#genindex>) lists them; what is missing can be
[declared](../configuration.md#your-own-entries) or [added](../contributing.md#add-a-callable)."""
_FILTER = """\
```{raw} html
<input id="filter" class="filter" type="search" placeholder="Filter: a library or a kind" aria-label="Filter" hidden>
```"""


def _index() -> str:
    number = sum(len(entry.calls()) for entry in LIBRARIES)
    rows = [_row(entry) for entry in LIBRARIES]
    parts = [
        "# The catalogue",
        _INTRODUCTION.format(number=number, files=len(LIBRARIES)),
        _FILTER,
        markdown.table(("Library", "Calls", "Kinds", "Also"), rows, "libraries"),
        "*Also*: there are callables that run their argument in *threads* or processes, or make the event *loop* call it.",
        markdown.toctree(entry.path.removeprefix("catalogue/").removesuffix(".md") for entry in LIBRARIES),
    ]
    return "\n\n".join(parts) + "\n"


def _row(entry: Entry) -> tuple[str, ...]:
    also = [*(["threads"] if entry.library.offloads else []), *(["loop"] if entry.library.runs_on_loop else [])]
    return (
        markdown.link(entry.title, entry.path.removeprefix("catalogue/")),
        str(len(entry.calls()) or ""),
        ", ".join(kind.label for kind in entry.kinds),
        ", ".join(also),
    )
