"""Which findings a project wants to see: selection by code, `# noqa` comments, and comments that suppress nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from nosyncio import rules
from nosyncio.analysis.comments import NOQA, NOQA_FILE, codes_of
from nosyncio.analysis.facts import Comment
from nosyncio.config import Config, ConfigError, compile_globs, did_you_mean
from nosyncio.model import Finding, NotAnalysed, Span
from nosyncio.rules.base import PREFIX

_UNUSED = f"{PREFIX}901"
_UNEXPLAINED = f"{PREFIX}903"


class Selection:
    """Which codes are on, for which files. Of two selectors that match a code, the longer one decides, as in flake8; between
    equals `ignore` wins. What is off by default wants its full code or name."""

    def __init__(self, config: Config, where: str = "configuration") -> None:
        select = code_prefixes(config.select, f"{where}: select")
        self._select = (*select, *code_prefixes(config.extend_select, f"{where}: extend-select"))
        if config.require_reason:
            self._select = (*self._select, _UNEXPLAINED)
        self._ignore = code_prefixes(config.ignore, f"{where}: ignore")
        self._per_file = [
            (compile_globs([glob]), code_prefixes(selectors, f'{where}: per-file-ignores."{glob}"'))
            for glob, selectors in config.per_file_ignores.items()
        ]

    def includes(self, code: str, path: str) -> bool:
        """Whether findings with `code` in the file `path` are wanted."""
        return not self._is_ignored_in(code, path) and self.selects(code)

    def _is_ignored_in(self, code: str, path: str) -> bool:
        return any(_longest(prefixes, code) is not None and spec.match_file(path) for spec, prefixes in self._per_file)

    def wanted(self, findings: Iterable[Finding], path: str) -> list[Finding]:
        """The findings in the file `path` that are wanted."""
        return [finding for finding in findings if self.includes(finding.code, path)]

    def ignores(self, code: str, path: str) -> bool:
        """Whether somebody says outright that findings with `code` in the file `path` are not wanted. Not to select them is not
        enough to hide that a file was not analysed."""
        return _longest(self._ignore, code) is not None or self._is_ignored_in(code, path)

    def reports(self, failure: NotAnalysed) -> bool:
        """Whether it is to be said that something was not analysed."""
        return not self.ignores("NSI902", failure.path)

    def selects(self, code: str) -> bool:
        """Whether findings with `code` are wanted, but for what is said of single files."""
        selected = _longest(self._select, code)
        if selected is None or (not rules.codes()[code].default and selected != code):
            return False
        ignored = _longest(self._ignore, code)
        return ignored is None or len(ignored) < len(selected)


def code_prefixes(selectors: Iterable[str], where: str) -> tuple[str, ...]:
    """The beginnings of codes that selectors stand for. Raises ConfigError, which begins with `where`, for one that is none."""
    found = []
    for selector in selectors:
        named = rules.find_code(selector)
        prefix = named.code if named is not None else selector.strip().upper()
        if prefix != "ALL" and (not prefix or not any(code.startswith(prefix) for code in rules.codes())):
            known = [*rules.codes(), *(code.name for code in rules.codes().values())]
            raise ConfigError(
                f"{where}: {selector!r} is no code, no beginning of one, and no name{did_you_mean(selector, known)}"
            )
        found.append("" if prefix == "ALL" else prefix)
    return tuple(found)


def _longest(prefixes: Sequence[str], code: str) -> str | None:
    return max((prefix for prefix in prefixes if code.startswith(prefix)), key=len, default=None)


def names_ours(comments: Iterable[Comment]) -> bool:
    """Whether a comment names a code of ours, so that it may be told that it suppresses nothing."""
    return any(code.upper().startswith(PREFIX) for comment in comments for code in codes_of(comment))


def apply_comments(
    path: str,
    findings: Iterable[Finding],
    comments: Sequence[Comment],
    is_on: Callable[[str], bool] = lambda code: True,
    silencing: Callable[[], Collection[tuple[int, str]]] = tuple,
) -> list[Finding]:
    """`findings` without those that a comment of the file suppresses; with an NSI901 for each code of ours in a comment that
    suppressed nothing, and an NSI903 for each comment that does not say why. Codes that are not on (`is_on`) have no findings
    that could be suppressed: they are left alone. `silencing` gives the (line, code) of comments that keep chains from being
    reported elsewhere; it is asked only where that makes a difference, because it takes time."""
    wide = [comment for comment in comments if NOQA_FILE.match(comment.text)]
    inline = [comment for comment in comments if NOQA.match(comment.text)]
    by_line = {line: comment for comment in inline for line in range(comment.first_line, comment.last_line + 1)}
    everywhere = {code: comment for comment in wide for code in codes_of(comment, NOQA_FILE)}
    of_all = next((comment for comment in wide if not codes_of(comment, NOQA_FILE)), None)
    used: set[tuple[int, str]] = set()
    hiding: set[Comment] = set()
    kept: list[Finding] = []
    for finding in findings:
        comment = by_line.get(finding.span.line)
        named = {} if comment is None else codes_of(comment, NOQA)
        fitting = [code for code in named if finding.code.startswith(code)]
        if comment is not None:
            used.update((comment.line, code) for code in fitting)
        hider = of_all or (comment if fitting or not named else None)
        hider = hider or next((comment for code, comment in everywhere.items() if finding.code.startswith(code)), None)
        if hider is None:
            kept.append(finding)
        else:
            hiding.add(hider)
    if of_all is None and is_on(_UNUSED) and not _UNUSED.startswith(tuple(everywhere)):
        unused = [finding for comment in inline for finding in _unused(path, comment, used, is_on)]
        if unused:
            used.update(silencing())
            unused = [finding for comment in inline for finding in _unused(path, comment, used, is_on)]
        kept += unused
    if is_on(_UNEXPLAINED):
        kept += [_unexplained(path, comment) for comment in (*wide, *inline) if _must_explain(comment, comment in hiding)]
    return sorted(kept, key=lambda finding: finding.sort_key)


def _unused(path: str, comment: Comment, used: set[tuple[int, str]], is_on: Callable[[str], bool]) -> Iterator[Finding]:
    """An NSI901 for each code of ours that the comment names in vain."""
    codes = codes_of(comment, NOQA)
    if comment.in_string or _UNUSED.startswith(tuple(codes)):
        return
    for code, offset in codes.items():
        ours = any(is_on(known) for known in rules.codes() if known.startswith(code.upper()))
        if not ours or not code.upper().startswith(PREFIX) or (comment.line, code) in used:
            continue
        line, column = comment.line, comment.column + offset
        yield _of_comment(
            _UNUSED, path, Span(line, column, line, column + len(code)), f"`noqa: {code}` suppresses nothing here; remove it"
        )


def _must_explain(comment: Comment, is_hiding: bool) -> bool:
    """Whether a comment lacks words: one that names a code of ours, or names none and hides something of ours."""
    if comment.in_string or comment.has_reason:
        return False
    codes = {**codes_of(comment, NOQA), **codes_of(comment, NOQA_FILE)}
    return any(code.upper().startswith(PREFIX) for code in codes) if codes else is_hiding


def _unexplained(path: str, comment: Comment) -> Finding:
    span = Span(comment.line, comment.column, comment.line, comment.column + len(comment.text.rstrip()))
    text = comment.text.strip("# ").rstrip()
    return _of_comment(_UNEXPLAINED, path, span, f"`{text}` does not say why; write it behind the codes: `# {text} -- ...`")


def _of_comment(code: str, path: str, span: Span, message: str) -> Finding:
    rule = rules.codes()[code]
    return Finding(rule.code, rule.name, None, None, path, span, function=None, callee=None, message=message)
