"""What is known about topics, in Neo4j."""

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

RELATED = "match (:Topic {name: $topic})--(other:Topic) return other.name as name limit 20"
ALL = "match (topic:Topic) return topic.name as name"


class KnowledgeGraph:
    def __init__(self, driver: neo4j.AsyncDriver) -> None:
        self.driver = driver

    async def related(self, topic: str) -> list[str]:
        async with self.driver.session() as session:
            result = await session.run(RELATED, topic=topic)
            return [record["name"] async for record in result]

    async def topics(self) -> list[str]:
        async with self.driver.session() as session:
            result = await session.run(ALL)
            return [record["name"] async for record in result]

    async def is_up(self) -> bool:
        try:
            await self.driver.verify_connectivity()
        except (DriverError, Neo4jError):
            return False
        return True
