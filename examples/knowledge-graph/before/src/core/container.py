"""All of the core, in one object."""

from dataclasses import dataclass

from src.core.api_auth_manager import AuthManager
from src.core.api_rate_limiter import RateLimiter
from src.core.error_handler import ErrorHandler
from src.core.error_tracker import ErrorTracker
from src.core.neo4j_manager import Neo4jManager
from src.core.tool_factory import ToolFactory


@dataclass(frozen=True)
class Core:
    auth: AuthManager
    limiter: RateLimiter
    tracker: ErrorTracker
    errors: ErrorHandler
    graph: Neo4jManager
    tools: ToolFactory


def make_core(url: str, keys: dict[str, str]) -> Core:
    tracker = ErrorTracker()
    graph = Neo4jManager(url)
    return Core(
        auth=AuthManager(keys),
        limiter=RateLimiter(interval=0.2),
        tracker=tracker,
        errors=ErrorHandler(tracker),
        graph=graph,
        tools=ToolFactory(graph),
    )
