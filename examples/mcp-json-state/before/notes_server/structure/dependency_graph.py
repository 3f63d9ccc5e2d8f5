"""Which note links to which (pattern C: text read)."""

import re
from pathlib import Path

_LINK = re.compile(r"\[\[([^\]|#]+)")


class DependencyGraph:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._links: dict[str, set[str]] = {}

    async def rebuild(self) -> int:
        """Read all notes again and return how many links they have."""
        self._links = {}
        for path in sorted(self._root.rglob("*.md")):  # expect: NSI104
            with open(path, encoding="utf-8") as file:  # expect: NSI102
                self._links[path.stem] = set(_LINK.findall(file.read()))
        return sum(len(links) for links in self._links.values())

    def linked_from(self, note: str) -> list[str]:
        return sorted(source for source, links in self._links.items() if note in links)
