"""What a rule is: the codes, names and page of one kind of finding. What blocks and where is decided before rules are asked."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from nosyncio.model import Context, Kind, Misuse

PREFIX = "NSI"
HYGIENE = f"{PREFIX}9"
"""What the codes on the tool's own comments and files begin with."""

_CONTEXT_SUFFIX = {
    Context.ASYNC_BODY: "in-async",
    Context.ASYNC_ONLY: "in-async-only",
    Context.REACHABLE: "reachable",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One code as people select it: `NSI102`, its name `open-in-async`, and one line on what it reports."""

    code: str
    name: str
    summary: str
    kind: Kind | None
    context: Context | None
    default: bool
    page: str


class Rule:
    """A file of `rules/` defines one subclass. Its docstring is its page: a title line, then sections under fixed headings
    (`SECTIONS`). In the examples of a page, `# expect: CODE` marks the lines that are reported."""

    SECTIONS: ClassVar[tuple[str, ...]] = (
        "What it does",
        "Why is this bad",
        "Example",
        "Use instead",
        "What it does not see",
    )

    @classmethod
    def codes(cls) -> Iterator[Code]:
        """The codes that the rule gives out."""
        raise NotImplementedError

    @classmethod
    def code_for(cls, kind: Kind, context: Context) -> Code | None:
        """The code that reports this kind of blocking call in this context, if the rule has one."""
        return None

    @classmethod
    def page(cls) -> str:
        """The rule's page, in Markdown."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def published(cls) -> str:
        """The page as users read it: what an example's line is reported as stands behind it, without the marker's word."""
        return cls.page().replace("# expect: ", "# ")

    @classmethod
    def title(cls) -> str:
        return cls.page().partition("\n")[0]

    @classmethod
    def section(cls, heading: str) -> str:
        """The text under one heading of the page; empty where it has none."""
        match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", cls.page(), re.MULTILINE | re.DOTALL)
        return match[1].strip() if match else ""


class KindRule(Rule):
    """A rule on one kind of blocking call, with a code for each context.

    kind: what sort of call. noun: what a message calls it (`opening a file`). default: whether it is on unless chosen.
    effect: what such a call does to "the event loop". instead: the advice where the catalogue has none, in place of a thread.
    """

    kind: ClassVar[Kind]
    noun: ClassVar[str]
    default: ClassVar[bool] = True
    effect: ClassVar[str] = "blocks"
    instead: ClassVar[tuple[str, ...]] = ()

    _WHERE: ClassVar[dict[Context, str]] = {
        Context.ASYNC_BODY: "in code that runs on the event loop",
        Context.ASYNC_ONLY: "in an async-only module",
        Context.REACHABLE: "behind a call in code that runs on the event loop",
    }

    _ABOUT: ClassVar[dict[Context, str]] = {
        Context.ASYNC_ONLY: """
## In an async-only module
The module has been declared free of sync I/O, with `async-only` in the configuration or `# nosyncio: async-only` at its head.
Module level and sync functions count, too; functions that only ever run in a thread do not, nor does what stands under
`if __name__ == "__main__":`.""",
        Context.REACHABLE: """
## Behind a call
This code stands at a call in loop code to a sync function that gets to such a call, over any number of functions, methods and
files; the chain shows the surest way, and of those the shortest. Hand the call that is reported to a thread, or make the
functions on the way async. `nosyncio why` shows every way to the blocking call; a `# noqa` with the code on the blocking line
silences all chains that end there. A chain of which more steps hang on tests of unknown outcome than `max-undecided` allows, one
if not set, is not reported.""",
    }

    @classmethod
    def codes(cls) -> Iterator[Code]:
        yield from dict.fromkeys(code for context in Context if (code := cls.code_for(cls.kind, context)) is not None)

    @classmethod
    def code_for(cls, kind: Kind, context: Context) -> Code | None:
        return cls._code_in(context) if kind is cls.kind else None

    @classmethod
    def _code_in(cls, context: Context) -> Code | None:
        code = f"{PREFIX}{context.digit}{cls.kind.number:02}"
        name = f"{cls.kind.label}-{_CONTEXT_SUFFIX[context]}"
        summary = f"{cls.noun} {cls._WHERE[context]}"
        page = f"{cls.published()}\n{cls._ABOUT[context]}" if context in cls._ABOUT else cls.published()
        return Code(code, name, summary, cls.kind, context, cls.default, page)


class MisuseRule(Rule):
    """A rule on code that looks async and is not, with one code.

    misuse: what sort. message: what is said of it, with `{callee}` for what is called, `{offload}` for what it is given to, and
    `{loop}` for the event loop of the function around.
    """

    misuse: ClassVar[Misuse]
    message: ClassVar[str]

    @classmethod
    def codes(cls) -> Iterator[Code]:
        code = f"{PREFIX}4{cls.misuse.number:02}"
        yield Code(code, cls.misuse.label, cls.title().rstrip("."), None, None, True, cls.published())


class HygieneRule(Rule):
    """A rule on the tool's own hygiene, with one code. default: whether it is on unless chosen."""

    code: ClassVar[str]
    name: ClassVar[str]
    default: ClassVar[bool] = True

    @classmethod
    def codes(cls) -> Iterator[Code]:
        yield Code(cls.code, cls.name, cls.title().rstrip("."), None, None, cls.default, cls.published())
