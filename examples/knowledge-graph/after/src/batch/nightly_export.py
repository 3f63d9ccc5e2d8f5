"""Write all names to a file: python -m src.batch.nightly_export FILE"""

import sys
from pathlib import Path

import neo4j

from src.batch.pacing import pause

PAGE = "match (thing:Thing) return thing.name as name order by name skip $skip limit 1000"


def export(url: str, target: Path) -> int:
    """No coroutine is anywhere near: this may wait as it likes."""
    written = 0
    with neo4j.GraphDatabase.driver(url) as driver, target.open("w", encoding="utf-8") as file:
        while page := driver.execute_query(PAGE, skip=written).records:
            file.writelines(f"{record['name']}\n" for record in page)
            written += len(page)
            pause(rows=len(page))
    return written


if __name__ == "__main__":
    print(export("neo4j://localhost:7687", Path(sys.argv[1])), "names")
