"""Prices with a cache in front: no line of a coroutine names a blocking call, and yet one blocks."""

import asyncio
import json
from pathlib import Path

from service.feed import Feed


class PriceCache:
    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> float | None:
        return self._load().get(name)

    def put(self, name: str, price: float) -> None:
        self.path.write_text(json.dumps(self._load() | {name: price}))

    def _load(self) -> dict[str, float]:
        return json.loads(self.path.read_text())


class Prices:
    def __init__(self, feed: Feed, cache: PriceCache | None = None) -> None:
        self.feed = feed
        self.cache = cache or PriceCache(Path("prices.json"))

    async def price(self, name: str) -> float:
        price = self.cache.get(name)
        if price is None:
            price = await self.feed.price(name)
            await asyncio.to_thread(self.cache.put, name, price)
        return price
