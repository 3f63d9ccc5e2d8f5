"""Lines up what a type checker says of each call site with what nosyncio says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from our_answers import Answer, Project
from pysa_report import Key, Place, PysaReport, Site, What, located

from nosyncio.analysis.facts import ScopeKind
from nosyncio.analysis.types import Frame


class Outcome(Enum):
    """How our answer stands to the type checker's."""

    SAME = "same"
    FEWER_OVERRIDES = "same, fewer overrides"
    PART = "a part"
    MORE = "more"
    UNRESOLVED = "unresolved"
    DISAGREE = "disagree"


RESOLVED = (Outcome.SAME, Outcome.FEWER_OVERRIDES, Outcome.PART, Outcome.MORE)


@dataclass(frozen=True)
class Compared:
    """A site with both answers, in words."""

    path: str
    place: Place
    what: What
    outcome: Outcome
    cause: str
    text: str
    theirs: tuple[str, ...]
    ours: tuple[str, ...]


@dataclass
class Comparison:
    """The sites of one project. `alone` counts those that we resolve to a function of the project and the type checker does
    not resolve at all; `functions` and `loop` the functions looked at, and how many of them are loop code."""

    sites: list[Compared] = field(default_factory=list)
    alone: int = 0
    functions: int = 0
    loop: int = 0
    unread: int = 0

    def counts(self) -> Counter[Outcome]:
        return Counter(site.outcome for site in self.sites)


class Lined:
    """A type checker's report and our view of the same project, site by site."""

    def __init__(self, report: PysaReport, project: Project) -> None:
        self._report = report
        self._project = project
        self._theirs: dict[Key, list[Site]] = {}
        for path, number in report.paths().items():
            if path in project.modules:
                for key, site in report.sites(number):
                    self._theirs.setdefault(key, []).append(site)
        self._lines: dict[str, list[str]] = {}

    def compare(self) -> Comparison:
        """Every site in loop code and in what it reaches, by their call graph or by ours."""
        frames, loop = self._reached()
        keys = {self._project.key(frame) for frame in frames}
        comparison = Comparison(functions=len(frames), loop=loop, unread=self._project.unread)
        for key in sorted(filter(None, keys)):
            for site in self._theirs.get(key, ()):
                compared = self._site(key, site, frames, comparison)
                if compared is not None:
                    comparison.sites.append(compared)
        comparison.sites.sort(key=lambda site: (site.path, site.place))
        return comparison

    def _reached(self) -> tuple[set[Frame], int]:
        project = self._project
        frames = {
            Frame(module, number)
            for module in project.modules.values()
            for number in range(len(module.facts.scopes))
            if project.contexts.on_loop(Frame(module, number))
        }
        loop = len(frames)
        waiting = list(frames)
        while waiting:
            frame = waiting.pop()
            key = project.key(frame)
            for target in (*self._run_by_them(key), *self._run_by_us(frame)):
                if target not in frames and not target.scope.is_async:
                    frames.add(target)
                    waiting.append(target)
        return frames, loop

    def _run_by_them(self, key: Key | None) -> Iterator[Frame]:
        for site in self._theirs.get(key, ()) if key is not None else ():
            for target in site.targets:
                if target.function.key is not None:
                    yield from self._project.frames.get(target.function.key, ())

    def _run_by_us(self, frame: Frame) -> Iterator[Frame]:
        for index in self._project.contexts.running(frame):
            for symbol in self._project.runs.functions(frame, index):
                yield symbol.frame

    # ------------------------------------------------------------------------------------------------------------- one site

    def _site(self, key: Key, site: Site, frames: set[Frame], comparison: Comparison) -> Compared | None:
        wanted = {target.function.key for target in site.targets} - {None}
        told = {target.function.qualified_name: self._catalogued(target.names()) for target in site.targets}
        if site.constructed is not None and site.constructed.key is None:
            told[site.constructed.qualified_name] = self._catalogued(site.constructed.order)
        told = {name: entries for name, entries in told.items() if entries}
        found = self._project.sites.get((key.path, site.what, located(site.what, site.place)))
        if found is None:
            if not wanted and not told:
                return None
            return self._compared(key.path, site, Outcome.UNRESOLVED, "no such site in our facts", Answer())
        frame, index = found
        if frame.scope.kind is not ScopeKind.FUNCTION and frame not in frames:
            return None  # in a lambda or class body that is not known to run
        answer = self._project.answer(frame, index, site.what)
        if not wanted and not told:
            if answer.project and not site.targets:
                comparison.alone += 1
            if answer.project and site.targets and site.constructed is None:
                known = all(target.function.qualified_name in answer.names for target in site.targets)
                outcome, cause = (
                    (Outcome.MORE, "more candidates") if known else (Outcome.DISAGREE, "library for them, project for us")
                )
                return self._compared(key.path, site, outcome, cause, answer)
            return None
        outcome, cause = self._judge(site, found, wanted, told, answer)
        return self._compared(key.path, site, outcome, cause, answer)

    def _judge(
        self, site: Site, found: tuple[Frame, int], wanted: set[Key | None], told: dict[str, list[object]], answer: Answer
    ) -> tuple[Outcome, str]:
        ours = set(answer.project)
        may_be = {key for target in site.targets for key in self._report.overriders(target)}
        covered = [name for name, entries in told.items() if name in answer.names or any(e in answer.entries for e in entries)]
        unknown = " / ".join(sorted(answer.unknown))
        if answer.dropped:
            return Outcome.UNRESOLVED, "known, but not run"
        if wanted:
            if not ours & (wanted | may_be):
                if ours:
                    return Outcome.DISAGREE, "other functions of the project"
                if unknown or not answer.names:
                    return Outcome.UNRESOLVED, unknown or "nothing known"
                return Outcome.DISAGREE, "project for them, library for us"
            if not wanted <= ours or len(covered) < len(told):
                return Outcome.PART, unknown or "fewer candidates"
            if not ours <= wanted | may_be:
                of_protocol = any(key is not None and self._project.is_of_protocol(key) for key in wanted)
                return Outcome.MORE, "classes that fit a Protocol" if of_protocol else "more candidates"
            if all(key in ours or not self._project.runs_at_once(key) for key in may_be):
                return Outcome.SAME, ""
            return Outcome.FEWER_OVERRIDES, self._project.receiver(*found)
        if covered:
            return (Outcome.SAME, "") if len(covered) == len(told) else (Outcome.PART, unknown or "fewer candidates")
        if unknown or not (answer.names or ours):
            return Outcome.UNRESOLVED, unknown or "nothing known"
        return Outcome.DISAGREE, "another name"

    def _catalogued(self, names: Iterable[str]) -> list[object]:
        """The catalogue's entries for the first of `names` that it has some for."""
        for name in names:
            told = self._project.catalogue.verdicts(self._project.catalogue.public(name))
            if told:
                return [getattr(item, "entry", item) for item in told]
        return []

    def _compared(self, path: str, site: Site, outcome: Outcome, cause: str, answer: Answer) -> Compared:
        functions = [target.function for target in site.targets]
        theirs = [function.qualified_name if function.key is None else function.key.name for function in functions]
        ours = [*(key.name for key in answer.project), *list(answer.names)[:4]]
        ours += [f"? {reason}" for reason in (*answer.unknown, *answer.roots)]
        return Compared(
            path, site.place, site.what, outcome, cause, self._text(path, site.place), tuple(dict.fromkeys(theirs)), tuple(ours)
        )

    def _text(self, path: str, place: Place) -> str:
        if path not in self._lines:
            self._lines[path] = (self._project.root / path).read_text(encoding="utf-8", errors="replace").split("\n")
        line, column, end_line, end_column = place
        lines: Sequence[str] = self._lines[path][line - 1 : end_line]
        if len(lines) == 1:
            return lines[0][column - 1 : end_column - 1]
        return " ".join([lines[0][column - 1 :].strip(), *(text.strip() for text in lines[1:])])[:120]
