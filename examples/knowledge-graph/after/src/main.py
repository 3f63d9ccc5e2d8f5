"""The service."""

import asyncio
import json
import os
import sys

from src.core.container import Core, make_core
from src.services.gatekeeper import Gatekeeper
from src.services.ingestion import IngestionService
from src.services.search import SearchService


async def answer(core: Core, user: str, key: str, name: str) -> str:
    search = SearchService(core)
    await search.start()
    await IngestionService(core).prepare()
    if not await Gatekeeper(core).admit(user, key):
        return "not admitted"
    return json.dumps(await search.call("about", name))


def main() -> None:
    user, name = sys.argv[1:]
    core = make_core(os.environ.get("NEO4J_URL", "neo4j://localhost:7687"), {user: os.environ["API_KEY"]})
    print(asyncio.run(answer(core, user, os.environ["API_KEY"], name)))


if __name__ == "__main__":
    main()
