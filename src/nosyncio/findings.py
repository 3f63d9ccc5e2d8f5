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


def of_operation(operation: Operation, context: Context, library: AsyncLibrary) -> Finding:
    """A blocking call that counts where it stands. `library`: whose replacements to name."""
    callee = operation.first.verdict.name
    function = function_around(operation.frame)
    return _finding(
        operation.frame,
        operation.first.place,
        operation.first.verdict,
        library,
        operation=operation,
        context=context,
        callee=callee,
        message=f"{_subject(callee)} {_effect(operation)} {_where(context, function)}",
        related=tuple(sorted(Related(item.place[0], item.place[1], item.verdict.name) for item in operation.further)),
    )


def of_chain(chain: Chain, library: AsyncLibrary) -> Finding:
    """A call in loop code that reaches blocking calls."""
    nearest = chain.leaves[0]
    verdict = nearest.operation.first.verdict
    others = len(chain.leaves) - 1
    more = f" (and {others} more)" if others else ""
    around = nearest.operation.frame
    where = ".".join(filter(None, (around.module.name, function_around(around))))
    reached = f"reaches {_subject(verdict.name)} in {where!r}{more}"
    loop = _where(Context.REACHABLE, function_around(chain.frame))
    first = Hop(_path(chain.frame), Span(*chain.place), function_around(chain.frame))
    return _finding(
        chain.frame,
        chain.place,
        verdict,
        library,
        operation=nearest.operation,
        context=Context.REACHABLE,
        callee=chain.target.symbol.qualified_name,
        message=f"{_subject(_own_name(chain.target.symbol))} {reached} and {_effect(nearest.operation)} {loop}",
        chain=(first, *(hop(step.frame, step.place) for step in nearest.steps)),
        leaves=tuple(_leaf(leaf) for leaf in chain.leaves),
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
        message=rule.message.format(callee=subject, offload=f"`{misused.offload}`", loop=_where(Context.ASYNC_BODY, function)),
    )


def _finding(
    frame: Frame,
    place: Place,
    verdict: Verdict,
    library: AsyncLibrary,
    *,
    operation: Operation,
    context: Context,
    callee: str,
    message: str,
    related: tuple[Related, ...] = (),
    chain: tuple[Hop, ...] = (),
    leaves: tuple[Leaf, ...] = (),
) -> Finding:
    code = rules.code_for(operation.kind, context)
    assert code is not None
    instead = advice_for(operation.kind, verdict, library)
    advice = " or ".join(f"`{name}`" for name in instead)
    if chain and instead != rules.rule_for(operation.kind).instead:  # the fix may be at either end of the chain
        there = [f"`{name}`" for name in instead if name != thread(library)]
        advice = " or ".join([f"`{thread(library)}` here", *(f"{name} there" for name in there)])
    return Finding(
        code=code.code,
        name=code.name,
        kind=operation.kind,
        context=context,
        path=_path(frame),
        span=Span(*place),
        function=function_around(frame),
        callee=callee,
        message=f"{message}; use {advice}",
        instead=advice.replace("`", ""),
        related=related,
        chain=chain,
        leaves=leaves,
    )


def advice_for(kind: Kind, verdict: Verdict, library: AsyncLibrary) -> tuple[str, ...]:
    """What to use instead of a call of this kind: the catalogue's word, else the rule's, else a thread."""
    told = rules.rule_for(kind).instead if verdict.instead is None else ()
    return told or replacements(verdict, library)


def _effect(operation: Operation) -> str:
    return rules.rule_for(operation.kind).effect


def function_around(frame: Frame) -> str | None:
    """The qualified name, within its module, of the function that a scope stands in or is."""
    function = frame.function
    return None if function is None else function.module.facts.qualified_name(function.number)


def hop(frame: Frame, place: Place) -> Hop:
    """A place of a scope, with the function around it."""
    return Hop(_path(frame), Span(*place), function_around(frame))


def _leaf(leaf: Reached) -> Leaf:
    last = leaf.steps[-1]
    operation = leaf.operation
    return Leaf(hop(last.frame, last.place), operation.first.verdict.name, operation.kind, len(leaf.steps) + 1)


def _path(frame: Frame) -> str:
    assert frame.module.path is not None
    return frame.module.path


def _own_name(symbol: FunctionSymbol) -> str:
    """A function's name within its module; a constructor's is its class's."""
    facts = symbol.frame.module.facts
    name = facts.qualified_name(symbol.frame.number)
    if symbol.owner is not None and symbol.name in ("__init__", "__new__", "__post_init__"):
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


def _where(context: Context, function: str | None) -> str:
    if context is Context.ASYNC_ONLY:
        return f"in {function!r}, in an async-only module" if function else "in an async-only module"
    return f"the event loop in {function!r}" if function else "the event loop"
