"""Where a long note could be split (pattern C: text read)."""

from pathlib import Path

from notes_server.optimization.optimization_config import OptimizationConfig


class SplitRecommender:
    def __init__(self, root: Path, config: OptimizationConfig) -> None:
        self._root = root
        self._config = config

    async def recommend(self, note: str) -> list[str]:
        with open(self._root / note, encoding="utf-8") as file:  # expect: NSI102
            text = file.read()
        if len(text.split()) <= self._config.limit("split-above"):
            return []
        return [line.lstrip("# ") for line in text.splitlines() if line.startswith("## ")]
