"""What is known of calls, for people and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from nosyncio import rules
from nosyncio.analysis.accounts import Account, Said
from nosyncio.catalogue import Harmless, Verdict
from nosyncio.catalogue.schema import Blocking, Offloads, RunsOnLoop, Safe, Target
from nosyncio.findings import advice_for
from nosyncio.lookup import Answer, Judged, Known, Source
from nosyncio.model import AsyncLibrary, Context, Finding, Kind, Span
from nosyncio.report.drawing import TAB, count
from nosyncio.report.entries import argument, conditions, handling, refusal
from nosyncio.report.json import VERSION
from nosyncio.report.style import Paint, Part, shown, spelled


def render(answer: Answer, paint: Paint) -> str:
    """The answer to a query: a line for each library where none was asked for, blocks of names that the same is said of, or a
    judgement."""
    if answer.judged is not None:
        return "\n".join(_judgement(answer.judged, paint)) + "\n"
    if answer.query is None:
        return "".join(f"{line}\n" for line in _overview(answer.sources, paint))
    if answer.sources:
        parts = [[_title(source, paint), *_blocks(_of(source), paint, with_source=False)] for source in answer.sources]
        return "\n\n".join(block for blocks in parts for block in blocks) + "\n"
    return "\n\n".join(_blocks(answer.names, paint, with_source=True)) + "\n"


def _of(source: Source) -> list[Known]:
    return [Known(name, target, source) for target in source.tables() for name in target.names]


def _overview(sources: Iterable[Source], paint: Paint) -> Iterator[str]:
    rows = [(source.title, _calls(source), ", ".join(_kinds(source)), _origin(source)) for source in sources]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for title, calls, kinds, origin in rows:
        padded = paint(title, Part.CODE) + " " * (widths[0] - len(title))
        yield f"{padded}  {calls:>{widths[1]}}  {kinds:<{widths[2]}}  {origin}".rstrip()


def _title(source: Source, paint: Paint) -> str:
    return f"{paint(source.title, Part.CODE)}: {_origin(source) or 'standard library'} ({shown(source.file)})"


def _origin(source: Source) -> str:
    library = source.library
    if library is None or library.distribution is None:
        return ""
    return f"{library.distribution} {' and '.join(library.versions)}" if library.versions else library.distribution


def _calls(source: Source) -> str:
    number = sum(len(target.names) for target in source.tables() if isinstance(target, Blocking))
    return count(number, "call") if number else ""


def _kinds(source: Source) -> list[str]:
    said = {target.kind for target in source.tables() if isinstance(target, Blocking)}
    return [kind.label for kind in Kind if kind.label in said]


# ------------------------------------------------------------------------------------------------------------------- of names


def _blocks(names: Iterable[Known], paint: Paint, *, with_source: bool) -> Iterator[str]:
    """A block for each entry: what it says, its names, its conditions, advice and evidence."""
    for _, group in groupby(names, key=lambda item: id(item.target)):
        items = list(group)
        target, source = items[0].target, items[0].source
        where = f"  ({shown(source.file)})" if with_source else ""
        lines = [f"{paint(_says(target), Part.BAD if isinstance(target, Blocking) else Part.GOOD)}{where}"]
        lines += [f"{TAB}{paint(spelled(item.name), Part.PATH)}" for item in items]
        if isinstance(target, Blocking):
            lines += [f"  {sentence}" for sentence in conditions(target)]
            lines += [f"  {paint(line, Part.HINT)}" for line in _advice(items)]
            lines += [f"  see {target.evidence}"] if target.evidence else []
        yield "\n".join(lines)


def _says(target: Target) -> str:
    """What an entry says of its names."""
    if isinstance(target, Blocking):
        codes = _codes(target)
        off = "" if all(rules.codes()[code].default for code in codes) else ", off by default"
        return f"blocks: {target.kind}, reported as {', '.join(codes)}{off}"
    if isinstance(target, Safe):
        return f"does not block: {target.reason}"
    if isinstance(target, (Offloads, RunsOnLoop)):
        taken = "what it decorates or overrides" if target.callable is None else argument(target.callable)
        return f"runs {taken} in a thread or process" if isinstance(target, Offloads) else f"makes the event loop call {taken}"
    return handling(target) or "is known"


def _codes(target: Blocking) -> list[str]:
    kind = Kind.from_label(target.kind)
    codes = [rules.code_for(kind, context) for context in Context]
    return list(dict.fromkeys(code.code for code in codes if code is not None))


def _instead(item: Known) -> dict[AsyncLibrary, tuple[str, ...]]:
    """What messages name instead, for each async library."""
    assert isinstance(item.target, Blocking)
    library = item.source.library
    verdict = Verdict(item.name, item.target, item.target.instead or (library.instead if library else None))
    return {named: advice_for(Kind.from_label(item.target.kind), verdict, named) for named in AsyncLibrary}


def _advice(items: list[Known]) -> Iterator[str]:
    """The advice for names of one entry: once, if it is the same for all, else for the first, as an example."""
    said = [_instead(item) for item in items]
    example = "" if all(other == said[0] for other in said) else f" of {items[0].name}"
    by_advice: dict[str, list[str]] = {}
    for library, names in said[0].items():
        by_advice.setdefault(" or ".join(names), []).append(library.value)
    for advice, libraries in by_advice.items():
        yield f"instead{example}, with {', '.join(libraries)}: {advice}"


# ------------------------------------------------------------------------------------------------------------------ of source


def _judgement(judged: Judged, paint: Paint) -> Iterator[str]:
    yield f"{paint(judged.text, Part.PATH)}"
    if judged.findings:
        yield from (paint(f"reported on the event loop: {item.code} {item.message}", Part.BAD) for item in judged.findings)
    else:
        yield paint("not reported", Part.GOOD)
    yield from (f"not selected: {item.code} {item.message}" for item in judged.hidden)
    yield from (f"{TAB}{text}: {_reason(judged, account)}" for text, account in judged.calls)


def _reason(judged: Judged, account: Account) -> str:
    """Why a call is reported, or is not."""
    finding = _finding(judged, account)
    if finding is not None:
        return f"{finding.code}, `{finding.callee}`"
    if account.offloads:
        return f"`{account.callee}` runs what it is given in a thread or process"
    if account.loop:
        return f"`{account.callee}` makes the event loop call what it is given"
    if account.followed and not account.said:
        return f"`{account.callee}` is the project's own, and was followed"
    if not account.said:
        return "what it calls is not known" if account.callee is None else f"nothing is known of `{account.callee}`"
    words = [_said(said) for said in account.said if said.refused is not None or isinstance(said.verdict, Harmless)]
    if len(words) == len(account.said) or isinstance(account.said[0].verdict, Harmless):
        return f"`{account.callee}` {'; '.join(dict.fromkeys(words))}"
    if account.is_awaited:
        return f"`{account.callee}` is awaited"
    if account.lazy:
        return f"`{account.callee}` blocks where its result is iterated"
    if any(_is_part(finding, account) for finding in (*judged.findings, *judged.hidden)):
        return f"`{account.callee}`, part of what is reported"
    return f"`{account.callee}` blocks, but does not count here"


def _said(said: Said) -> str:
    if isinstance(said.verdict, Harmless):
        return f"does not block: {said.verdict.reason}"
    return f"blocks ({said.verdict.entry.kind}), but {refusal(said.verdict.entry, said.refused or '')}"


def _finding(judged: Judged, account: Account) -> Finding | None:
    """The finding that stands at a call."""
    found = (item for item in (*judged.findings, *judged.hidden) if item.span == Span(*account.place))
    return next(found, None)


def _is_part(finding: Finding, account: Account) -> bool:
    return any((item.line, item.column) == account.place[:2] for item in finding.related)


# ----------------------------------------------------------------------------------------------------------------------- data


def document(answer: Answer) -> dict[str, Any]:
    """The answer as plain data. Keys are only ever added."""
    names = [item for source in answer.sources for item in _of(source)] if answer.query else []
    return {
        "version": VERSION,
        "query": answer.query,
        "libraries": [_library(source) for source in answer.sources],
        "names": [_name(item) for item in (*names, *answer.names)],
        "judgement": None if answer.judged is None else _judged(answer.judged),
    }


def _library(source: Source) -> dict[str, Any]:
    library = source.library
    return {
        "name": source.title,
        "file": source.file,
        "distribution": library and library.distribution,
        "versions": list(library.versions) if library is not None and library.versions else [],
        "calls": sum(len(target.names) for target in source.tables() if isinstance(target, Blocking)),
        "kinds": _kinds(source),
    }


def _name(item: Known) -> dict[str, Any]:
    blocking = item.target if isinstance(item.target, Blocking) else None
    return {
        "name": item.name,
        "file": item.source.file,
        "says": _says(item.target),
        "blocks": blocking is not None,
        "kind": blocking and blocking.kind,
        "codes": _codes(blocking) if blocking else [],
        "conditions": conditions(blocking) if blocking else [],
        "instead": {library.value: list(names) for library, names in _instead(item).items()} if blocking else {},
        "evidence": blocking.evidence if blocking else "",
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "source": judged.text,
        "reported": [{"code": item.code, "callee": item.callee, "message": item.message} for item in judged.findings],
        "not_selected": [{"code": item.code, "callee": item.callee, "message": item.message} for item in judged.hidden],
        "calls": [{"source": text, "callee": account.callee, "why": _reason(judged, account)} for text, account in judged.calls],
    }
