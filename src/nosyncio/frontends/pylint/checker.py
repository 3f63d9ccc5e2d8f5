"""What pylint runs on each file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.interfaces import INFERENCE, UNDEFINED
from pylint.lint import PyLinter

from nosyncio import rules
from nosyncio.analysis.source import Unreadable
from nosyncio.checked import Checked
from nosyncio.config import Config, ConfigError, discover, host_cache, host_overrides
from nosyncio.frontends.pylint.inference import Astroid
from nosyncio.frontends.pylint.messages import messages, options
from nosyncio.frontends.pylint.places import Places, standard_input
from nosyncio.hosted import Hosted, Projects
from nosyncio.model import Finding, Span
from nosyncio.project import facts_of_text
from nosyncio.run import default_jobs
from nosyncio.store import Cache
from nosyncio.suppress import Selection, apply_comments

_NOT_ANALYSED = rules.codes()["NSI902"]


class Checker(BaseChecker):
    """Calls that block the event loop of asyncio, anyio or trio, in coroutines and behind the functions that they call."""

    # pylint prints the docstring as help. It makes one checker for each of its processes, and what a process knows of the
    # project stays there.

    name = "nosyncio"
    options = options()

    def __init__(self, linter: PyLinter) -> None:
        try:
            located = discover(Path.cwd())
            selects = Selection(located.config).selects
        except ConfigError:  # `configure` says so, once pylint can be asked what it is to do
            selects = Selection(Config()).selects
        self.msgs = messages(lambda code: code.default or selects(code.code))
        self._projects: Projects | None = None
        super().__init__(linter)

    def check_consistency(self) -> None:
        """pylint wants one pair of digits for each checker, so that authors do not take each other's ids. Ours stand for
        contexts, and one checker has them all."""

    def configure(self) -> Projects:
        """Take the configuration, with what pylint's options add to it. Raises ConfigError."""
        # Whether these are on is then decided by pylint, which has them off unless they are enabled.
        off_by_default = (code.code for code in rules.codes().values() if not code.default)
        added = host_overrides(vars(self.linter.config), Path.cwd())
        cache = Cache(*host_cache(vars(self.linter.config), Path.cwd()))
        self._projects = Projects("pylint", discover(Path.cwd()), added, off_by_default, cache=cache)
        return self._projects

    def close(self) -> None:
        """What pylint calls when all files are checked."""
        if self._projects is not None:
            self._projects.keep()

    def prepare(self) -> None:
        """Check the project ahead: the processes that pylint starts take up what this one has kept."""
        projects = self.configure()
        self._projects = None  # pylint pickles its checkers, for the processes that it starts
        projects.prepare([Path.cwd()], self.linter.config.jobs or default_jobs())

    def visit_module(self, node: nodes.Module) -> None:
        """Check one file. What pylint read from standard input counts, and not the file of that name."""
        assert node.file is not None
        file = Path(node.file)
        try:
            hosted = (self._projects or self.configure()).of(file)
            path = hosted.path_of(file)
            if path is not None:
                self._check(hosted, node, path)
        except Unreadable as error:
            self._say(node, error.reason, error.line or 1)
        except ConfigError as error:
            self._say(node, str(error), 1)

    def _check(self, hosted: Hosted, node: nodes.Module, path: str) -> None:
        """Report on one file. Raises Unreadable."""
        text = standard_input(node)
        checked = hosted.check(path) if text is None else hosted.check_text(path, text, partial(facts_of_text, text))
        if checked.problem is not None:
            self._say(node, checked.problem, 1)
        places = Places(node)
        infer = Astroid(places, partial(hosted.path_in_project, asking=path))
        inferred = [_marked(finding) for finding in hosted.inferred(path, infer)]
        for finding in self._unsuppressed(hosted, checked, inferred):
            span = finding.span
            self.add_message(
                finding.name,
                line=span.line,
                node=places.frame(span.line),
                args=(finding.message,),
                confidence=INFERENCE if finding in inferred else UNDEFINED,
                col_offset=span.column - 1,
                end_lineno=span.end_line,
                end_col_offset=span.end_column - 1,
            )

    def _unsuppressed(self, hosted: Hosted, checked: Checked, inferred: list[Finding]) -> list[Finding]:
        """What configuration, comments and the baseline leave, and comments that suppress nothing. What is inferred stands in no
        baseline."""

        def is_on(code: str) -> bool:
            return hosted.selection.includes(code, checked.path) and self.linter.is_message_enabled(rules.codes()[code].name)

        path = checked.path
        wanted = hosted.selection.wanted([*checked.findings, *inferred], path)
        kept = apply_comments(path, wanted, checked.comments, is_on, checked.silencing)
        own = [finding for finding in kept if finding not in inferred]
        return sorted([*hosted.unknown(checked, own), *(finding for finding in kept if finding in inferred)], key=_in_order)

    def _say(self, node: nodes.Module, reason: str, line: int) -> None:
        """That a file was not analysed, which pylint itself could read."""
        self.add_message(_NOT_ANALYSED.name, line=line, node=node, args=(f"not analysed: {reason}",), col_offset=0)


def _in_order(finding: Finding) -> tuple[str, Span, str, str]:
    return finding.sort_key


def _marked(finding: Finding) -> Finding:
    return replace(finding, message=f"{finding.message} (as astroid infers)")
