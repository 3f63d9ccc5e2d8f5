"""Where a value was made: found along attributes that are assigned to each other, without going each way round."""

from __future__ import annotations

import pytest

from nosyncio.analysis import origins
from support import check_source

SIZE = 9


def project(size: int) -> str:
    """Attributes of a class, each of which is assigned from all others."""
    names = [f"a{number}" for number in range(size)]
    writes = [f"        self.{name} = self.{other}" for name in names for other in names if other != name]
    return "\n".join(
        [
            "import time",
            "class Part:",
            "    def run(self):",
            "        pass",
            "class Loud(Part):",
            "    def run(self):",
            "        time.sleep(1)",
            "class Whole:",
            "    def __init__(self):",
            *(f"        self.{name} = Part()" for name in names),
            "    def turn(self):",
            *writes,
            "    async def main(self):",
            "        self.a0.run()",
        ]
    )


def test_attributes_that_are_assigned_to_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    followed = 0
    follow = origins._Search.follow

    def counted(*args: object) -> None:
        nonlocal followed
        followed += 1
        follow(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(origins._Search, "follow", counted)
    assert check_source(project(SIZE)) == []  # made there: no override counts
    assert followed < 3 * SIZE**3
