"""The shape of catalogue data: the files in `data/`, and the same tables in a user's configuration.

Everything here is a verdict about a qualified name (`os.stat`, or a class and its methods). A name is the public one that
the library documents; `aliases` maps the place where it is defined to it. Types are not said here: they come from
annotations, and `stubs` carries those, in stub syntax, for libraries that a checker cannot read.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

KindLabel: TypeAlias = Literal[
    "sleep", "open", "file-content", "file-tree", "file-metadata", "http", "sqlite", "database", "subprocess",
    "socket", "thread-wait", "console", "sdk", "import-load", "cpu", "user", "nested-loop",
]  # fmt: skip

Scalar: TypeAlias = bool | int | float | str | None
QualifiedName: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", description="a dotted name such as 'package.function'")
]
MethodName: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^([A-Za-z_]\w*|\*)$", description="the name of a method, or '*' for all public ones")
]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """A table that refuses keys it does not know; keys are written-with-dashes."""


class Argument(_Table, frozen=True, kw_only=True):
    """Names one argument of a call: by keyword, by position (from 0, not counting the receiver), or either."""

    argument: str | None = None
    position: int | None = None


class Condition(Argument, frozen=True, kw_only=True):
    """True of a call whose argument is a literal with this value.

    `equals` compares with one literal, `one-of` with several, `starts-with` the text of a string, and `given` asks only
    whether the call passes the argument at all. `names` are constants by qualified name (`os.WNOHANG`), alone or or-ed with
    others. `default = true` says that leaving the argument out counts as a match.
    """

    equals: Scalar | msgspec.UnsetType = msgspec.UNSET
    one_of: tuple[Scalar, ...] = ()
    starts_with: tuple[str, ...] = ()
    given: bool | None = None
    names: tuple[QualifiedName, ...] = ()
    default: bool = False


class Called(Condition, frozen=True, kw_only=True):
    """True where the same function also calls this `method` on the same receiver, with an argument that fits if one is named
    (`future.done()`, `sock.setblocking(False)`)."""

    method: str


class Instead(_Table, frozen=True, kw_only=True):
    """What to use instead, as qualified names; `{name}` stands for the last part of the blocking call's own name.

    `asyncio`, `anyio` and `trio` are said to users of that library; `library` are packages that work beside asyncio.
    Left out altogether, the advice is to hand the call to a thread.
    """

    asyncio: str | None = None
    anyio: str | None = None
    trio: str | None = None
    library: tuple[str, ...] = ()


class Target(_Table, frozen=True, kw_only=True):
    """Which callables a table is about: `functions` by full name (a class stands for its constructor), or `methods` of
    `class` (`"*"`: every public one but `except`), where subclasses count as the class does."""

    functions: tuple[QualifiedName, ...] = ()
    class_: QualifiedName | None = msgspec.field(default=None, name="class")
    methods: tuple[MethodName, ...] = ()
    except_: tuple[MethodName, ...] = msgspec.field(default=(), name="except")

    @property
    def names(self) -> tuple[str, ...]:
        """The qualified names that the table is about, `module.Class.*` for all methods of a class."""
        members = (name for field in _MEMBERS for name in getattr(self, field, ()))
        return (*self.functions, *getattr(self, "decorators", ()), *(f"{self.class_}.{name}" for name in members))


_MEMBERS = ("methods", "attributes", "overrides")


class Handle(Argument, frozen=True, kw_only=True):
    """An argument whose `method` the call runs: `json.load(fp)` blocks exactly if `fp.read()` does."""

    method: str


class Blocking(Target, frozen=True, kw_only=True):
    """Callables that block, and when.

    attributes: of `class`, whose mere reading blocks (properties).
    unless, when: on literal arguments; any `unless` that holds makes the call harmless, every `when` must hold.
    unless_made, when_made: the same on the call that made the receiver (`queue.Queue(maxsize=0)` never blocks on put).
    unless_called: harmless where the same function calls one of these on the same receiver.
    unless_guarded: harmless where a function on the way to the call, or its module's body, asks one of these: whether a loop is
    running, say.
    unless_patched: harmless in a program (a top-level package) that calls one of these anywhere, because that changes what the
    call does.
    handle: blocks only if that argument is itself something that blocks; `handle_made`: that of the call that made the receiver.
    in_memory: harmless if that argument is something `safe` (`zipfile.ZipFile(io.BytesIO())`), and what continues it then, too.
    held: entering with `with` counts only where the block itself awaits or blocks: a lock that guards a few lines of computing is
    waited for no longer than others compute.
    direct: counts only where loop code itself makes the call. Behind a helper it is part of something that is not worth a report:
    a diagnostic on its way out, a file that is read once for all.
    lazy: the call is free, iterating its result blocks.
    continues: belongs to the operation that made its receiver, or to an earlier one on the same receiver, so that both are one
    finding (`open` and its `read`; `execute` and its `fetchall`).
    evidence: where the claim comes from: documentation, source, or how it was seen.
    """

    kind: KindLabel = "user"
    attributes: tuple[str, ...] = ()
    unless: tuple[Condition, ...] = ()
    when: tuple[Condition, ...] = ()
    unless_made: tuple[Condition, ...] = ()
    when_made: tuple[Condition, ...] = ()
    unless_called: tuple[Called, ...] = ()
    unless_guarded: tuple[QualifiedName, ...] = ()
    unless_patched: tuple[QualifiedName, ...] = ()
    handle: Handle | None = None
    handle_made: Handle | None = None
    in_memory: Argument | None = None
    held: bool = False
    direct: bool = False
    lazy: bool = False
    continues: bool = False
    instead: Instead | None = None
    evidence: str = ""


class Twins(Target, frozen=True, kw_only=True):
    """Async callables that do I/O of a `kind`, beside those that entries name as `instead`: of libraries that have no sync side,
    or more of it than the catalogue speaks of. `continues`: as of a blocking call."""

    kind: KindLabel
    continues: bool = False


class Safe(Target, frozen=True, kw_only=True):
    """Callables that look blocking by their base class but are not (`io.StringIO`); ends the look-up."""

    reason: str


class HandsOver(Target, frozen=True, kw_only=True):
    """Callables that take over their `callable` argument, to run it elsewhere or later."""

    callable: Argument | None = None


class Offloads(HandsOver, frozen=True, kw_only=True):
    """Callables that run their `callable` argument in a thread or process; `decorators` do so with what they decorate.

    accepts_async: coroutine functions are taken as well, and run on the loop. overrides: these methods of every subclass of
    `class` run there (`threading.Thread.run`). keeps: the decorators give back the function itself, so that whoever calls it
    by its name runs it here (FastAPI's routes).
    """

    accepts_async: bool = False
    keeps: bool = False
    overrides: tuple[str, ...] = ()
    decorators: tuple[QualifiedName, ...] = ()


class RunsOnLoop(HandsOver, frozen=True, kw_only=True):
    """Registrations that make the loop call a sync function.

    With `callable`: the argument that is called. With `decorators`: what they decorate. With `overrides`: these methods of
    every subclass of `class`.
    """

    decorators: tuple[QualifiedName, ...] = ()
    overrides: tuple[str, ...] = ()


class Calls(Target, frozen=True, kw_only=True):
    """Callables that call their `callable` argument before they return (`sorted(key=...)`); with `method`, that method of the
    argument (`len(x)` runs `x.__len__`)."""

    callable: Argument
    method: MethodName | None = None


class Enters(Target, frozen=True, kw_only=True):
    """Callables that enter their `manager` argument as `with` does (`ExitStack.enter_context`)."""

    manager: Argument


class AsksForLoop(Target, frozen=True, kw_only=True):
    """Callables that ask whether a loop runs in this thread: called on the loop they give something true, and do not raise."""


class Consumes(Target, frozen=True, kw_only=True):
    """Callables that iterate their `iterable` argument to the end before they return (`list`, `sum`, `any`)."""

    iterable: Argument


class Passes(Target, frozen=True, kw_only=True):
    """Callables whose result is as lazy, and as blocking to iterate, as their `iterable` argument (`enumerate`, `map`); with
    `rest`, as that and all positional arguments after it (`zip`). `callable`: the argument that is called for each item."""

    iterable: Argument
    rest: bool = False
    callable: Argument | None = None


class Entries(_Table, frozen=True, kw_only=True):
    """The tables that a library file and a user's configuration have in common."""

    blocking: tuple[Blocking, ...] = ()
    twins: tuple[Twins, ...] = ()
    safe: tuple[Safe, ...] = ()
    offloads: tuple[Offloads, ...] = ()
    runs_on_loop: tuple[RunsOnLoop, ...] = ()
    calls: tuple[Calls, ...] = ()
    enters: tuple[Enters, ...] = ()
    asks_for_loop: tuple[AsksForLoop, ...] = ()
    consumes: tuple[Consumes, ...] = ()
    passes: tuple[Passes, ...] = ()
    aliases: dict[QualifiedName, QualifiedName] = {}
    stubs: dict[QualifiedName, str] = {}


class Library(Entries, frozen=True, kw_only=True):
    """One file of `data/`: a library.

    modules: the import names that bring this file in, as top-level packages or dotted modules.
    distribution: its name on the package index; None for the standard library.
    versions: the lowest and the newest version that the entries were checked against.
    instead: the advice for entries that give none of their own.
    """

    library: str
    modules: tuple[QualifiedName, ...]
    distribution: str | None = None
    versions: tuple[str, str] | None = None
    instead: Instead | None = None
