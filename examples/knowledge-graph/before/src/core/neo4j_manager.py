"""The graph database."""

import time
from typing import Any

import neo4j
from neo4j.exceptions import ServiceUnavailable, TransientError

INDEX_STATE = "show indexes yield name, state where name = $name return state"


class Neo4jManager:
    def __init__(self, url: str, attempts: int = 5, pause: float = 1.0) -> None:
        self._driver = neo4j.GraphDatabase.driver(url)
        self._attempts = attempts
        self._pause = pause

    def connect(self) -> None:
        """Wait for the database to come up."""
        for _ in range(self._attempts):
            try:
                return self._driver.verify_connectivity()  # expect: NSI208
            except ServiceUnavailable:
                time.sleep(self._pause)  # expect: NSI201
        raise ConnectionError("the graph database is not up")

    def query(self, text: str, **parameters: Any) -> list[dict[str, Any]]:
        for attempt in range(self._attempts):
            try:
                with self._driver.session() as session:
                    return session.run(text, parameters).data()  # expect: NSI208
            except TransientError:
                time.sleep(self._pause * 2**attempt)  # expect: NSI201
        raise ConnectionError("the graph database is busy")

    def wait_for_index(self, name: str) -> None:
        """Wait until a new index is filled: queries are slow before."""
        while self.query(INDEX_STATE, name=name) != [{"state": "ONLINE"}]:
            time.sleep(self._pause)  # expect: NSI201
