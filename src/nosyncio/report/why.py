"""How the loop gets to a place, or where the trail ends, in words and chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nosyncio.model import BlockingCall, Finding, Top, Trail, Why
from nosyncio.report.drawing import TAB, count, hops
from nosyncio.report.style import Paint, Part, shown

_MOST_PLACES = 3

_HEADINGS = {
    Top.THREAD: "{} is handed to a thread",
    Top.MODULE: "{} is called as the module is imported",
    Top.MAIN: "{} is called as the file is run as a script",
    Top.OTHER_CLASS: "the loop gets to {}, but not for an object of the class that leads on",
    Top.NOT_RUN: "{} is called, but that does not run its body",
    Top.PASSED: "{} is passed on, and what becomes of it there is not known",
    Top.NOT_CALLED: "no call of {} is found",
    Top.MAYBE: "{} may be what is called here, which is not known",
}


def render(why: Why, source_line: Callable[[str, int], str], paint: Paint, limit: int) -> str:
    """At most `limit` ways, and how many more there are."""
    place = f"{paint(shown(why.hop.path), Part.PATH)}:{why.hop.span.line}:{why.hop.span.column}"
    blocks = [f"{place}: {_answer(why, paint)}"]
    drawn = () if why.is_async else why.registered or why.trails
    blocks += ["\n".join(_trail(trail, why, source_line, paint)) for trail in drawn[:limit]]
    if len(drawn) > limit:
        blocks.append(f"{len(drawn) - limit} more; `--limit` shows more than {limit}")
    blocks += ["\n".join(_blocking(call, why, paint)) for call in why.blocking]
    return "\n\n".join(blocks) + "\n"


def _answer(why: Why, paint: Paint) -> str:
    if why.name is None:
        return paint("outside all functions: this runs when the module is imported or started, and is not loop code", Part.GOOD)
    if why.is_async:
        return paint(f"`{why.name}` is loop code: an `async def`", Part.BAD)
    if why.registered:
        return paint(f"`{why.name}` is loop code: the loop calls it", Part.BAD)
    if why.is_reached:
        one = len(why.trails) == 1
        calls = "1 call in loop code leads" if one else f"{len(why.trails)} calls in loop code lead"
        return paint(f"the loop gets to `{why.name}`: {calls} to it", Part.BAD)
    return paint(f"the loop does not get to `{why.name}`, as far as calls can be followed", Part.GOOD)


def _trail(trail: Trail, why: Why, source_line: Callable[[str, int], str], paint: Paint) -> Iterator[str]:
    heading = _heading(trail, why)
    if heading:
        yield f"{TAB}{heading}"
    mark = paint("->", Part.MARK)
    for index, line in enumerate(hops(trail.hops, source_line, paint)):
        yield f"{TAB}{mark if index else '  '} {line}"


def _heading(trail: Trail, why: Why) -> str:
    """What stands at the top of a trail, in words."""
    detail = f": {trail.detail}" if trail.detail else ""
    if trail in why.registered:
        return f"by `{trail.detail}`" if trail.detail else "registered here"
    if trail.top is Top.LOOP:
        return ""
    if trail.top is Top.THREAD and not trail.hops:
        return f"it runs in a thread{detail}"
    top = trail.function if trail.function != why.name else None
    if trail.function is None and len(trail.hops) > 1:
        top = trail.hops[1].function
    return _HEADINGS[trail.top].format("it" if top is None else f"`{top}`") + detail


def _blocking(call: BlockingCall, why: Why, paint: Paint) -> Iterator[str]:
    begun = f", part of `{call.part_of.callee}` on line {call.part_of.line}" if call.part_of else ""
    yield f"line {call.span.line}: {paint(f'`{call.callee}` blocks', Part.BAD)} ({call.kind.label}{begun})"
    if call.findings:
        yield f"{TAB}reported as {_places(call.findings)}"
    if call.hidden:
        yield f"{TAB}suppressed or not selected: {_places(call.hidden)}"
    if not call.findings and not call.hidden:
        yield f"{TAB}not reported: {_excuse(call, why)}"


def _places(findings: tuple[Finding, ...]) -> str:
    places = [f"{item.code} at {shown(item.path)}:{item.span.line}:{item.span.column}" for item in findings[:_MOST_PLACES]]
    more = len(findings) - len(places)
    return ", ".join(places) + (f" and {count(more, 'more place')}" if more else "")


def _excuse(call: BlockingCall, why: Why) -> str:
    if call.silenced:
        return "a comment here keeps it out of chains"
    if not why.is_reached:
        return "the loop does not get here"
    if call.direct:
        return "it counts only where loop code itself makes the call"
    return "on each way here a test, or a callee that can be something else as well, leaves it open whether it runs"
