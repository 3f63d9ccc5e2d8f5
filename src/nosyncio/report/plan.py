"""A plan for people: as text for a terminal, and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from nosyncio.model import Hop
from nosyncio.plan import Change, Conversion, Form, Keeper, Kept, Obstacle, Plan, Replacement, Site, Step
from nosyncio.report.drawing import TAB, as_printed, count
from nosyncio.report.style import Paint, Part, excerpt, shown, spelled

FORMS = {
    Form.COROUTINE: "async def",
    Form.GENERATOR: "an async generator",
    Form.CONTEXT_MANAGER: "async def, with @asynccontextmanager",
    Form.PROPERTY: "a coroutine method, as a property cannot be awaited",
    Form.WITH: "__aenter__ and __aexit__",
    Form.ITERATION: "__aiter__ and __anext__",
    Form.SPECIAL: "a coroutine method, as what syntax calls cannot be awaited",
    Form.LAMBDA: "a lambda that gives the awaitable on, or an async def",
}
CHANGES = {
    Change.AWAIT: "await",
    Change.IN_LIST: "await, in a list: a generator expression that awaits is an async one",
    Change.ASYNC_WITH: "async with",
    Change.ASYNC_FOR: "async for",
    Change.METHOD: "await the method",
    Change.THREAD: "off the loop",
    Change.TASK: "await, if what calls this function takes a coroutine function, else start a task",
    Change.RUN: "run it on a loop of its own (asyncio.run): none runs here",
    Change.FACTORY: "await in an async factory, as a constructor cannot; or allow it (allow-init)",
    Change.HAND_OVER: "hand over a function that runs it, or to something that takes a coroutine function",
}
OBSTACLES = {
    Obstacle.CONSTRUCTOR: "a constructor cannot be awaited: make it before the loop runs, in a thread, or by an async factory",
    Obstacle.CACHED: "it is cached, and a coroutine can be awaited only once: call it in a thread",
    Obstacle.IN_THREAD: "it is handed to a thread elsewhere: do so here, too",
    Obstacle.OVERRIDE: "it takes the place of a library's method: call it in a thread",
    Obstacle.LIBRARY: "a library calls it, and does not await: let it do so in a thread",
    Obstacle.INSTALLED: "it blocks in an installed package: call it in a thread, or make it before the loop runs",
    Obstacle.CALLBACK: "the loop calls this function: make it async if its caller takes that, else start a task, or use a thread",
    Obstacle.SYNC: "it cannot become async: move the work to a coroutine, or to what only runs in a thread",
    Obstacle.MODULE: "it runs on import: move it to a coroutine that start-up awaits",
}


class _Row(NamedTuple):
    """One thing to do: where, what, and what belongs to it."""

    place: str
    what: str
    inner: tuple[_Row, ...] = ()


class _Section(NamedTuple):
    heading: str
    rows: tuple[_Row, ...]


def render(plan: Plan, source_line: Callable[[str, int], str], paint: Paint) -> str:
    """The plan as text. `source_line(path, line)` gives a line of a checked file, empty if it can't."""
    lines = [_headline(plan)]
    names = _Names(plan, source_line)
    for step in plan.steps:
        lines += ["", f"{paint(f'step {step.number}', Part.CODE)}: {_outcome(step)}"]
        for section in _sections(step, names):
            lines += [f"{TAB}{paint(section.heading, Part.HINT)}", *_lines(section.rows, TAB * 2, paint)]
    if plan.not_analysed:
        lines += ["", *(f"{shown(item.path)}:{item.line or 1}:1: not analysed: {item.reason}" for item in plan.not_analysed)]
    return "".join(f"{line}\n" for line in lines)


def _lines(rows: Iterable[_Row], indent: str, paint: Paint) -> Iterator[str]:
    for row in rows:
        yield f"{indent}{paint(row.place, Part.PATH)}  {row.what}".rstrip()
        yield from _lines(row.inner, f"{indent}{TAB}", paint)


def markdown(plan: Plan, source_line: Callable[[str, int], str]) -> str:
    """The plan as Markdown: for each step, things to tick off."""
    lines = ["# Plan", "", f"{_headline(plan)}."]
    names = _Names(plan, source_line)
    for step in plan.steps:
        lines += ["", f"## Step {step.number}", "", f"{_outcome(step)}."]
        for section in _sections(step, names):
            lines += ["", f"{section.heading}:", "", *_items(section.rows, "", "- [ ] ")]
    if plan.not_analysed:
        lines += ["", "## Not analysed", "", *(f"- {_code(shown(item.path))}: {item.reason}" for item in plan.not_analysed)]
    return "".join(f"{line}\n" for line in lines)


def _items(rows: Iterable[_Row], indent: str, mark: str) -> Iterator[str]:
    for row in rows:
        yield f"{indent}{mark}{_code(row.place)} {_escaped(row.what)}".rstrip()
        yield from _items(row.inner, f"{indent}  ", "- ")


def _code(text: str) -> str:
    """Text as Markdown shows it letter by letter, whatever stands in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _escaped(text: str) -> str:
    """Text that means nothing to Markdown. Underscores inside of words mean nothing anyway."""
    return re.sub(r"[\\`*\[\]<|]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)


def _headline(plan: Plan) -> str:
    found = f"{count(plan.findings, 'finding')} in {count(plan.files, 'file')}"
    return f"{found}, {count(len(plan.steps), 'step')} to none" if plan.findings else f"nothing to do: {found}"


def _outcome(step: Step) -> str:
    return f"{count(len(step.frees), 'finding')} {'goes' if len(step.frees) == 1 else 'go'}, {step.left or 'none'} left"


# -------------------------------------------------------------------------------------------------------------------- one step


def _sections(step: Step, names: _Names) -> Iterator[_Section]:
    if step.conversions:
        is_alone = len({conversion.group for conversion in step.conversions}) == 1
        heading = "make async" if is_alone else "make async, leaves first"
        yield _Section(heading, tuple(names.function(conversion) for conversion in step.conversions))
    if step.kept:
        yield _Section("leave sync", tuple(map(_kept, step.kept)))
    if step.sites:
        yield _Section("change the calls", tuple(names.site(site) for site in step.sites))
    if step.operations:
        yield _Section("replace", tuple(_replacement(operation, "") for operation in step.operations))
    if step.dropped:
        yield _Section("drop the sync versions", tuple(_Row(_function(item.hop), "") for item in step.dropped))


class _Names:
    """What is said of functions and calls, with the names that functions have beside their sync versions."""

    def __init__(self, plan: Plan, source_line: Callable[[str, int], str]) -> None:
        self._source_line = source_line
        converted = (item for step in plan.steps for item in step.conversions)
        self._twins = {item.name: twin_name(item) for item in converted if item.twin is not None}

    def function(self, conversion: Conversion) -> _Row:
        within = conversion.hop.path
        inner = [(item.hop, _replacement(item, within)) for item in conversion.operations]
        inner += [(site.hop, self.site(site, within)) for site in conversion.awaits]
        rows = [row for _, row in sorted(inner, key=lambda item: item[0])]
        rows += [
            _Row(_function(conversion.hop), f"check that {name} takes a coroutine function") for name in conversion.decorators
        ]
        what = FORMS[conversion.form]
        if conversion.twin is not None:
            rows += _keepers(conversion.twin.keepers)
            name = twin_name(conversion)
            what = f"{name} is there already" if conversion.twin.existing else f"{what}, as {name}"
            what += f": the sync one stays {f'until step {conversion.twin.until}' if conversion.twin.until else 'for good'}"
        return _Row(_function(conversion.hop), what, tuple(rows))

    def site(self, site: Site, within: str = "") -> _Row:
        line = self._source_line(site.hop.path, site.hop.span.line)
        text, _ = as_printed(excerpt(site.hop.span, line), 0)
        moved = sorted({self._twins[name] for name in site.runs if name in self._twins})
        note = f" as {', '.join(moved)}" if moved and site.change is not Change.THREAD else ""
        if site.obstacle is not None and within:
            note = f" ({OBSTACLES[site.obstacle].partition(':')[0]})"
        return _Row(_place(site.hop, within), f"{CHANGES[site.change]}: {text}{note}")


def twin_name(conversion: Conversion) -> str:
    """What the async version of a function is called that is made beside it."""
    assert conversion.twin is not None
    return conversion.twin.existing or f"{conversion.name.rpartition('.')[2]}_async"


def _keepers(keepers: Iterable[Keeper]) -> Iterator[_Row]:
    """What keeps the sync version: a line for each file, as there may be many places."""
    grouped: dict[tuple[str, bool], dict[int, None]] = {}
    for keeper in keepers:
        grouped.setdefault((keeper.hop.path, keeper.hands_over), {})[keeper.hop.span.line] = None
    for (path, hands_over), lines in grouped.items():
        listed = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
        yield _Row(shown(path), f"{'hands the sync one on' if hands_over else 'needs the sync one'} in {listed}")


def _kept(kept: Kept) -> _Row:
    return _Row(_function(kept.hop), OBSTACLES[kept.obstacle], tuple(_blocks(item) for item in kept.blocks))


def _blocks(operation: Replacement) -> _Row:
    return _Row(_place(operation.hop, ""), spelled(operation.callee))


def _replacement(operation: Replacement, within: str) -> _Row:
    further = "".join(f", {item.callee} in line {item.line}" for item in operation.further)
    instead = operation.instead or " ".join(f"nosyncio explain {code}" for code in operation.codes)
    note = f" ({OBSTACLES[operation.obstacle]})" if operation.obstacle is not None else ""
    return _Row(_place(operation.hop, within), f"{spelled(operation.callee)}{further} -> {instead}{note}")


def _place(hop: Hop, within: str) -> str:
    """A place; in what is said of a function, without its file."""
    place = f"{hop.span.line}:{hop.span.column}"
    return place if hop.path == within else f"{shown(hop.path)}:{place}"


def _function(hop: Hop) -> str:
    return f"{shown(hop.path)}:{hop.span.line} {hop.function or ''}"
