"""The words of a plan: which functions to make async, in which order, and what changes with each.

Nothing here looks at code: `nosyncio.planner` fills it in. docs/plan.md says what a plan promises.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from nosyncio.model import Finding, Hop, NotAnalysed, Related


class Form(enum.Enum):
    """What a function becomes when it becomes async, by what it is now."""

    COROUTINE = "coroutine"
    GENERATOR = "generator"
    CONTEXT_MANAGER = "context-manager"
    PROPERTY = "property"
    WITH = "with"
    ITERATION = "iteration"
    SPECIAL = "special"
    LAMBDA = "lambda"


class Obstacle(enum.Enum):
    """Why something cannot be awaited where it stands, or should not become async."""

    CONSTRUCTOR = "constructor"
    CACHED = "cached"
    IN_THREAD = "in-thread"
    OVERRIDE = "override"
    LIBRARY = "library"
    INSTALLED = "installed"
    CALLBACK = "callback"
    SYNC = "sync"
    MODULE = "module"


class Change(enum.Enum):
    """What to do at a place that runs a function which is async from then on."""

    AWAIT = "await"
    IN_LIST = "in-list"
    ASYNC_WITH = "async-with"
    ASYNC_FOR = "async-for"
    METHOD = "method"
    THREAD = "thread"
    TASK = "task"
    RUN = "run"
    FACTORY = "factory"
    HAND_OVER = "hand-over"


@dataclass(frozen=True, slots=True)
class Site:
    """A place that runs one or several functions of a plan. runs: their qualified names, sorted; none where a function calls what
    it is given. obstacle: why what it runs is handed to a thread, if it is."""

    hop: Hop
    change: Change
    runs: tuple[str, ...]
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """A blocking call, with what to use in its place.

    codes: of the findings that stand there. obstacle: what is in the way of simply replacing it. further: calls that go on with
    what this one began, and change with it.
    """

    hop: Hop
    callee: str
    instead: str
    codes: tuple[str, ...] = ()
    obstacle: Obstacle | None = None
    further: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeper:
    """What still needs the sync version of a function: a place that calls it, or (`hands_over`) that gives it away."""

    hop: Hop
    hands_over: bool = False


@dataclass(frozen=True, slots=True)
class Twin:
    """An async version of a function beside the sync one.

    existing: the name of one that is there already. keepers: what needs the sync version after this step. until: the
    step in which it goes; None if something outside the plan needs it.
    """

    existing: str | None
    keepers: tuple[Keeper, ...]
    until: int | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """A function that becomes async.

    operations: what is replaced in it. awaits: the places in it that run functions which are async by then. twin: None if it
    becomes async in its place. decorators: those of which it is not known whether they take a coroutine function. group: those
    with one number in a step belong together: they call each other, or take each other's place.
    """

    name: str
    hop: Hop
    form: Form
    operations: tuple[Replacement, ...]
    awaits: tuple[Site, ...]
    twin: Twin | None
    decorators: tuple[str, ...]
    group: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A function that stays sync, because something is in the way, and what blocks in it or behind it: each where it stands."""

    name: str
    hop: Hop
    obstacle: Obstacle
    blocks: tuple[Replacement, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sync version that nothing needs any more."""

    name: str
    hop: Hop


@dataclass(frozen=True, slots=True)
class Step:
    """What is done at once, so that the program works before and after.

    conversions: the functions that become async, leaves first. kept: those that stay sync, and are called in a thread.
    operations: what is replaced in code that runs on the loop already, or outside of functions. sites: the places that change and
    run the functions of this step or of earlier ones. dropped: the sync versions that nothing needs any more. frees: the findings
    that go. left: how many are there afterwards.
    """

    number: int
    conversions: tuple[Conversion, ...]
    kept: tuple[Kept, ...]
    operations: tuple[Replacement, ...]
    sites: tuple[Site, ...]
    dropped: tuple[Dropped, ...]
    frees: tuple[Finding, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps from what is found in some files to nothing."""

    steps: tuple[Step, ...]
    findings: int
    files: int
    not_analysed: tuple[NotAnalysed, ...] = ()
