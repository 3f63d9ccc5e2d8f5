"""Texts in, facts out."""

from collections.abc import Iterable
from functools import partial

from src.batch.pacing import pause_async
from src.core.container import Core

ADD_FACT = "merge (a:Thing {name: $subject}) merge (b:Thing {name: $object}) merge (a)-[:SAYS {verb: $verb}]->(b)"
ADD_INDEX = "create index things if not exists for (thing:Thing) on thing.name"

Fact = tuple[str, str, str]


class IngestionService:
    def __init__(self, core: Core) -> None:
        self.core = core

    async def prepare(self) -> None:
        await self.core.graph.query_async(ADD_INDEX)
        await self.core.graph.wait_for_index_async("things")

    async def ingest(self, facts: Iterable[Fact]) -> int:
        added = 0
        for fact in facts:
            await self.core.tracker.wait_until_stable("graph")
            await self.core.errors.run_with_retry_async("graph", partial(self._add, fact))
            added += 1
            await pause_async(rows=1)
        return added

    async def busy(self, retry_after: float | None = None) -> None:
        """The supplier of texts wants to be left alone for a while."""
        await self.core.limiter.back_off_async(retry_after)

    async def _add(self, fact: Fact) -> None:
        subject, verb, what = fact
        await self.core.graph.query_async(ADD_FACT, subject=subject, verb=verb, object=what)
