"""Which findings a project wants to see: selection by code, `# noqa` comments, and comments that suppress nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nosyncio import rules
from nosyncio.analysis.facts import Comment
from nosyncio.config import Config, ConfigError, compile_globs, did_you_mean
from nosyncio.model import Finding, Span
from nosyncio.rules.base import PREFIX

# flake8's own expressions (flake8/defaults.py), so that a comment means the same through every front end.
_INLINE = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FILE = re.compile(r"#\s*flake8[:=]\s*noqa(?P<codes>:\s?(?P<list>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?\s*$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,\s]+")


class Selection:
    """Which codes are on, for which files. Of two selectors that match a code, the longer one decides, as in flake8; between
    equals `ignore` wins. What is off by default wants its full code or name."""

    def __init__(self, config: Config, where: str = "configuration") -> None:
        self._select = self._prefixes((*config.select, *config.extend_select), f"{where}: select")
        self._ignore = self._prefixes(config.ignore, f"{where}: ignore")
        self._per_file = [
            (compile_globs([glob]), self._prefixes(selectors, f"{where}: per-file-ignores"))
            for glob, selectors in config.per_file_ignores.items()
        ]

    @staticmethod
    def _prefixes(selectors: Iterable[str], where: str) -> tuple[str, ...]:
        found = []
        for selector in selectors:
            named = rules.find_code(selector)
            prefix = named.code if named is not None else selector.strip().upper()
            if prefix != "ALL" and not any(code.startswith(prefix) for code in rules.codes()):
                known = [*rules.codes(), *(code.name for code in rules.codes().values())]
                raise ConfigError(f"{where}: no code or name starts with {selector!r}{did_you_mean(selector, known)}")
            found.append("" if prefix == "ALL" else prefix)
        return tuple(found)

    def includes(self, code: str, path: str) -> bool:
        """Whether findings with `code` in the file `path` are wanted."""
        selected = _longest(self._select, code)
        if selected is None or (not rules.codes()[code].default and selected != code):
            return False
        ignored = _longest(self._ignore, code)
        if ignored is not None and len(ignored) >= len(selected):
            return False
        return not any(_longest(prefixes, code) is not None and spec.match_file(path) for spec, prefixes in self._per_file)


def _longest(prefixes: Sequence[str], code: str) -> str | None:
    return max((prefix for prefix in prefixes if code.startswith(prefix)), key=len, default=None)


def apply_comments(path: str, findings: Iterable[Finding], comments: Sequence[Comment]) -> list[Finding]:
    """`findings` without those that a comment of the file suppresses, and with an NSI901 for each code of ours in a comment
    that suppressed nothing."""
    file_codes = _file_wide(comments)
    if file_codes == ():
        return []
    inline = _inline(comments)
    used: set[tuple[int, str]] = set()
    kept: list[Finding] = []
    for finding in findings:
        if any(finding.code.startswith(code) for code in file_codes or ()):
            continue
        comment = next((item for item in inline if item.first_line <= finding.span.line <= item.last_line), None)
        codes = None if comment is None else _codes(comment)
        if comment is None or (codes and not any(finding.code.startswith(code) for code in codes)):
            kept.append(finding)
            continue
        used.update((comment.line, code) for code in codes or () if finding.code.startswith(code))
    for comment in inline:
        kept.extend(
            _unused(path, comment, code) for code in _codes(comment) if _is_ours(code) and (comment.line, code) not in used
        )
    return sorted(kept, key=lambda finding: finding.sort_key)


def _file_wide(comments: Sequence[Comment]) -> tuple[str, ...] | None:
    """Codes that a `# flake8: noqa: ...` of the file names; empty for all of them; None without such a comment."""
    for comment in comments:
        match = _FILE.search(comment.text)
        if match is not None:
            return () if match["list"] is None else tuple(_split(match["list"]))
    return None


def _inline(comments: Sequence[Comment]) -> list[Comment]:
    """The comment of each statement that counts: the first, as in flake8."""
    found: dict[int, Comment] = {}
    for comment in comments:
        if _INLINE.search(comment.text) and not _FILE.search(comment.text):
            found.setdefault(comment.first_line, comment)
    return list(found.values())


def _codes(comment: Comment) -> list[str]:
    match = _INLINE.search(comment.text)
    return [] if match is None or match["codes"] is None else _split(match["codes"])


def _split(text: str) -> list[str]:
    return [code.upper() for code in _SEPARATORS.split(text) if code]


def _is_ours(code: str) -> bool:
    """Codes of ours that some analysis could give; a whole family (`NSI`, `NSI1`) and NSI9xx are left alone."""
    return code.startswith(PREFIX) and code in rules.codes() and not code.startswith(f"{PREFIX}9")


def _unused(path: str, comment: Comment, code: str) -> Finding:
    rule = rules.codes()[f"{PREFIX}901"]
    column = comment.column + max(comment.text.upper().find(code), 0)
    return Finding(
        code=rule.code,
        name=rule.name,
        kind=None,
        context=None,
        path=path,
        span=Span(comment.line, column, comment.line, column + len(code)),
        function=None,
        callee=None,
        message=f"`noqa: {code}` suppresses nothing here; remove it",
    )
