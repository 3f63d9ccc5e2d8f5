"""What is known of a call: the catalogue and a user's own entries, listed, searched, and asked of source by the engine."""

from __future__ import annotations

import ast
import builtins
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nosyncio.analysis.accounts import Account
from nosyncio.analysis.source import Unreadable
from nosyncio.catalogue import Catalogue
from nosyncio.catalogue.files import by_file
from nosyncio.catalogue.schema import Entries, Library, Target
from nosyncio.config import ConfigError, Located, did_you_mean
from nosyncio.engine import Engine
from nosyncio.environment import Surroundings
from nosyncio.model import Finding
from nosyncio.project import DiskFiles, facts_of_text
from nosyncio.suppress import Selection

_SNIPPET = "<asked>.py"
_FUNCTION = "asked"
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries come from: a file of the catalogue, or a user's own."""

    file: str
    entries: Entries

    @property
    def library(self) -> Library | None:
        return self.entries if isinstance(self.entries, Library) else None

    @property
    def title(self) -> str:
        return self.entries.library if isinstance(self.entries, Library) else "your own"

    def tables(self) -> Iterator[Target]:
        """Its entries about callables, in order."""
        for field in type(self.entries).__struct_fields__:
            value = getattr(self.entries, field)
            if isinstance(value, tuple):
                yield from (item for item in value if isinstance(item, Target))


@dataclass(frozen=True, slots=True)
class Known:
    """A name that something is known of, with the entry that says it."""

    name: str
    target: Target
    source: Source


@dataclass(frozen=True, slots=True)
class Judged:
    """Source that somebody asks about, and each of its calls.

    findings: what `check` reports of it on the loop. hidden: what it would if the configuration selected it.
    """

    text: str
    calls: tuple[tuple[str, Account], ...]
    findings: tuple[Finding, ...]
    hidden: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a query: whole sources, or single names, or a judgement on source.

    exact: the names are what was asked for, and not only like it.
    """

    query: str | None
    sources: tuple[Source, ...] = ()
    names: tuple[Known, ...] = ()
    exact: bool = False
    judged: Judged | None = None


def lookup(located: Located, query: str | None) -> Answer:
    """What is known of `query`: a library, a name or a part of one, or source; of everything, if it is None.
    Raises ConfigError if nothing is known, or it is no Python."""
    sources = _sources(located)
    if query is None:
        return Answer(None, sources=sources)
    whole = tuple(source for source in sources if query.lower() in _called(source))
    if whole:
        return Answer(query, sources=whole)
    known = tuple(_known(sources))
    exact = tuple(_exactly(located, known, query))
    if exact:
        return Answer(query, names=exact, exact=True)
    below = tuple(item for item in known if item.name.startswith(f"{query}."))
    alike = below or tuple(item for item in known if query.strip() and query.lower() in item.name.lower())
    if alike:
        return Answer(query, names=alike)
    if _is_name(query):
        near = did_you_mean(query, {*(item.name for item in known), *(name for source in sources for name in _called(source))})
        raise ConfigError(f"nothing is known of {query!r}, so that calling it is not reported{near}")
    return Answer(query, judged=_judged(located, query))


def _sources(located: Located) -> tuple[Source, ...]:
    """The user's own entries, if there are any, and every file of the catalogue."""
    own = Source(str(located.file.name if located.file else "command line"), located.config)
    return (*([own] if any(own.tables()) else []), *(Source(file, library) for file, library in by_file().items()))


def _called(source: Source) -> set[str]:
    """What people call a library, in small letters."""
    library = source.library
    if library is None:
        return {source.file.lower()}
    names = (library.library, source.file, source.file.removesuffix(".toml"), library.distribution or "")
    return {name.lower() for name in (*names, *library.modules) if name and name != "builtins"}


def _known(sources: Iterable[Source]) -> Iterator[Known]:
    for source in sources:
        for target in source.tables():
            for name in target.names:
                yield Known(name, target, source)


def _exactly(located: Located, known: Iterable[Known], query: str) -> Iterator[Known]:
    """What is known under a name itself, under the name that its library documents, or as a built-in."""
    if not _is_name(query):
        return
    asked = Catalogue(located.config)
    names = {asked.public(name) for name in (query, f"builtins.{query}")}
    wild = {f"{name.rpartition('.')[0]}.*" for name in names if not name.rpartition(".")[2].startswith("_")}
    found = [item for item in known if item.name in names]
    yield from found or (item for item in known if item.name in wild and query.rpartition(".")[2] not in item.target.except_)


def _is_name(query: str) -> bool:
    return all(part.isidentifier() for part in query.split("."))


# ------------------------------------------------------------------------------------------------------------------ of source


def _judged(located: Located, text: str) -> Judged:
    """What the engine says of source on the loop. What it uses and does not bind is imported. The project's own modules are at
    hand, and nothing else in it is read."""
    if not text.strip():
        raise ConfigError(f"{text!r} is no name and no Python: nothing is there")
    function = f"async def {_FUNCTION}():\n{textwrap.indent(text.strip(), _INDENT)}\n"
    try:
        tree = ast.parse(function)
        imports = "".join(f"import {name}\n" for name in sorted(_unbound(tree)))
        facts = facts_of_text(imports + function)
    except (SyntaxError, ValueError) as error:  # ValueError: of a NUL, where Python is old
        raise ConfigError(f"{text!r} is no name and no Python: {getattr(error, 'msg', None) or error}") from None
    except Unreadable as error:
        raise ConfigError(f"{text!r} is no name and no Python: {error.reason}") from None
    files = DiskFiles(located.root)
    files.put(_SNIPPET, facts)
    engine = Engine(files, located.config, located.library, Surroundings(located).installed)
    (checked,) = engine.check([_SNIPPET])
    if checked.problem is not None:
        raise ConfigError(f"{text!r}: {checked.problem}")
    selection = Selection(located.config, str(located.file or "command line"))
    lines = (imports + function).splitlines()
    wanted = [finding for finding in checked.findings if selection.selects(finding.code)]
    return Judged(
        text=text.strip(),
        calls=tuple((_source(lines, account), account) for account in engine.accounts(_SNIPPET, _FUNCTION)),
        findings=tuple(wanted),
        hidden=tuple(finding for finding in checked.findings if finding not in wanted),
    )


def _unbound(tree: ast.AST) -> set[str]:
    """The names that source reads and neither binds nor has as built-ins."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {alias.asname or alias.name.partition(".")[0] for alias in _aliases(tree)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    return {node.id for node in names} - bound - set(dir(builtins))


def _aliases(tree: ast.AST) -> Iterator[ast.alias]:
    return (alias for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names)


def _source(lines: list[str], account: Account) -> str:
    """The text of a call, on the line that it begins on."""
    line, column, end_line, end_column = account.place
    text = lines[line - 1]
    return text[column - 1 : end_column - 1 if end_line == line else None].strip()
