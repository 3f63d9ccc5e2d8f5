"""The outline of a long file: its text without the bodies of its classes and functions, each line where it was.

Most of a library is never asked for, and trees are what costs most of reading it. What is cut out is found by indentation,
strings of several lines left aside; that it was found rightly shows when the outline is parsed, and then each piece. Where
anything is unusual there is no outline, and the file is read whole.

Most signatures are never asked for, either. They are cut out with the body where all that runs of them, the defaults, are
literals and names: the names stay, in the place of the body, since what they mean hangs on where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from keyword import iskeyword
from typing import NamedTuple

from nosyncio.analysis.comments import LEXEME

_LEAST = 80
"""Of what is cut out, in characters. To cut out less does not pay."""

_STRING = r"""(?:"[^"\\\n]*"|'[^'\\\n]*')"""
_COMMENT = r"\#[^\n]*\n"
_PLAIN_HEADER = re.compile(
    rf""" *\w+\([^()"'#]*(?:(?:{_STRING}|{_COMMENT})[^()"'#]*)*\)\s*(?:->[^:"'#\n]*(?:{_STRING}[^:"'#\n]*)*)?:"""
)  # no alternative begins with what may stand before it: matched in linear time
_PLAIN_STRING = re.compile(rf"{_STRING}|{_COMMENT}")
_DEFAULT = re.compile(r"=([^,)]*)")
_PLAIN_DEFAULT = re.compile(r"""\s*(?:([A-Za-z_]\w*)|\d[\d_.]*|\.\.\.|"")\s*""")
_LITERALS = ("None", "True", "False")
_IN_HEADER = re.compile(r"[()\[\]{}:]|" + LEXEME.pattern, re.VERBOSE | re.DOTALL)
_REST_OF_LINE = re.compile(r"[ ]*(?:\#[^\n]*)?\n", re.VERBOSE)
_NOTHING = re.compile(r"[ ]*\.\.\.(?=[ ]*(?:\#[^\n]*)?\n)", re.VERBOSE)
"""A body that is nothing, on the header's line."""
_UNUSUAL = re.compile(r"^[ ]*\t[ \t]*[^\s\#]|\b(?:def|class)(?:\t|\\\n)|[\f\v]", re.MULTILINE)
_UNUSUAL_MARKS = ("\t", "\\\n", "\f", "\v")
"""What each of these has one of: looked for first, since that is quick."""
_TRIPLE = ('"""', "'''")
_SCOPES = ("def ", "class ", "lambda", "TypedDict", "NamedTuple")


class Cut(NamedTuple):
    """A function or class whose body was cut out. line: where that starts. text: all of it, without decorators. scopes: how many
    others may stand in it; at least as many as do. header: where that ends in the text, if the signature was cut out, too."""

    line: int
    text: str
    scopes: int
    header: int = 0


class Outline(NamedTuple):
    text: str
    cuts: dict[int, Cut]


def outline(text: str, begin: int = 0) -> Outline | None:
    """The outline of a file, and what was cut out behind `begin`, by line; None where there is nothing to cut out, or no telling
    where."""
    if any(mark in text for mark in _UNUSUAL_MARKS) and _UNUSUAL.search(text):
        return None
    parts: list[str] = []
    cuts: dict[int, Cut] = {}
    kept, line, counted = 0, 1, 0
    strings = _Strings(text)
    definitions = _Definitions(text, begin)
    for start, name, word in definitions:
        if strings.around(start) is not None:
            continue
        plain = _PLAIN_HEADER.match(text, name) if word == "def " else None
        header = plain.end() if plain is not None else _colon(text, name)
        if header is None:
            continue
        nothing = _NOTHING.match(text, header)
        if nothing is None and _REST_OF_LINE.match(text, header) is None:  # something other than a comment is behind it
            continue
        end = nothing.end() if nothing is not None else _body_end(text, header, _indentation(text, start), strings)
        names = None if plain is None else _names_in_defaults(plain[0])
        cut = header if names is None else text.index("(", name)
        if end - cut < _LEAST:
            continue
        line += text.count("\n", counted, start)
        counted = start
        body = text[header:end]
        whole = text[start:end]
        cuts[line] = Cut(line, whole, sum(map(body.count, _SCOPES)), 0 if names is None else header - start)
        left = " 0" if names is None else f"(): ({''.join(f'{word},' for word in names)})"
        parts += (text[kept:cut], left, "\n" * text.count("\n", cut, end))
        kept = definitions.position = end
    return Outline("".join((*parts, text[kept:])), cuts) if cuts else None


class _Definitions:
    """The places from `position` on where a line starts that looks like the start of a function or class, each with where the
    name stands in it, and which of the two it is."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self.position = position

    def __iter__(self) -> Iterator[tuple[int, int, str]]:
        text, end = self._text, len(self._text)
        nearest = {"def ": -1, "class ": -1}
        while True:
            for word, place in nearest.items():
                if place < self.position:
                    found = text.find(word, self.position)
                    nearest[word] = end if found < 0 else found
            place, word = min((place, word) for word, place in nearest.items())
            if place == end:
                return
            self.position = place + len(word)
            line = text.rfind("\n", 0, place) + 1
            before = text[line:place].strip()
            if not before or (before == "async" and word == "def "):
                yield line, self.position, word


def _indentation(text: str, line: int) -> int:
    end = line
    while text[end] == " ":
        end += 1
    return end - line


def _names_in_defaults(header: str) -> list[str] | None:
    """The names that are defaults in a function's header, each once; None where anything stands there of which more has to be
    known than that."""
    if "lambda" in header:
        return None
    if any(mark in header for mark in "\"'#"):
        header = _PLAIN_STRING.sub(lambda match: "" if match[0].startswith("#") else '""', header)
    names: dict[str, None] = {}
    for value in _DEFAULT.findall(header):
        default = _PLAIN_DEFAULT.fullmatch(value)
        if default is None:
            return None
        if default[1] is not None and default[1] not in _LITERALS:
            if iskeyword(default[1]):
                return None
            names[default[1]] = None
    return [*names]


def _colon(text: str, start: int) -> int | None:
    """Where a function's header ends, which goes on at `start`."""
    depth = 0
    for match in _IN_HEADER.finditer(text, start):
        token = match[0]
        if token in "([{":
            depth += 1
        elif token in ")]}":
            depth -= 1
        elif token == ":" and depth == 0:
            return match.end()
    return None


def _body_end(text: str, start: int, indentation: int, strings: _Strings) -> int:
    """Where the next statement begins that stands no deeper than a function which is indented so far: at that line's start."""
    outside = _outside(indentation)
    position = text.index("\n", start)
    while True:
        match = outside.search(text, position)
        if match is None:
            return len(text)
        line = match.start() + 1
        string = strings.around(line)
        if string is None and text[match.start() - 1] != "\\":
            return line
        position = line if string is None else string - 1


@cache
def _outside(indentation: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{0,{indentation}}}(?=[^ \t\n#)\]}}])")


class _Strings:
    """The strings of several lines, in order, as far as somebody asked."""

    def __init__(self, text: str) -> None:
        self._found = _long_strings(text)
        self._start, self._end = next(self._found, (len(text), len(text)))
        self._length = len(text)

    def around(self, position: int) -> int | None:
        """The end of the string that a place is in; None if it is in none. Places are asked for from the first to the last."""
        while self._end <= position:
            self._start, self._end = next(self._found, (self._length + 1, self._length + 1))
        return self._end if self._start < position else None


def _long_strings(text: str) -> Iterator[tuple[int, int]]:
    """Where strings in triple quotes start and end."""
    position, length = 0, len(text)
    nearest = dict.fromkeys(_TRIPLE, -1)
    while True:
        for quotes, place in nearest.items():
            if place < position:
                found = text.find(quotes, position)
                nearest[quotes] = length if found < 0 else found
        start = min(nearest.values())
        if start == length:
            return
        line = max(text.rfind("\n", 0, start) + 1, position)
        before = text[line:start]
        if "#" in before or '"' in before or "'" in before:  # perhaps it is in a comment or a string itself
            lexeme = next((match for match in LEXEME.finditer(text, line) if match.end() > start), None)
        else:
            lexeme = LEXEME.match(text, start)
        if lexeme is not None and lexeme.start() == start and lexeme.end() > start + 3:
            yield lexeme.span()
        position = start + 3 if lexeme is None else max(lexeme.end(), start + 3)
