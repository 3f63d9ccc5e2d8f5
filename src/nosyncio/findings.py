"""What analysis saw, as findings: code, words, advice."""

from __future__ import annotations

from nosyncio import rules
from nosyncio.analysis.facts import Place
from nosyncio.analysis.judge import Operation
from nosyncio.analysis.misuse import Misused
from nosyncio.analysis.reach import Chain
from nosyncio.analysis.reach import Leaf as Reached
from nosyncio.analysis.types import Frame, FunctionSymbol
from nosyncio.catalogue import Verdict
from nosyncio.catalogue.replacement import replacements, thread
from nosyncio.model import AsyncLibrary, Context, Finding, Hop, Kind, Leaf, Related, Span
from nosyncio.wording import behind, where


def of_operation(operation: Operation, context: Context, library: AsyncLibrary) -> Finding:
    """A blocking call that counts where it stands. `library`: whose replacements to name."""
    code = rules.code_for(operation.kind, context)
    assert code is not None
    verdict = operation.first.verdict
    function = function_around(operation.frame)
    effect = f"{rules.rule_for(operation.kind).effect} {where(context, function)}"
    advice = _advice(verdict, operation.kind, library, is_behind=False)
    return Finding(
        code=code.code,
        name=code.name,
        kind=operation.kind,
        context=context,
        path=_path(operation.frame),
        span=Span(*operation.first.place),
        function=function,
        callee=verdict.name,
        message=f"{_subject(verdict.name)} {effect}; use {advice}",
        instead=advice.replace("`", ""),
        related=tuple(sorted(Related(item.place[0], item.place[1], item.verdict.name) for item in operation.further)),
    )


def of_chain(chain: Chain, library: AsyncLibrary) -> Finding:
    """A call in loop code that reaches blocking calls."""
    code = rules.code_for(chain.kind, Context.REACHABLE)
    assert code is not None
    first = hop(chain.frame, chain.place)
    found = Finding(
        code=code.code,
        name=code.name,
        kind=chain.kind,
        context=Context.REACHABLE,
        path=first.path,
        span=first.span,
        function=first.function,
        callee=None,
        message="",
    )
    return behind(found, tuple(_leaf(leaf, first, library) for leaf in chain.leaves))


def _leaf(leaf: Reached, first: Hop, library: AsyncLibrary) -> Leaf:
    operation, target = leaf.operation, leaf.start.symbol
    verdict = operation.first.verdict
    where = ".".join(filter(None, (operation.frame.module.name, function_around(operation.frame))))
    return Leaf(
        callee=verdict.name,
        kind=operation.kind,
        chain=(first, *(hop(step.frame, step.place) for step in leaf.steps)),
        called=target.qualified_name,
        reached=f"{_subject(_own_name(target))} reaches {_subject(verdict.name)} in {where!r}",
        instead=_advice(verdict, operation.kind, library, is_behind=True)
        if not operation.frame.module.is_installed
        else _advice_on_package(leaf, library),
    )


def of_misuse(misused: Misused) -> Finding:
    """Code that looks async and is not."""
    rule = rules.misuse_rule(misused.misuse)
    (code,) = rule.codes()
    callee, frame = misused.callee, misused.frame
    name = callee if isinstance(callee, str) else callee.qualified_name
    subject = _subject(_own_name(callee) if not isinstance(callee, str) and callee.is_project else name)
    function = function_around(frame)
    return Finding(
        code=code.code,
        name=code.name,
        kind=None,
        context=None,
        path=_path(frame),
        span=Span(*misused.place),
        function=function,
        callee=name,
        message=rule.message.format(callee=subject, offload=f"`{misused.offload}`", loop=where(Context.ASYNC_BODY, function)),
    )


def _advice(verdict: Verdict, kind: Kind, library: AsyncLibrary, *, is_behind: bool) -> str:
    """`advice_for`, in words. `is_behind`: at the end of a chain, so that the fix may be at either end."""
    instead = advice_for(kind, verdict, library)
    if is_behind and instead != rules.rule_for(kind).instead:
        there = [f"`{name}`" for name in instead if name != thread(library)]
        return " or ".join([f"`{thread(library)}` here", *(f"{name} there" for name in there)])
    return " or ".join(f"`{name}`" for name in instead)


def _advice_on_package(leaf: Reached, library: AsyncLibrary) -> str:
    """What to do about a blocking call in a package that is not the project's own."""
    target = leaf.start.symbol
    if target.frame.scope.is_async:
        return "another call, or a thread with an event loop of its own: awaiting it does not help"
    if target.is_constructor:
        return f"`{thread(library)}` here, or make it once before the event loop starts"
    return f"`{thread(library)}` here"


def advice_for(kind: Kind, verdict: Verdict, library: AsyncLibrary) -> tuple[str, ...]:
    """What to use instead of a call of this kind: the catalogue's word, else the rule's, else a thread."""
    told = rules.rule_for(kind).instead if verdict.instead is None else ()
    return told or replacements(verdict, library)


def function_around(frame: Frame) -> str | None:
    """The qualified name, within its module, of the function that a scope stands in or is."""
    function = frame.function
    return None if function is None else function.module.facts.qualified_name(function.number)


def hop(frame: Frame, place: Place) -> Hop:
    """A place of a scope, with the function around it."""
    return Hop(_path(frame), Span(*place), function_around(frame), frame.module.package)


def _path(frame: Frame) -> str:
    assert frame.module.path is not None
    return frame.module.path


def _own_name(symbol: FunctionSymbol) -> str:
    """A function's name within its module; a constructor's is its class's."""
    facts = symbol.frame.module.facts
    name = facts.qualified_name(symbol.frame.number)
    if symbol.is_constructor:
        return name.rpartition(".")[0]
    return name


def _subject(callee: str) -> str:
    """The blocking call as people write it: built-ins without their module, special methods as the syntax that runs them."""
    owner, _, last = callee.removeprefix("builtins.").rpartition(".")
    if last == "__call__":
        return f"`{owner}`"
    if last in ("__enter__", "__exit__"):
        return f"`with {owner}`"
    if last in ("__iter__", "__next__"):
        return f"iterating `{owner}`"
    if last in ("__getitem__", "__setitem__", "__delitem__"):
        return f"`{owner}[...]`"
    if last == "__contains__":
        return f"`in {owner}`"
    return f"`{owner}.{last}`" if owner else f"`{last}`"
