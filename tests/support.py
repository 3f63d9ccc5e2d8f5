"""What tests share: checking source that is in memory."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from nosyncio import config
from nosyncio.analysis import build, source
from nosyncio.analysis.facts import ModuleFacts
from nosyncio.checked import Checked
from nosyncio.engine import Engine
from nosyncio.model import Finding


class MemoryFiles:
    """A project whose files are strings, by path. Raises Unreadable for one that has no syntax tree."""

    def __init__(self, texts: dict[str, str], package: str = "") -> None:
        self._texts = texts
        self.package = package

    def exists(self, path: str) -> bool:
        return path in self._texts

    def is_folder(self, path: str) -> bool:
        return any(text.startswith(f"{path}/") for text in self._texts)

    def has_facts(self, path: str) -> bool:
        return self.facts(path) is not None

    def facts(self, path: str) -> ModuleFacts | None:
        text = self._texts.get(path)
        return None if text is None else build.build(source.parse(text))

    def facts_at(self, version: Hashable) -> ModuleFacts | None:
        return MemoryFiles({"": version.decode()}).facts("") if isinstance(version, bytes) else None

    def version(self, path: str) -> bytes | None:
        return self._texts[path].encode() if path in self._texts else None


def checked_files(texts: dict[str, str], **options: Any) -> list[Checked]:
    """What checking the files of a project gives, file by file. `options` are those of `[tool.nosyncio]`, with underscores."""
    table = {config.key_of(name): value for name, value in options.items()}
    return list(Engine(MemoryFiles(texts), config.from_table(table, "options")).check(texts))


def check_files(texts: dict[str, str], **options: Any) -> list[Finding]:
    """All findings in the files of a project, nothing suppressed."""
    return [finding for checked in checked_files(texts, **options) for finding in checked.findings]


def check_source(text: str, **options: Any) -> list[Finding]:
    """All findings in one module, nothing suppressed. `options` are those of `[tool.nosyncio]`, with underscores."""
    return check_files({"module.py": text}, **options)


def facts_of_text(text: str) -> ModuleFacts:
    """The facts of one module."""
    return build.build(source.parse(text))
