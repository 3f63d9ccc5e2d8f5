"""What a gate says, on one screen: what holds, what does not, what to do. And as JSON, with the whole report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nosyncio.gate import Criterion, Gate, Offence, Outcome
from nosyncio.model import Finding, NotAnalysed
from nosyncio.report import json
from nosyncio.report.drawing import TAB
from nosyncio.report.style import Paint, Part, shown

_MOST = 5
"""How many offences are listed of one criterion."""

_HEADLINES = {
    Outcome.HOLDS: "the gate holds",
    Outcome.FAILS: "the gate does not hold",
    Outcome.BLIND: "the gate cannot say: not everything could be analysed",
    Outcome.STALE: "the gate holds, but for baseline entries that are found no more",
}


def render(gate: Gate, paint: Paint) -> str:
    lines = [paint(_HEADLINES[gate.outcome], Part.GOOD if gate.outcome is Outcome.HOLDS else Part.BAD), ""]
    for criterion in gate.criteria:
        lines += _criterion(criterion, paint)
    todo = [f"{TAB}{criterion.name}: {criterion.remedy}" for criterion in gate.criteria if not criterion.holds]
    if todo:
        lines += ["", "what to do", *todo]
    return "".join(f"{line}\n" for line in lines)


def _criterion(criterion: Criterion, paint: Paint) -> Iterator[str]:
    if criterion.holds:
        yield f"{TAB}{paint('holds', Part.GOOD)}  {criterion.statement}"
        return
    yield f"{TAB}{paint('fails', Part.BAD)}  {criterion.statement}: {len(criterion.offences)} against it"
    for offence in criterion.offences[:_MOST]:
        yield f"{TAB}{TAB}   {_offence(offence, paint)}"
    if len(criterion.offences) > _MOST:
        yield f"{TAB}{TAB}   and {len(criterion.offences) - _MOST} more"


def _offence(offence: Offence, paint: Paint) -> str:
    if isinstance(offence, Finding):
        span = offence.span
        place = f"{paint(shown(offence.path), Part.PATH)}:{span.line}:{span.column}"
        return f"{place}: {paint(offence.code, Part.CODE)} {_short(offence.message)}"
    if isinstance(offence, NotAnalysed):
        return f"{paint(shown(offence.path), Part.PATH)}:{offence.line or 1}: {offence.reason}"
    leaf = f" down to `{offence.leaf}` in {shown(offence.leaf_path)}" if offence.leaf else ""
    function = offence.function or "the module"
    return f"{paint(shown(offence.path), Part.PATH)}: {paint(offence.code, Part.CODE)} `{offence.callee}` in {function}{leaf}"


def _short(message: str) -> str:
    """A message without advice and functions: `nosyncio check` has them."""
    return message.partition("; ")[0].partition(" in '")[0]


def document(gate: Gate, source_line: Callable[[str, int], str]) -> dict[str, Any]:
    """The gate as plain data: a verdict on each criterion, and the report that they are about."""
    return {
        "version": json.VERSION,
        "outcome": gate.outcome.value,
        "criteria": [
            {
                "name": criterion.name,
                "holds": criterion.holds,
                "statement": criterion.statement,
                "offences": len(criterion.offences),
                "remedy": None if criterion.holds else criterion.remedy,
            }
            for criterion in gate.criteria
        ],
        "report": json.document(gate.report, source_line),
    }
