"""Comments that speak to linters: `# noqa`, `# flake8: noqa`, `# nosyncio: async-only`, with the lines that they are about."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from nosyncio.analysis.facts import Comment

# flake8's own expressions (flake8/defaults.py), so that a comment means the same through every front end. Only the codes after
# `flake8: noqa` are not flake8's: it leaves out the whole file whatever they are, which would hide what nobody asked to hide.
NOQA = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
NOQA_FILE = re.compile(r"\s*# flake8[:=]\s*noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)

_WORD = re.compile(r"\b(?![A-Z]+[0-9]+\b)[^\W\d_]{2,}")
_PRAGMA = re.compile(r"\s*(?:type|pragma|pylint|pyright|mypy|fmt|isort|ruff|flake8|noqa|nosec|nosemgrep|nosyncio)\b")
"""What linters, checkers and formatters are told: no reason for anything."""

_CODE = re.compile(r"[^,\s]+")
_MARK = re.compile(r"#.*\bnosyncio\b", re.IGNORECASE)
_ADDRESSED = re.compile(r"noqa|nosyncio", re.IGNORECASE)


def codes_of(comment: Comment, pattern: re.Pattern[str] = NOQA) -> dict[str, int]:
    """The codes that a suppressing comment names, with their offsets in its text; none where it means all of them."""
    match = pattern.match(comment.text)
    if match is None or match["codes"] is None:
        return {}
    return {code[0]: code.start() for code in _CODE.finditer(comment.text, *match.span("codes"))}


def linter_comments(text: str) -> list[Comment]:
    """The comments of `text` that mention `noqa` or `nosyncio`, in order. A file without the words costs one search.

    A `noqa` is found where flake8 finds it: the first of a line, or of lines that a string or a backslash joins; in a string,
    too.
    """
    if _ADDRESSED.search(text) is None:
        return []
    lines = text.split("\n")
    starts, joined = _scan(text) or _tokens(text)
    comments = [
        Comment(line, column, line, line, lines[line - 1][column - 1 :])
        for line, column in starts.items()
        if _MARK.match(lines[line - 1], column - 1)
    ]
    comments += _file_wide(lines)
    comments += _inline(lines, joined, starts)
    return sorted(comments, key=lambda comment: (comment.line, comment.column))


# Every alternative begins with another character, and no part of one can match what the part behind it does: this is searched in
# linear time, at the speed of the first characters alone where there are none.
LEXEME = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
    | (?P<string>
        \"{3}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"{3} | '{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'{3}
        | "[^"\\\n]*(?:\\.[^"\\\n]*)*" | '[^'\\\n]*(?:\\.[^'\\\n]*)*'
      )
    | (?P<joint>\\\n)
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX = re.compile(r"[a-zA-Z]{0,2}\Z")


def _scan(text: str) -> tuple[dict[int, int], list[tuple[int, int]]] | None:
    """What `_tokens` gives, in about a quarter of its time; None where a string can't be told from text: from Python 3.12 on,
    quotes may be nested in the braces of an f-string."""
    starts: dict[int, int] = {}
    joined: list[tuple[int, int]] = []
    line, counted = 1, 0
    for match in LEXEME.finditer(text):
        string = match["string"]
        if string is not None:
            if _has_open_brace(string) and _is_formatted(text, match.start()):
                return None
            if "\n" not in string:
                continue
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if match["comment"] is not None:
            starts[line] = match.start() - text.rfind("\n", 0, match.start())
            continue
        height = match[0].count("\n")
        if joined and joined[-1][1] == line:
            joined[-1] = (joined[-1][0], line + height)
        else:
            joined.append((line, line + height))
    return starts, joined


def _is_formatted(text: str, start: int) -> bool:
    """Whether the prefix of the string that starts there makes an f-string of it."""
    prefix = _PREFIX.search(text, max(start - 2, 0), start)
    return prefix is not None and bool(prefix[0].lower().strip("rbu"))


def _has_open_brace(string: str) -> bool:
    return string.count("{") != string.count("}")


def _tokens(text: str) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """The column (from 1) that the comment of a line starts at, and the stretches of several lines that flake8 takes as one."""
    starts: dict[int, int] = {}
    joined: list[tuple[int, int]] = []
    first: int | None = None
    last = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
                continue
            if token.type == tokenize.COMMENT:
                starts[token.start[0]] = token.start[1] + 1
            first = token.start[0] if first is None else min(first, token.start[0])
            last = max(last, token.end[0])
            if token.type in (tokenize.NL, tokenize.NEWLINE):
                if last > first:
                    joined.append((first, last))
                first, last = None, 0
    except (tokenize.TokenError, SyntaxError):  # the text has been parsed, so at worst the ends of some statements are missed
        pass
    return starts, joined


def _file_wide(lines: list[str]) -> Iterator[Comment]:
    for number, line in enumerate(lines, 1):
        match = NOQA_FILE.match(line)
        if match is not None:
            text = match[0].strip()
            yield Comment(number, match[0].index("#") + 1, 1, len(lines), text, has_reason=_is_reason(line[match.end() :]))


def _inline(lines: list[str], joined: list[tuple[int, int]], starts: dict[int, int]) -> Iterator[Comment]:
    inside = {number for first, last in joined for number in range(first, last + 1)}
    alone = ((number, number) for number, line in enumerate(lines, 1) if number not in inside and "#" in line)
    for first, last in (*joined, *alone):
        together = "\n".join(lines[first - 1 : last])
        match = NOQA.search(together)
        if match is not None:
            before = together[: match.start()]
            line, column = first + before.count("\n"), match.start() - before.rfind("\n")
            in_string = column < starts.get(line, column + 1)
            behind = together[match.end() :].partition("\n")[0]
            yield Comment(line, column, first, last, match[0], in_string, _is_reason(behind))


def _is_reason(behind: str) -> bool:
    """Whether what stands behind a comment's codes has words for people: behind a dash or not, or in a comment of its own."""
    return any(_WORD.search(part) for part in behind.split("#") if not _PRAGMA.match(part))
