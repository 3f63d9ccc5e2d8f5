"""Comments that speak to linters: `# noqa`, `# nosyncio: async-only`. Noted with the statement that they belong to."""

from __future__ import annotations

import io
import re
import tokenize

from nosyncio.analysis.facts import Comment

_ADDRESSED = re.compile(r"#.*\b(?:noqa|nosyncio)\b", re.IGNORECASE)


def linter_comments(text: str) -> list[Comment]:
    """The comments of `text` that mention `noqa` or `nosyncio`, in order. A file without the words costs one search."""
    if _ADDRESSED.search(text) is None:
        return []
    found: list[tuple[int, int, str]] = []
    ranges: list[tuple[int, int]] = []
    first: int | None = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                if _ADDRESSED.search(token.string):
                    found.append((token.start[0], token.start[1] + 1, token.string))
            elif token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
                if first is not None:
                    ranges.append((first, token.end[0]))
                first = None
            elif token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT) and first is None:
                first = token.start[0]
    except (tokenize.TokenError, IndentationError, SyntaxError):  # parsed as a whole, so at worst comments of a tail are lost
        pass
    comments: list[Comment] = []
    position = 0
    for line, column, string in found:
        while position < len(ranges) and ranges[position][1] < line:
            position += 1
        inside = position < len(ranges) and ranges[position][0] <= line
        first_line, last_line = ranges[position] if inside else (line, line)
        comments.append(Comment(line, column, first_line, last_line, string))
    return comments
