"""Texts in, facts out."""

from collections.abc import Iterable
from functools import partial

from src.batch.pacing import pause
from src.core.container import Core

ADD_FACT = "merge (a:Thing {name: $subject}) merge (b:Thing {name: $object}) merge (a)-[:SAYS {verb: $verb}]->(b)"
ADD_INDEX = "create index things if not exists for (thing:Thing) on thing.name"

Fact = tuple[str, str, str]


class IngestionService:
    def __init__(self, core: Core) -> None:
        self.core = core

    async def prepare(self) -> None:
        self.core.graph.query(ADD_INDEX)  # expect: NSI301 NSI308
        self.core.graph.wait_for_index("things")  # expect: NSI301 NSI308

    async def ingest(self, facts: Iterable[Fact]) -> int:
        added = 0
        for fact in facts:
            await self.core.tracker.wait_until_stable("graph")
            self.core.errors.run_with_retry("graph", partial(self._add, fact))  # expect: NSI301 NSI308
            added += 1
            pause(rows=1)  # expect: NSI301
        return added

    async def busy(self, retry_after: float | None = None) -> None:
        """The supplier of texts wants to be left alone for a while."""
        self.core.limiter.back_off(retry_after)  # expect: NSI301

    def _add(self, fact: Fact) -> None:
        subject, verb, what = fact
        self.core.graph.query(ADD_FACT, subject=subject, verb=verb, object=what)
