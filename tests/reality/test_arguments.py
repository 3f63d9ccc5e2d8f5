"""Every argument that a table names exists in each of the table's callables, and stands where it says."""

from __future__ import annotations

from collections.abc import Iterator

from nosyncio.catalogue.schema import Argument, Blocking, Calls, Consumes, Offloads, Passes, RunsOnLoop, Target
from reality.claims import File, Verdict, callables, targets
from reality.names import NotThereError
from reality.signatures import parameters


def arguments(target: Target) -> Iterator[Argument]:
    """The arguments that a table names of its own callables."""
    if isinstance(target, Blocking):
        yield from (*target.when, *target.unless, *(x for x in (target.handle, target.in_memory) if x))
    elif isinstance(target, (Offloads, RunsOnLoop, Calls)):
        yield from [target.callable] if target.callable else []
    elif isinstance(target, (Consumes, Passes)):
        yield target.iterable


def refusal(owner: str, method: str | None, argument: Argument) -> str | None:
    """Why the callable cannot have this argument; None if it can, or if it is not there at all (test_names says so)."""
    try:
        signatures = parameters(owner, method)
    except NotThereError:
        return None
    if not signatures:
        return "nobody says what arguments it takes"
    refusals = [s.refuses(argument) for s in signatures]
    return None if None in refusals else refusals[0]


def test_arguments(file: File, verdict: Verdict) -> None:
    wrong: dict[str, str] = {}
    looked: list[str] = []
    for target in targets(file.library):
        for owner, method in callables(target):
            name = f"{owner}.{method}" if method else owner
            for argument in arguments(target):
                if file.is_exempt(f"{name}()"):
                    continue
                looked.append(f"{name}({_said(argument)})")
                if why := refusal(owner, method, argument):
                    wrong[f"{name}()"] = why
        if isinstance(target, Blocking) and target.class_ is not None:
            makers = [target.class_, "builtins.open", *(f for t in targets(file.library) for f in t.functions)]
            for argument in (*target.when_made, *target.unless_made, *([target.handle_made] if target.handle_made else [])):
                refusals = [refusal(maker, None, argument) for maker in makers]
                name = f"{target.class_}()"
                looked.append(f"{target.class_}({_said(argument)})")
                if None not in refusals and not file.is_exempt(name):
                    wrong[name] = f"{refusals[0]}, and nothing that makes one does"
            for called in target.unless_called:
                if called.argument is None and called.position is None:
                    continue
                looked.append(f"{target.class_}.{called.method}({_said(called)})")
                if why := refusal(target.class_, called.method, called):
                    wrong[f"{target.class_}.{called.method}()"] = why
    verdict(wrong, looked)


def _said(argument: Argument) -> str:
    return str(argument.position if argument.argument is None else argument.argument)
