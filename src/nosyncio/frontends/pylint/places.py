"""From places in a file to astroid's nodes."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from astroid import nodes

from nosyncio.analysis.facts import Place
from nosyncio.analysis.source import decode, normalized


def standard_input(module: nodes.Module) -> str | None:
    """The text of a module that is no file: pylint decodes it as UTF-8, whatever its first line says."""
    return normalized(module.file_bytes.decode()) if isinstance(module.file_bytes, bytes) else None


class Places:
    """The nodes of one module. Nothing is looked up before somebody asks: most files have no findings."""

    def __init__(self, module: nodes.Module) -> None:
        self._module = module

    def frame(self, line: int) -> nodes.Module | nodes.ClassDef | nodes.FunctionDef:
        """The innermost function or class around a line, or the module: what pylint's messages call `obj`."""
        around = [frame for frame in self._frames if frame.fromlineno <= line <= (frame.end_lineno or 0)]
        return around[-1] if around else self._module

    def call(self, place: Place) -> nodes.Call | None:
        """The call at a place. Several may begin there, but they do not end together."""
        line, column, end_line, end_column = place
        return self._calls.get((line, self._offset(line, column), end_line, self._offset(end_line, end_column)))

    def _offset(self, line: int, column: int) -> int:
        """astroid counts columns in bytes."""
        return len(self._lines[line - 1][: column - 1].encode())

    @cached_property
    def _frames(self) -> list[nodes.ClassDef | nodes.FunctionDef]:
        return list(self._module.nodes_of_class((nodes.ClassDef, nodes.FunctionDef)))

    @cached_property
    def _lines(self) -> list[str]:
        text = standard_input(self._module)
        if text is None:
            assert self._module.file is not None
            text = decode(Path(self._module.file).read_bytes())
        return text.split("\n")

    @cached_property
    def _calls(self) -> dict[tuple[int | None, int | None, int | None, int | None], nodes.Call]:
        calls = self._module.nodes_of_class(nodes.Call)
        return {(call.lineno, call.col_offset, call.end_lineno, call.end_col_offset): call for call in calls}
