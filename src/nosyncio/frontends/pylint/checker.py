"""What pylint runs on each file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec
from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.lint import PyLinter

from nosyncio import rules
from nosyncio.analysis.source import Unreadable, normalized
from nosyncio.config import Config, ConfigError, Located, discover, host_overrides, merged
from nosyncio.engine import Checked
from nosyncio.frontends.pylint.messages import messages, options
from nosyncio.frontends.pylint.places import Places
from nosyncio.hosted import Hosted
from nosyncio.project import facts_of_text
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
        self._hosted: Hosted | None = None
        super().__init__(linter)

    def check_consistency(self) -> None:
        """pylint wants one pair of digits for each checker, so that authors do not take each other's ids. Ours stand for
        contexts, and one checker has them all."""

    def configure(self) -> Located:
        """The configuration, with what pylint's options add to it. Raises ConfigError."""
        located = discover(Path.cwd())
        config = merged(located.config, host_overrides(vars(self.linter.config)))
        # Whether these are on is then decided by pylint, which has them off unless they are enabled.
        off_by_default = (code.code for code in rules.codes().values() if not code.default)
        config = merged(config, {"extend_select": (*config.extend_select, *off_by_default)})
        Selection(config, str(located.file or "pylint's options"))
        return msgspec.structs.replace(located, config=config)

    def visit_module(self, node: nodes.Module) -> None:
        """Check one file. What pylint read from standard input counts, and not the file of that name."""
        if self._hosted is None:
            self._hosted = Hosted(self.configure(), "pylint")
        assert node.file is not None
        path = self._hosted.path_of(Path(node.file))
        if path is None:
            return
        try:
            checked = self._checked(node, path)
        except Unreadable as error:
            self._say(node, path, error.reason, error.line or 1)
            return
        if checked.problem is not None:
            self._say(node, path, checked.problem, 1)
        includes = partial(self._hosted.selection.includes, path=path)
        wanted = [finding for finding in checked.findings if includes(finding.code)]
        places = Places(node)
        for finding in apply_comments(path, wanted, checked.comments, partial(self._is_on, path), checked.silencing):
            span = finding.span
            self.add_message(
                finding.name,
                line=span.line,
                node=places.frame(span.line),
                args=(finding.message,),
                col_offset=span.column - 1,
                end_lineno=span.end_line,
                end_col_offset=span.end_column - 1,
            )

    def _checked(self, node: nodes.Module, path: str) -> Checked:
        """What the engine finds. Raises Unreadable."""
        assert self._hosted is not None
        buffer = node.file_bytes
        if isinstance(buffer, bytes):
            self._hosted.put(path, facts_of_text(normalized(buffer.decode())))
        return self._hosted.check(path)

    def _is_on(self, path: str, code: str) -> bool:
        """Whether a code is on in a file, by its configuration and by pylint's."""
        assert self._hosted is not None
        name = rules.codes()[code].name
        return self._hosted.selection.includes(code, path) and self.linter.is_message_enabled(name)

    def _say(self, node: nodes.Module, path: str, reason: str, line: int) -> None:
        """That a file was not analysed, which pylint itself could read."""
        if self._is_on(path, _NOT_ANALYSED.code):
            self.add_message(_NOT_ANALYSED.name, line=line, node=node, args=(f"not analysed: {reason}",), col_offset=0)
