"""From places in a file to astroid's nodes."""

from __future__ import annotations

from functools import cached_property

from astroid import nodes


class Places:
    """The nodes of one module. Nothing is looked up before somebody asks: most files have no findings."""

    def __init__(self, module: nodes.Module) -> None:
        self._module = module

    def frame(self, line: int) -> nodes.Module | nodes.ClassDef | nodes.FunctionDef:
        """The innermost function or class around a line, or the module: what pylint's messages call `obj`."""
        around = [frame for frame in self._frames if frame.fromlineno <= line <= (frame.end_lineno or 0)]
        return around[-1] if around else self._module

    @cached_property
    def _frames(self) -> list[nodes.ClassDef | nodes.FunctionDef]:
        return list(self._module.nodes_of_class((nodes.ClassDef, nodes.FunctionDef)))
