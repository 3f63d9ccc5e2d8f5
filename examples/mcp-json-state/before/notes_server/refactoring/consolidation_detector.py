"""Paragraphs that stand in several notes (pattern C: text read)."""

from collections import defaultdict
from pathlib import Path


class ConsolidationDetector:
    def __init__(self, root: Path) -> None:
        self._root = root

    async def duplicates(self, min_length: int = 200) -> dict[str, list[str]]:
        places: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self._root.rglob("*.md")):  # expect: NSI104
            for paragraph in self._paragraphs(path):  # expect: NSI302
                if len(paragraph) >= min_length:
                    places[paragraph].append(path.stem)
        return {paragraph: notes for paragraph, notes in places.items() if len(notes) > 1}

    def _paragraphs(self, path: Path) -> list[str]:
        with open(path, encoding="utf-8") as file:
            return [paragraph.strip() for paragraph in file.read().split("\n\n")]
