"""What is known about topics, in Neo4j."""

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

RELATED = "match (:Topic {name: $topic})--(other:Topic) return other.name as name limit 20"
ALL = "match (topic:Topic) return topic.name as name"


class KnowledgeGraph:
    def __init__(self, driver: neo4j.Driver) -> None:
        self.driver = driver

    def related(self, topic: str) -> list[str]:
        with self.driver.session() as session:
            return [record["name"] for record in session.run(RELATED, topic=topic)]

    def topics(self) -> list[str]:
        with self.driver.session() as session:
            return [record["name"] for record in session.run(ALL)]

    def is_up(self) -> bool:
        try:
            self.driver.verify_connectivity()
        except (DriverError, Neo4jError):
            return False
        return True
